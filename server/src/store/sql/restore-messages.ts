// Messages of another messenger at their own places: with their own ids and times, counted as read, announced to nobody.

import { threadClaim } from '../../core/ids.ts';
import type { RestoredMessage, RestoreRule } from '../../core/imports/import.ts';
import { limits } from '../../core/limits.ts';
import { claimThread } from './conversation-create.ts';
import { list, padded, pieces, type Tx, unique } from './db.ts';
import { insertMember } from './members.ts';
import { senderColumn } from './message-row.ts';
import { ensurePeople, nothing, type Outcome, type Place, placesOf } from './restore-slice.ts';

const dayMs = 86_400_000;

/** A message and the number of its conversation. */
type Placed = { readonly row: RestoredMessage; readonly conv: number };
type Known = { conv: number; foreign_id: string; no: number; kind: string; content: string; original: string | null };
type Tie = { conv: number; ts: number; next: number };

export async function restoreMessages(
  tx: Tx,
  app: number,
  rows: readonly RestoredMessage[],
  rule: RestoreRule,
  source: string,
): Promise<Outcome> {
  const outcome = nothing();
  const lose = (row: RestoredMessage, reason: string, detail?: string) =>
    outcome.losses.push({ what: 'message', id: lossId(row), reason, ...(detail === undefined ? {} : { detail }) });
  const placed = await placesFor(tx, app, rows, rule, lose);
  const known = await knownAmong(tx, app, placed);
  const fresh: Placed[] = [];
  const moved = new Map<number, Move>();
  for (const one of placed) {
    const there = known.get(keyOf(one.conv, one.row.foreignId));
    if (there === undefined) {
      known.set(keyOf(one.conv, one.row.foreignId), 'new');
      fresh.push(one);
    } else if (there === 'new' || isSame(there, one.row)) outcome.same += 1;
    else if (rule.overwrite) {
      await overwrite(tx, app, there, one, moved);
      outcome.changed += 1;
    } else lose(one.row, 'is there with other content', `${there.no}`);
  }
  const made = await insertAll(tx, app, fresh, lose, moved);
  await ensurePeople(
    tx,
    app,
    made.flatMap(({ row }) => row.sender ?? []),
  );
  await moveHeads(tx, app, moved);
  await forgetLosses(tx, app, source, made);
  outcome.made += made.length;
  return outcome;
}

const lossId = ({ to, foreignId }: RestoredMessage): string => `${to}/${foreignId}`;
const keyOf = (conv: number, foreignId: string): string => `${conv}/${foreignId}`;

type Lose = (row: RestoredMessage, reason: string, detail?: string) => void;

async function placesFor(
  tx: Tx,
  app: number,
  rows: readonly RestoredMessage[],
  rule: RestoreRule,
  lose: Lose,
): Promise<Placed[]> {
  const places = await placesOf(
    tx,
    app,
    rows.map(({ to }) => to),
  );
  const threads = new Map<string, number>();
  const placed: Placed[] = [];
  for (const row of rows) {
    let place = places.get(row.to);
    if (!place && rule.createMissing) place = await makeShell(tx, app, row, rows, places);
    if (!place) lose(row, 'its conversation is not there');
    else if (place.deleted === 1) lose(row, 'its conversation was deleted here');
    else if (row.ts > tx.now + dayMs) lose(row, 'is dated more than a day ahead', new Date(row.ts).toISOString());
    else if (row.client === undefined) placed.push({ row, conv: place.no });
    else if (place.kind !== 'service') lose(row, 'is for one client of what is no service');
    else {
      const claim = threadClaim(place.no, row.client);
      const conv = threads.get(claim) ?? (await threadOf(tx, app, place.no, row.client));
      threads.set(claim, conv);
      placed.push({ row, conv });
    }
  }
  return placed;
}

async function threadOf(tx: Tx, app: number, service: number, client: string): Promise<number> {
  await ensurePeople(tx, app, [client]);
  return (await claimThread(tx, app, service, client, tx.now)).no;
}

/** A group of those who speak in it, as far as this slice tells; later slices add theirs. */
async function makeShell(
  tx: Tx,
  app: number,
  { to }: RestoredMessage,
  rows: readonly RestoredMessage[],
  places: Map<string, Place>,
): Promise<Place> {
  const no = await tx.nextNo('conversations');
  await tx.run(
    `insert into conversations (app, no, id, kind, columns, created_at, updated_at, info_at) values (?, ?, ?, 'group', ?, 1, 1, 1)`,
    app,
    no,
    to,
    JSON.stringify({ imported: true }),
  );
  const who = unique(rows.flatMap((row) => (row.to === to && row.sender !== null ? [row.sender] : [])));
  await ensurePeople(tx, app, who);
  await tx.run('insert into heads (app, no, members) values (?, ?, ?)', app, no, who.length);
  for (const one of who)
    await insertMember(tx, app, { conv: no, kind: 'group', who: one, role: 'member', listed: true, since: 0 }, tx.now);
  const place = { no, id: to, kind: 'group', deleted: 0 };
  places.set(to, place);
  return place;
}

async function knownAmong(tx: Tx, app: number, placed: readonly Placed[]): Promise<Map<string, Known | 'new'>> {
  const known = new Map<string, Known | 'new'>();
  for (const piece of pieces(placed)) {
    const asked = padded(piece);
    const rows = await tx.all<Known>(
      `with asked (conv, foreign_id) as (values ${asked.map(() => '(cast(? as bigint), cast(? as text))').join(', ')})
       select m.conv, m.foreign_id, m.no, m.kind, m.content, m.original from (select distinct conv, foreign_id from asked) q
       join messages m on m.app = ? and m.conv = q.conv and m.foreign_id = q.foreign_id and m.foreign_id is not null`,
      ...asked.flatMap(({ conv, row }) => [conv, row.foreignId]),
      app,
    );
    for (const row of rows) known.set(keyOf(row.conv, row.foreign_id), row);
  }
  return known;
}

