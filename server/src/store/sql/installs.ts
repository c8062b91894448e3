// Devices as pushes see them. Their binding to a user is in users.ts.
import type { Json, JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { type Device, type InstallReads, type InstallWrites, nobodyOf } from '../../core/push/install.ts';
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

type RegisteredRow = {
  id: string;
  user_id: string;
  platform: string;
  token: string | null;
  attributes: string | null;
  bound_at: number;
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

  async registered(db, app, { ids, skip, limit }) {
    const some = ids === undefined ? undefined : list(unique(ids).slice(0, limits.pageMax));
    if (ids?.length === 0) return [];
    const rows = await db.all<RegisteredRow>(
      `select id, user_id, platform, token, attributes, bound_at from installs
       where app = ? ${some ? `and id in ${some.sql}` : ''} and platform is not null order by n limit ? offset ?`,
      app,
      ...(some?.values ?? []),
      limit,
      skip,
    );
    return rows.map((row) => ({
      install: row.id,
      who: row.user_id === nobodyOf(row.id) ? null : row.user_id,
      platform: row.platform,
      token: row.token ?? '',
      attributes: row.attributes === null ? {} : (JSON.parse(row.attributes) as JsonObject),
      boundAt: row.bound_at,
    }));
  },

  async everybody(db, app, after, limit) {
    const rows = await db.all<{ who: string }>(
      `select distinct user_id as who from installs where app = ? and user_id > ? and logged_out = 0
       order by user_id limit ?`,
      app,
      after ?? '',
      limit,
    );
    return rows.map(({ who }) => who);
  },

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
  async register(tx, app, who, { install, platform, token, language, appVersion, attributes }, now) {
    await tx.run(
      'delete from installs where app = ? and token = ? and platform = ? and id <> ?',
      app,
      token,
      platform,
      install,
    );
    await userWrites.bindInstall(tx, app, who, install, now);
    await tx.run(
      `update installs set platform = ?, token = ?, language = ?, app_version = ?, attributes = coalesce(?, attributes)
       where app = ? and id = ?`,
      platform,
      token,
      language,
      appVersion,
      attributes === undefined ? null : JSON.stringify(attributes),
      app,
      install,
    );
  },

  async forget(tx, app, install, token) {
    await tx.run("delete from installs where app = ? and id = ? and coalesce(token, '') = ?", app, install, token);
  },
};
