// Reading member lists, and who may not speak.
import type { ConversationReads } from '../../core/conversations/conversation.ts';
import type { Member, MemberRole } from '../../core/conversations/member.ts';
import { limits } from '../../core/limits.ts';
import { type Bind, type Db, list, pieces } from './db.ts';
import type { SliceReads } from './slice.ts';

type Reads = SliceReads<ConversationReads>;
type MemberRow = {
  conv: number;
  who: string;
  role: MemberRole;
  listed: number;
  shield: number;
  joined_at: number;
  since: number;
};

const columns = 'conv, who, role, listed, shield, joined_at, since';

const toMember = (row: MemberRow): Member => ({
  who: row.who,
  role: row.role,
  listed: row.listed === 1,
  joinedAt: row.joined_at,
  since: row.since,
  shield: row.shield === 1,
});

/** Everybody in these conversations, by number, in the order of joining. */
export async function membersByNo(db: Db, app: number, nos: readonly number[]): Promise<Map<number, Member[]>> {
  const members = new Map<number, Member[]>(nos.map((no) => [no, []]));
  for (const piece of pieces(nos)) {
    const some = list(piece);
    const rows = await db.all<MemberRow>(
      `select ${columns} from members where app = ? and conv in ${some.sql} order by conv, n`,
      app,
      ...some.values,
    );
    for (const row of rows) members.get(row.conv)?.push(toMember(row));
  }
  return members;
}

export const membersOf: Reads['membersOf'] = async (db, app, nos) =>
  [...(await membersByNo(db, app, nos))].map(([no, members]) => ({ no, members }));

export const roster: Reads['roster'] = async (db, app, no) => {
  const rows = await db.all<{ who: string }>('select who from members where app = ? and conv = ? order by n', app, no);
  return rows.map((row) => row.who);
};

export const members: Reads['members'] = async (db, app, no, { after, skip = 0, limit, roles, newestFirst }) => {
  const [order, beyond] = newestFirst ? ['desc', '<'] : ['asc', '>'];
  const role = roles ? `and role in (${roles.map(() => '?').join(', ')})` : '';
  const where = `app = ? and conv = ? and listed = 1 ${role}`;
  const values: Bind[] = [app, no, ...(roles ?? [])];
  const from =
    after === undefined ? '' : `and n ${beyond} (select n from members where app = ? and conv = ? and who = ?)`;
  const rows = await db.all<MemberRow>(
    `select ${columns} from members where ${where} ${from} order by n ${order} limit ? offset ?`,
    ...values,
    ...(after === undefined ? [] : [app, no, after]),
    Math.min(limit, limits.queryScanMax),
    skip,
  );
  const count = await db.one<{ total: number }>(`select count(*) as total from members where ${where}`, ...values);
  return { total: count?.total ?? 0, members: rows.map(toMember) };
};

export const among: Reads['among'] = async (db, app, no, who) => {
  const found: Member[] = [];
  for (const piece of pieces(who)) {
    const some = list(piece);
    const rows = await db.all<MemberRow>(
      `select ${columns} from members where app = ? and conv = ? and who in ${some.sql}`,
      app,
      no,
      ...some.values,
    );
    found.push(...rows.map(toMember));
  }
  return found;
};

export const silences: Reads['silences'] = async (db, app, no, { skip, limit, timed }, now) => {
  const which = timed === undefined ? '' : timed ? 'and until is not null' : 'and until is null';
  const where = `app = ? and conv = ? and (until is null or until > ?) ${which}`;
  const rows = await db.all<{ who: string; until: number | null; by_key: string | null; since: number }>(
    `select who, until, by_key, since from silences where ${where} order by since, who limit ? offset ?`,
    app,
    no,
    now,
    limit,
    skip,
  );
  const count =
    skip === 0 && rows.length < limit
      ? rows.length
      : (await db.one<{ total: number }>(`select count(*) as total from silences where ${where}`, app, no, now))?.total;
  return {
    total: count ?? 0,
    silences: rows.map(({ who, until, by_key, since }) => ({ who, until, by: by_key, since })),
  };
};