const originalOf = ({ original }: RestoredMessage): string | null => (original ? JSON.stringify(original) : null);

/** What was taken away here stays away. */
const isSame = (there: Known, row: RestoredMessage): boolean =>
  there.kind === 'removed' ||
  (there.content === JSON.stringify(row.content) && (there.original ?? null) === originalOf(row));

/** The newest `ts` of what was said, and of what was changed, by conversation. */
type Move = { said: number; any: number };

function move(moved: Map<number, Move>, conv: number, said: number, any: number): void {
  const before = moved.get(conv) ?? { said: 0, any: 0 };
  moved.set(conv, { said: Math.max(before.said, said), any: Math.max(before.any, any, said) });
}

/** Takes a place of its own in the order, so that who is online here learns of it when he comes back. */
async function overwrite(tx: Tx, app: number, there: Known, { row, conv }: Placed, moved: Map<number, Move>) {
  const head = await tx.one<{ ts: number }>('select ts from heads where app = ? and no = ?', app, conv);
  const editedTs = Math.max(tx.now, (head?.ts ?? 0) + 1, (moved.get(conv)?.any ?? 0) + 1);
  await tx.run(
    'update messages set kind = ?, content = ?, original = ?, mentions = ?, edited_ts = ? where no = ?',
    row.content.type,
    JSON.stringify(row.content),
    originalOf(row),
    row.mentions ? JSON.stringify(row.mentions) : null,
    editedTs,
    there.no,
  );
  move(moved, conv, 0, editedTs);
}

async function insertAll(
  tx: Tx,
  app: number,
  fresh: readonly Placed[],
  lose: Lose,
  moved: Map<number, Move>,
): Promise<Placed[]> {
  const next = await tiesOf(tx, app, fresh);
  const made: Placed[] = [];
  for (const one of fresh) {
    const { row, conv } = one;
    const place = keyOf(conv, String(row.ts));
    const sub = next.get(place) ?? 0;
    if (sub >= limits.tieMax) {
      lose(row, `is beyond the ${limits.tieMax} of one millisecond`);
      continue;
    }
    next.set(place, sub + 1);
    await insert(tx, app, one, sub);
    move(moved, conv, row.ts, row.editedTs ?? 0);
    made.push(one);
  }
  return made;
}

async function insert(tx: Tx, app: number, { row, conv }: Placed, sub: number): Promise<void> {
  await tx.run(
    `insert into messages (no, app, conv, ts, sub, sender, sender_kind, kind, content, original, flags, mentions, edited_ts,
       delivered_at, foreign_id) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?)`,
    await tx.nextNo('messages'),
    app,
    conv,
    row.ts,
    sub,
    senderColumn(row.sender),
    row.sender === null ? 'app' : 'user',
    row.content.type,
    JSON.stringify(row.content),
    originalOf(row),
    row.mentions ? JSON.stringify(row.mentions) : null,
    row.editedTs ?? null,
    row.deliveredAt ?? null,
    row.foreignId,
  );
}

/** The next free place of each millisecond that has something already. */
async function tiesOf(tx: Tx, app: number, fresh: readonly Placed[]): Promise<Map<string, number>> {
  const next = new Map<string, number>();
  for (const piece of pieces(fresh)) {
    const asked = padded(piece);
    const rows = await tx.all<Tie>(
      `with asked (conv, ts) as (values ${asked.map(() => '(cast(? as bigint), cast(? as bigint))').join(', ')})
       select m.conv, m.ts, max(m.sub) + 1 as next from (select distinct conv, ts from asked) q
       join messages m on m.app = ? and m.conv = q.conv and m.ts = q.ts group by m.conv, m.ts`,
      ...asked.flatMap(({ conv, row }) => [conv, row.ts]),
      app,
    );
    for (const row of rows) next.set(keyOf(row.conv, String(row.ts)), Number(row.next));
  }
  return next;
}

/** In the order of their numbers, as everybody takes heads. Members have read what was said before it came here. */
async function moveHeads(tx: Tx, app: number, moved: ReadonlyMap<number, Move>): Promise<void> {
  for (const [conv, { said, any }] of [...moved].sort(([a], [b]) => a - b)) {
    await tx.run('update heads set prev_ts = ts, ts = ? where app = ? and no = ? and ts < ?', any, app, conv, any);
    const newer = await tx.run(
      'update heads set last_ts = ? where app = ? and no = ? and last_ts < ?',
      said,
      app,
      conv,
      said,
    );
    await tx.run('update members set since = ? where app = ? and conv = ? and since < ?', said, app, conv, said);
    if (newer > 0)
      await tx.run('update marks set read_ts = ? where app = ? and conv = ? and read_ts < ?', said, app, conv, said);
  }
}

/** What was missing once and is here now is missing no more. */
async function forgetLosses(tx: Tx, app: number, source: string, made: readonly Placed[]): Promise<void> {
  for (const piece of pieces(made)) {
    const some = list(piece.map(({ row }) => lossId(row)));
    await tx.run(
      `delete from losses where app = ? and source = ? and what = 'message' and id in ${some.sql}`,
      app,
      source,
      ...some.values,
    );
  }
}
