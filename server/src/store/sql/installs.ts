// Devices as pushes see them. Their binding to a user is in users.ts.
import type { Json, JsonObject } from '../../core/json.ts';
import type { Device, InstallReads, InstallWrites } from '../../core/push/install.ts';
import { type Db, list, pieces, unique } from './db.ts';
import type { SliceReads, SliceWrites } from './slice.ts';
import { userWrites } from './users.ts';

type DeviceRow = {
  id: string;
  user_id: string;
  platform: string | null;
  token: string | null;
  language: string | null;
  /** Only where the device has no language of its own. */
  attributes: string | null;
};

const languageIn = (attributes: string | null): string | null => {
  const language: Json | undefined = attributes === null ? null : (JSON.parse(attributes) as JsonObject).language;
  return typeof language === 'string' ? language : null;
};

const toDevice = (row: DeviceRow): Device => ({
  install: row.id,
  who: row.user_id,
  platform: row.platform,
  token: row.token,
  language: row.language ?? languageIn(row.attributes),
});

async function devices(db: Db, app: number, column: 'user_id' | 'id', values: readonly string[]): Promise<Device[]> {
  const found: Device[] = [];
  for (const piece of pieces(unique(values))) {
    const some = list(piece);
    const rows = await db.all<DeviceRow>(
      `select i.id, i.user_id, i.platform, i.token, i.language, case when i.language is null then u.attributes end as attributes
       from installs i join users u on u.app = i.app and u.id = i.user_id
       where i.app = ? and i.${column} in ${some.sql} and i.logged_out = 0 and u.disabled = 0`,
      app,
      ...some.values,
    );
    for (const row of rows) found.push(toDevice(row));
  }
  return found;
}

export const installReads: SliceReads<InstallReads> = {
  of: (db, app, who) => devices(db, app, 'user_id', who),
  byIds: (db, app, installs) => devices(db, app, 'id', installs),

  async audience(db, app, conversation, after, limit) {
    const rows = await db.all<{ who: string }>(
      'select who from members where app = ? and conv = ? and who > ? and shield = 0 order by who limit ?',
      app,
      conversation,
      after ?? '',
      limit,
    );
    return rows.map(({ who }) => who);
  },
};

export const installWrites: SliceWrites<InstallWrites> = {
  async register(tx, app, who, { install, platform, token, language, appVersion }, now) {
    await tx.run(
      'delete from installs where app = ? and token = ? and platform = ? and id <> ?',
      app,
      token,
      platform,
      install,
    );
    await userWrites.bindInstall(tx, app, who, install, now);
    await tx.run(
      'update installs set platform = ?, token = ?, language = ?, app_version = ? where app = ? and id = ?',
      platform,
      token,
      language,
      appVersion,
      app,
      install,
    );
  },

  async forget(tx, app, install, token) {
    await tx.run("delete from installs where app = ? and id = ? and coalesce(token, '') = ?", app, install, token);
  },
};
