// Conversations of another messenger, with their own ids and times. One that is there is changed by a newer row only.

import { setClaim } from '../../core/ids.ts';
import type { RestoredConversation } from '../../core/imports/import.ts';
import type { JsonObject } from '../../core/json.ts';
import { conversationSubject } from '../../core/subjects.ts';
import { insertConversation } from './conversation-create.ts';
import { type ConversationRow, select } from './conversation-row.ts';
import { list, pieces, type Tx, unique } from './db.ts';
import { moveFacets, searchable, subjectOf } from './facets.ts';
import { insertMember } from './members.ts';
import { ensurePeople, nothing, type Outcome, placesOf } from './restore-slice.ts';

type Row = RestoredConversation;
const dayMs = 86_400_000;

export async function restoreConversations(tx: Tx, app: number, rows: readonly Row[]): Promise<Outcome> {
  const outcome = nothing();
  await ensurePeople(
    tx,
    app,
    rows.flatMap((row) => [...row.members, ...row.quiet, ...(row.creator === null ? [] : [row.creator])]),
  );
  const places = await placesOf(
    tx,
    app,
    rows.map(({ id }) => id),
  );
  for (const row of rows) {
    const place = places.get(row.id);
    if (!place) {
      const made = await make(tx, app, row);
      places.set(row.id, made);
      outcome.made += 1;
    } else if (place.deleted === 1)
      outcome.losses.push({ what: 'conversation', id: row.id, reason: 'was deleted here' });
    else if (await change(tx, app, place.no, row)) outcome.changed += 1;
    else outcome.same += 1;
  }
  return outcome;
}

/** A pair's is direct; of any other set and of rooms the kind is their own. */
const kindOf = (row: Row) => (row.unique && row.kind === 'group' && setOf(row)?.startsWith('d:') ? 'direct' : row.kind);
const setOf = (row: Row): string | undefined =>
  row.unique && row.kind === 'group' && row.members.length > 0 ? setClaim('group', row.members) : undefined;

/** When it was last talked in; what lies more than a day ahead would drag its clock along. */
const lastTsOf = (tx: Tx, { lastTs }: Row): number => (lastTs > tx.now + dayMs ? 0 : lastTs);

async function make(tx: Tx, app: number, row: Row) {
  const kind = kindOf(row);
  const ts = lastTsOf(tx, row);
  const owner = kind === 'direct' ? null : (row.owner ?? null);
  const { no } = await insertConversation(
    tx,
    app,
    { ...row, kind, owner, keeps: true, count: row.members.length },
    row.createdAt,
  );
  await tx.run(
    'update conversations set updated_at = ?, info_at = ? where app = ? and no = ?',
    row.updatedAt,
    row.updatedAt,
    app,
    no,
  );
  await tx.run('update heads set ts = ?, last_ts = ? where app = ? and no = ?', ts, ts, app, no);
  for (const who of unique(row.members)) {
    const role = who === owner ? 'owner' : 'member';
    await insertMember(tx, app, { conv: no, kind, who, role, listed: true, since: ts }, row.createdAt);
  }
  await claim(tx, app, no, row, ts);
  const subject = subjectOf(kind);
  if (subject) await moveFacets(tx, app, subject, row.id, {}, searchable(row.name, row.attributes));
  await setQuiet(tx, app, no, row, []);
  return { no, id: row.id, kind, deleted: 0 };
}

/** Of two with the same members the one that was talked in last is found by them. */
async function claim(tx: Tx, app: number, no: number, row: Row, ts: number): Promise<void> {
  const set = setOf(row);
  if (set === undefined) return;
  await tx.run(
    `insert into claims (app, claim, conv) values (?, ?, ?) on conflict (app, claim) do update set conv = excluded.conv
     where (select h.last_ts from heads h where h.app = claims.app and h.no = claims.conv) < ?`,
    app,
    set,
    no,
    ts,
  );
}

async function change(tx: Tx, app: number, no: number, row: Row): Promise<boolean> {
  const old = await tx.one<ConversationRow>(`${select} where c.app = ? and c.no = ?`, app, no);
  if (!old || old.updated_at >= row.updatedAt) return false;
  const kind = kindOf(row);
  const ts = lastTsOf(tx, row);
  await tx.run(
    `update conversations set kind = ?, name = ?, attributes = ?, columns = ?, creator = ?, unique_set = ?, created_at = ?,
       updated_at = ?, info_at = ? where app = ? and no = ?`,
    kind,
    row.name,
    JSON.stringify(row.attributes),
    JSON.stringify(row.columns),
    row.creator,
    row.unique ? 1 : 0,
    row.createdAt,
    row.updatedAt,
    row.updatedAt,
    app,
    no,
  );
  if (kind !== 'service' && kind !== 'room') await setMembers(tx, app, no, row, kind, old);
  await tx.run('update heads set prev_ts = ts, ts = ? where app = ? and no = ? and ts < ?', ts, app, no, ts);
  await tx.run('update heads set last_ts = ? where app = ? and no = ? and last_ts < ?', ts, app, no, ts);
  await tx.run('delete from claims where app = ? and conv = ?', app, no);
  await claim(tx, app, no, row, ts);
  const before = searchable(old.name, JSON.parse(old.attributes) as JsonObject);
  const after = searchable(row.name, row.attributes);
  const [was, is] = [subjectOf(old.kind), subjectOf(kind)];
  if (was && was !== is) await moveFacets(tx, app, was, row.id, before, {});
  if (is) await moveFacets(tx, app, is, row.id, was === is ? before : {}, after);
  await setQuiet(tx, app, no, row, await quietNow(tx, app, no));
  return true;
}

async function setMembers(tx: Tx, app: number, no: number, row: Row, kind: 'group' | 'direct', old: ConversationRow) {
  const there = await tx.all<{ who: string }>('select who from members where app = ? and conv = ?', app, no);
  const wanted = new Set(row.members);
  const gone = there.flatMap(({ who }) => (wanted.has(who) ? [] : [who]));
  for (const piece of pieces(gone)) {
    const some = list(piece);
    for (const table of ['members', 'cards'])
      await tx.run(`delete from ${table} where app = ? and conv = ? and who in ${some.sql}`, app, no, ...some.values);
  }
  const here = new Set(there.map(({ who }) => who));
  const head = await tx.one<{ ts: number }>('select ts from heads where app = ? and no = ?', app, no);
  for (const who of wanted)
    if (!here.has(who))
      await insertMember(
        tx,
        app,
        { conv: no, kind, who, role: 'member', listed: true, since: head?.ts ?? 0 },
        row.updatedAt,
      );
  if (kind !== old.kind) await tx.run('update members set kind = ? where app = ? and conv = ?', kind, app, no);
  await tx.run('update heads set members = ? where app = ? and no = ?', wanted.size, app, no);
}

const quietNow = async (tx: Tx, app: number, no: number): Promise<string[]> =>
  (
    await tx.all<{ who: string }>('select who from quiets where app = ? and target = ?', app, conversationSubject(no))
  ).map(({ who }) => who);

async function setQuiet(tx: Tx, app: number, no: number, row: Row, before: readonly string[]): Promise<void> {
  const target = conversationSubject(no);
  const wanted = new Set(row.quiet);
  for (const who of before)
    if (!wanted.has(who)) await tx.run('delete from quiets where app = ? and who = ? and target = ?', app, who, target);
  for (const who of wanted)
    await tx.run(
      'insert into quiets (app, who, target, since) values (?, ?, ?, ?) on conflict do nothing',
      app,
      who,
      target,
      row.updatedAt,
    );
}
