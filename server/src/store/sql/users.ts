// Users and their installs.
import { applyAttributes, assertAttributes } from '../../core/attributes.ts';
import { ImError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import type { UserReads, UserWrites } from '../../core/users/user.ts';
import { bit, list, pieces, type Tx, unique } from './db.ts';
import { moveFacets } from './facets.ts';
import { findIds } from './search.ts';
import type { SliceReads, SliceWrites } from './slice.ts';
import { eraseUser } from './user-erase.ts';
import { byIds, columns, listUsers, rowsByIds, toUser, type UserRow } from './user-lists.ts';

export const userReads: SliceReads<UserReads> = {
  async byId(db, app, id) {
    const row = await db.one<UserRow>(`select ${columns} from users where app = ? and id = ?`, app, id);
    return row && toUser(row);
  },

  byIds,
  list: listUsers,

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
    const byId = await rowsByIds(db, app, ids);
    return ids.flatMap((id) => byId.get(id) ?? []).map(toUser);
  },

  async sentAwayAt(db, app, id) {
    const row = await db.one<{ at: number }>('select sent_away_at as at from users where app = ? and id = ?', app, id);
    return row?.at ?? 0;
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
  async register(tx, app, users, now) {
    const outcomes: ('created' | 'exists')[] = [];
    for (const { id, profile, admin, account } of users) {
      const held = account && (await tx.one('select id from accounts where app = ? and username = ?', app, id));
      if (held) {
        outcomes.push('exists');
        continue;
      }
      const rows = await tx.run(
        'insert into users (app, id, profile, admin, created_at, profile_at, seen_at) values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing',
        app,
        id,
        JSON.stringify(profile ?? {}),
        bit(admin ?? false),
        now,
        now,
        now,
      );
      if (rows > 0 && account)
        await tx.run(
          'insert into accounts (app, id, user_id, username, password, created_at, updated_at) values (?, ?, ?, ?, ?, ?, ?)',
          app,
          account.id,
          id,
          id,
          account.password,
          now,
          now,
        );
      outcomes.push(rows > 0 ? 'created' : 'exists');
    }
    return outcomes;
  },

  async setProfile(tx, app, id, change, now) {
    const row = await tx.one<{ profile: string }>('select profile from users where app = ? and id = ?', app, id);
    if (!row) throw new ImError('user-not-found', 'there is no such user');
    const after = Object.fromEntries(
      Object.entries({ ...(JSON.parse(row.profile) as JsonObject), ...change }).filter(([, value]) => value !== null),
    );
    assertAttributes(after);
    await touch(tx, app, id, 'profile = ?, profile_at = ?', JSON.stringify(after), now);
  },

  async mark(tx, app, id, { admin, disabled }) {
    const value = (mark: boolean | undefined) => (mark === undefined ? null : bit(mark));
    await touch(
      tx,
      app,
      id,
      'admin = coalesce(?, admin), disabled = coalesce(?, disabled)',
      value(admin),
      value(disabled),
    );
  },

  erase: eraseUser,

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

  async sendAway(tx, app, id, now) {
    await tx.run('update users set sent_away_at = ? where app = ? and id = ?', now, app, id);
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
