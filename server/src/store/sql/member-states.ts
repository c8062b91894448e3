// What a member is beside being in: his role, his shield against delivery, and whether he may speak.
import type { ConversationWrites } from '../../core/conversations/conversation.ts';
import type { Member } from '../../core/conversations/member.ts';
import { ImError } from '../../core/errors.ts';
import { living } from './conversations.ts';
import { bit, list, pieces, type Tx, unique } from './db.ts';
import { among } from './member-lists.ts';
import type { SliceWrites } from './slice.ts';

type Writes = SliceWrites<ConversationWrites>;

const stranger = (kind: string) =>
  new ImError('not-a-member', 'not a member of this conversation', { purpose: 'change', kind });

/** Throws `not-a-member` unless all of `who` are in. */
async function allIn(tx: Tx, app: number, no: number, who: readonly string[], kind: string): Promise<Member[]> {
  const members = await among(tx, app, no, who);
  if (members.length < who.length) throw stranger(kind);
  return members;
}

export const setRole: Writes['setRole'] = async (tx, app, no, who, role) => {
  const { kind } = await living(tx, app, no);
  const members = await allIn(tx, app, no, unique(who), kind);
  if (members.some((member) => member.role === 'owner'))
    throw new ImError('owner-stays', 'an owner keeps his role', { kind });
  const changed = members.filter((member) => member.role !== role).map((member) => member.who);
  for (const one of changed)
    await tx.run('update members set role = ? where app = ? and conv = ? and who = ?', role, app, no, one);
  return changed;
};

export const setShields: Writes['setShields'] = async (tx, app, who, { add, remove, strict }) => {
  for (const [nos, shield] of [
    [unique(add), true],
    [unique(remove), false],
  ] as const) {
    for (const no of nos) {
      const { kind } = await living(tx, app, no);
      const [member] = await allIn(tx, app, no, [who], kind);
      if (strict && member?.shield === shield)
        throw new ImError(shield ? 'already' : 'absent', shield ? 'shielded already' : 'not shielded', {
          what: 'shield',
          kind,
        });
      await tx.run('update members set shield = ? where app = ? and conv = ? and who = ?', bit(shield), app, no, who);
    }
  }
};

export const silence: Writes['silence'] = async (tx, app, no, who, { until, sticky, by, membersOnly, max }, now) => {
  const { kind } = await living(tx, app, no);
  const people = unique(who);
  if (membersOnly) await allIn(tx, app, no, people, kind);
  for (const one of people) {
    await tx.run(
      `insert into silences (app, conv, who, until, sticky, by_key, since) values (?, ?, ?, ?, ?, ?, ?)
       on conflict (app, conv, who) do update set sticky = excluded.sticky, by_key = excluded.by_key,
         until = case when silences.until is null then null else excluded.until end`,
      app,
      no,
      one,
      until,
      bit(sticky),
      by,
      now,
    );
  }
  await tx.run('delete from silences where app = ? and conv = ? and until <= ?', app, no, now);
  const row = await tx.one<{ count: number }>(
    'select count(*) as count from silences where app = ? and conv = ?',
    app,
    no,
  );
  if ((row?.count ?? 0) > max)
    throw new ImError('full', `no more than ${max} people can be silenced here`, { what: 'silences', kind, max });
};

export const unsilence: Writes['unsilence'] = async (tx, app, no, who, now, timed) => {
  await living(tx, app, no);
  const which = timed === undefined ? '' : timed ? 'and until is not null' : 'and until is null';
  const lifted: string[] = [];
  for (const piece of pieces(unique(who))) {
    const some = list(piece);
    const rows = await tx.all<{ who: string; until: number | null }>(
      `delete from silences where app = ? and conv = ? and who in ${some.sql} ${which} returning who, until`,
      app,
      no,
      ...some.values,
    );
    for (const row of rows) if (row.until === null || row.until > now) lifted.push(row.who);
  }
  return lifted;
};
