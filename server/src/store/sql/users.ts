// Users and their installs.
import { applyAttributes } from '../../core/attributes.ts';
import { ImError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import type { User, UserReads, UserWrites } from '../../core/users/user.ts';
import { list, pieces, type Tx, unique } from './db.ts';
import { moveFacets } from './facets.ts';
import { findIds } from './search.ts';
import type { SliceReads, SliceWrites } from './slice.ts';

type UserRow = {
  id: string;
  attributes: string;
  profile: string;
  kind_no: number | null;
  admin: number;
  disabled: number;
  created_at: number;
  profile_at: number;
  seen_at: number;
};

const columns = 'id, attributes, profile, kind_no, admin, disabled, created_at, profile_at, seen_at';

const toUser = (row: UserRow): User => ({
  id: row.id,
  attributes: JSON.parse(row.attributes) as JsonObject,
  profile: JSON.parse(row.profile) as JsonObject,
  kindNo: row.kind_no,
  admin: row.admin === 1,
  disabled: row.disabled === 1,
  createdAt: row.created_at,
  profileAt: row.profile_at,
  seenAt: row.seen_at,
});

export const userReads: SliceReads<UserReads> = {
  async byId(db, app, id) {
    const row = await db.one<UserRow>(`select ${columns} from users where app = ? and id = ?`, app, id);
    return row && toUser(row);
  },

  async existing(db, app, ids) {
    const found: string[] = [];
    for (const piece of pieces(unique(ids))) {
      const some = list(piece);
      const rows = await db.all<{ id: string }>(
        `select id from users where app = ? and id in ${some.sql}`,
        app,
        ...some.values,
      );
      for (const row of rows) found.push(row.id);
    }
    return found;
  },

  async find(db, app, search) {
    const ids = await findIds(db, app, 'user', search);
    if (ids.length === 0) return [];
    const some = list(ids);
    const rows = await db.all<UserRow>(
      `select ${columns} from users where app = ? and id in ${some.sql}`,
      app,
      ...some.values,
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.flatMap((id) => byId.get(id) ?? []).map(toUser);
  },

  async installs(db, app, id) {
    const rows = await db.all<{ id: string }>(
      'select id from installs where app = ? and user_id = ? order by n',
      app,
      id,
    );
    return rows.map((row) => row.id);
  },
};

const create = 'insert into users (app, id, created_at, profile_at, seen_at) values (?, ?, ?, ?, ?)';

/** Every write of a user's own names him; one that nobody ever used is an error. */
async function touch(
  tx: Tx,
  app: number,
  id: string,
  set: string,
  ...values: (string | number | null)[]
): Promise<void> {
  const rows = await tx.run(`update users set ${set} where app = ? and id = ?`, ...values, app, id);
  if (rows === 0) throw new ImError('user-not-found', 'there is no such user');
}

async function bind(tx: Tx, app: number, user: string, install: string, now: number): Promise<void> {
  const n = await tx.nextNo('order');
  await tx.run(
    `insert into installs (app, id, user_id, bound_at, n) values (?, ?, ?, ?, ?)
     on conflict (app, id) do update set user_id = excluded.user_id, bound_at = excluded.bound_at, n = excluded.n, logged_out = 0`,
    app,
    install,
    user,
    now,
    n,
  );
  await tx.run(
    'delete from installs where app = ? and user_id = ? and n <= (select n from installs where app = ? and user_id = ? order by n desc limit 1 offset ?)',
    app,
    user,
    app,
    user,
    limits.installsPerUserMax,
  );
}

export const userWrites: SliceWrites<UserWrites> = {
  async ensure(tx, app, ids, now) {
    const created: string[] = [];
    for (const id of unique(ids)) {
      if ((await tx.run(`${create} on conflict do nothing`, app, id, now, now, now)) > 0) created.push(id);
    }
    return created;
  },

  async login(tx, app, id, now, install) {
    await tx.run(`${create} on conflict (app, id) do update set seen_at = excluded.seen_at`, app, id, now, now, now);
    if (install) await bind(tx, app, id, install, now);
  },

  async setAttributes(tx, app, id, change, now) {
    const row = await tx.one<{ attributes: string }>('select attributes from users where app = ? and id = ?', app, id);
    if (!row) throw new ImError('user-not-found', 'there is no such user');
    const before = JSON.parse(row.attributes) as JsonObject;
    const after = applyAttributes(before, change);
    await moveFacets(tx, app, 'user', id, before, after);
    await touch(tx, app, id, 'attributes = ?, seen_at = ?', JSON.stringify(after), now);
  },

  async setKindNo(tx, app, id, kindNo, now) {
    await touch(tx, app, id, 'kind_no = ?, seen_at = ?', kindNo, now);
  },

  async bindInstall(tx, app, id, install, now) {
    await bind(tx, app, id, install, now);
  },

  async unbindInstalls(tx, app, id, installs) {
    for (const piece of pieces(unique(installs))) {
      const some = list(piece);
      await tx.run(`delete from installs where app = ? and user_id = ? and id in ${some.sql}`, app, id, ...some.values);
    }
  },
};
