// Users as rows, one by one and in lists.
import type { JsonObject } from '../../core/json.ts';
import type { User, UserReads } from '../../core/users/user.ts';
import { type Db, list, pieces, unique } from './db.ts';
import type { SliceReads } from './slice.ts';

export type UserRow = {
  id: string;
  attributes: string;
  profile: string;
  kind_no: number | null;
  admin: number;
  disabled: number;
  created_at: number;
  profile_at: number;
  seen_at: number;
  home: number | null;
};

export const columns = 'id, attributes, profile, kind_no, admin, disabled, created_at, profile_at, seen_at, home';

export const toUser = (row: UserRow): User => ({
  id: row.id,
  attributes: JSON.parse(row.attributes) as JsonObject,
  profile: JSON.parse(row.profile) as JsonObject,
  kindNo: row.kind_no,
  admin: row.admin === 1,
  disabled: row.disabled === 1,
  createdAt: row.created_at,
  profileAt: row.profile_at,
  seenAt: row.seen_at,
  home: row.home,
});

export async function rowsByIds(db: Db, app: number, ids: readonly string[]): Promise<Map<string, UserRow>> {
  const found = new Map<string, UserRow>();
  for (const piece of pieces(unique(ids))) {
    const some = list(piece);
    const rows = await db.all<UserRow>(
      `select ${columns} from users where app = ? and id in ${some.sql}`,
      app,
      ...some.values,
    );
    for (const row of rows) found.set(row.id, row);
  }
  return found;
}

export const byIds: SliceReads<UserReads>['byIds'] = async (db, app, ids) => {
  const rows = await rowsByIds(db, app, ids);
  return ids.map((id) => {
    const row = rows.get(id);
    return row && toUser(row);
  });
};

export const listUsers: SliceReads<UserReads>['list'] = async (db, app, { skip, limit, admin }) => {
  const where = `app = ? and home is null ${admin === undefined ? '' : admin ? 'and admin = 1' : 'and admin = 0'}`;
  const rows = await db.all<UserRow>(
    `select ${columns} from users where ${where} order by created_at, id limit ? offset ?`,
    app,
    limit,
    skip,
  );
  const count = await db.one<{ total: number }>(`select count(*) as total from users where ${where}`, app);
  return { total: count?.total ?? 0, users: rows.map(toUser) };
};
