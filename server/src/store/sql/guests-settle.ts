// Twins are brought into line with their home: people, owner, facts.
import type { MemberOutcome } from '../../core/conversations/member.ts';
import type { Linked, Settled } from '../../core/guests/guest.ts';
import { isPassenger } from '../../core/ids.ts';
import { change } from './conversation-change.ts';
import { create } from './conversation-create.ts';
import type { ConversationRow } from './conversation-row.ts';
import { rowByNo } from './conversations.ts';
import { list, pieces, type Tx } from './db.ts';
import { eraseConversation } from './erase.ts';
import { rootOf, welcome } from './guests-rows.ts';
import { roster } from './member-lists.ts';
import { changeMembers } from './members.ts';

/** Somebody at home: a user of the home app, or of another one. */
type Person = { readonly who: string; readonly name: string; readonly app: number };
type AppRow = { no: number; id: string };
type Root = { home: number; home_conv: number };

const unbound = { membersMax: Number.MAX_SAFE_INTEGER, membershipsMax: Number.MAX_SAFE_INTEGER };

export async function settle(
  tx: Tx,
  app: number,
  no: number,
  granted: readonly number[],
  now: number,
): Promise<Settled[]> {
  const root = await rootOf(tx, app, no);
  // Writing the head first takes its lock on every engine.
  await tx.run('update heads set ts = ts where app = ? and no = ?', root.home, root.home_conv);
  const row = await rowByNo(tx, root.home, root.home_conv);
  const twins = await tx.all<{ app: number; conv: number }>(
    `select t.app, t.conv from twins t join conversations c on c.app = t.app and c.no = t.conv
     where t.home = ? and t.home_conv = ? and c.deleted_at is null`,
    root.home,
    root.home_conv,
  );
  if (!row) return eraseTwins(tx, twins, now);
  if (row.kind !== 'group' && row.kind !== 'room') return [];
  const people = await peopleIn(tx, root);
  const concerned = new Set([...twins.map((twin) => twin.app), ...people.map((one) => one.app)]);
  concerned.delete(root.home);
  const apps = new Map(
    (await tx.all<AppRow>('select no, id from apps where deleted_at is null')).map((a) => [a.no, a]),
  );
  const settled: Settled[] = [];
  for (const number of concerned) {
    const there = apps.get(number);
    const twin = twins.find((one) => one.app === number)?.conv;
    const shown = granted.includes(number) && people.some((one) => one.app === number);
    if (!there || (twin === undefined && !shown)) continue;
    settled.push(...(await settleOne(tx, { root, row, people: shown ? people : [], apps }, there, twin, now)));
  }
  return settled;
}

type Home = { root: Root; row: ConversationRow; people: readonly Person[]; apps: ReadonlyMap<number, AppRow> };

async function settleOne(
  tx: Tx,
  { root, row, people, apps }: Home,
  there: AppRow,
  known: number | undefined,
  now: number,
): Promise<Settled[]> {
  const nameOf = ({ name, app }: Person) => (app === there.no ? name : `${name}@${apps.get(app)?.id ?? ''}`);
  const names = people.map(nameOf);
  const before = new Set(known === undefined ? [] : await roster(tx, there.no, known));
  const foreign = people.filter((one) => one.app !== there.no).map((one) => ({ id: nameOf(one), home: one.app }));
  // Who is in it already is known there.
  await welcome(
    tx,
    there.no,
    foreign.filter(({ id }) => !before.has(id)),
    now,
  );
  const master = people.find(({ who }) => who === row.owner);
  const owner = master ? nameOf(master) : null;
  const { name, description, avatar } = row;
  if (known === undefined) {
    const facts = { name, keeps: row.keeps === 1, open: false, attributes: {}, creator: null } as const;
    const more = { ...(description === null ? {} : { description }), ...(avatar === null ? {} : { avatar }) };
    const draft = { ...facts, ...more, id: null, kind: row.kind as 'group' | 'room', owner, members: names };
    const { no, id } = await create(tx, there.no, draft, unbound, now);
    await tx.run(
      'insert into twins (app, conv, home, home_conv, settled) values (?, ?, ?, ?, ?)',
      there.no,
      no,
      root.home,
      root.home_conv,
      row.info_at,
    );
    const twin: Linked = { app: there.no, appId: there.id, no, id, kind: row.kind };
    return [{ twin, created: names, renamed: false }];
  }
  const outcome = await movePeople(tx, there.no, known, before, names, owner, now);
  const shown = await rowByNo(tx, there.no, known);
  if (!shown) return [];
  const renamed =
    names.length > 0 && (shown.name !== name || shown.description !== description || shown.avatar !== avatar);
  if (renamed) await change(tx, there.no, known, { name, description, avatar }, now);
  await tx.run('update twins set settled = ? where app = ? and conv = ?', row.info_at, there.no, known);
  const twin: Linked = { app: there.no, appId: there.id, no: known, id: shown.id, kind: shown.kind };
  return outcome.ts > 0 || renamed ? [{ twin, outcome, renamed }] : [];
}

async function movePeople(
  tx: Tx,
  app: number,
  no: number,
  before: ReadonlySet<string>,
  names: readonly string[],
  owner: string | null,
  now: number,
): Promise<MemberOutcome> {
  const wanted = new Set(names);
  const add = names.filter((who) => !before.has(who));
  const remove = [...before].filter((who) => !wanted.has(who));
  const rule = { ownerLeaves: 'vacant', whenEmpty: 'keep' } as const;
  const moved = await changeMembers(tx, app, no, { add, remove, rule }, unbound, now);
  if (owner === null || owner === moved.owner) return moved;
  const given = await changeMembers(tx, app, no, { owner, rule }, unbound, now);
  return { ...moved, owner, ownerChanged: true, ts: given.ts, prev: moved.ts === 0 ? given.prev : moved.prev };
}

async function peopleIn(tx: Tx, { home, home_conv }: Root): Promise<Person[]> {
  const all = (await roster(tx, home, home_conv)).filter((who) => !isPassenger(who));
  const homes = new Map<string, number>();
  for (const piece of pieces(all.filter((who) => who.includes('@')))) {
    const some = list(piece);
    const rows = await tx.all<{ id: string; home: number }>(
      `select id, home from users where app = ? and id in ${some.sql} and home is not null`,
      home,
      ...some.values,
    );
    for (const row of rows) homes.set(row.id, row.home);
  }
  return all.map((who) => {
    const app = homes.get(who);
    return app === undefined ? { who, name: who, app: home } : { who, name: who.slice(0, who.lastIndexOf('@')), app };
  });
}

async function eraseTwins(tx: Tx, twins: readonly { app: number; conv: number }[], now: number): Promise<Settled[]> {
  const settled: Settled[] = [];
  for (const { app, conv } of twins) {
    const row = await rowByNo(tx, app, conv);
    const of = await tx.one<{ id: string }>('select id from apps where no = ?', app);
    if (!row || !of) continue;
    const removed = await eraseConversation(tx, app, conv, now);
    const gone = { added: [], removed, owner: null, ownerChanged: false, refused: [], becameGroup: false } as const;
    const twin: Linked = { app, appId: of.id, no: conv, id: row.id, kind: row.kind };
    settled.push({ twin, outcome: { ...gone, deleted: true, ts: now, prev: row.last_ts }, renamed: false });
  }
  return settled;
}
