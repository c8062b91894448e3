// Making conversations. Where one of a kind may exist only (a pair's, a member set's, a service's thread with a client) a
// claim is taken in the same transaction: any number of racers get the same one.
import type {
  Claimed,
  ConversationKind,
  ConversationWrites,
  NewConversation,
} from '../../core/conversations/conversation.ts';
import { ImError } from '../../core/errors.ts';
import { hexId, pairClaim, setClaim, threadClaim, threadId } from '../../core/ids.ts';
import { living } from './conversations.ts';
import { bit, type Tx, unique } from './db.ts';
import { moveFacets, searchable, subjectOf } from './facets.ts';
import { assertMemberships, insertMember } from './members.ts';
import type { SliceWrites } from './slice.ts';

type Writes = SliceWrites<ConversationWrites>;
type Insert = Omit<NewConversation, 'kind' | 'members'> & {
  readonly kind: ConversationKind;
  readonly pairTalk?: boolean;
  readonly count: number;
};

/** The row and its head; `now`: when it was made. */
export async function insertConversation(
  tx: Tx,
  app: number,
  c: Insert,
  now: number,
): Promise<{ no: number; id: string }> {
  const no = await tx.nextNo('conversations');
  const id = c.id ?? String(no);
  await tx.run(
    `insert into conversations (app, no, id, kind, name, description, avatar, open, attributes, columns, creator, owner, member_max,
       keeps, pair_talk, unique_set, created_at, updated_at, info_at, expires_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    app,
    no,
    id,
    c.kind,
    c.name,
    c.description ?? null,
    c.avatar ?? null,
    bit(c.open ?? false),
    JSON.stringify(c.attributes),
    JSON.stringify(c.columns ?? {}),
    c.creator,
    c.owner,
    c.memberMax ?? null,
    bit(c.keeps),
    bit(c.pairTalk ?? false),
    bit(c.unique ?? false),
    now,
    now,
    now,
    c.expiresAt ?? null,
  );
  await tx.run('insert into heads (app, no, members) values (?, ?, ?)', app, no, c.count);
  return { no, id };
}

const insertClaim = (tx: Tx, app: number, claim: string, no: number) =>
  tx.run('insert into claims (app, claim, conv) values (?, ?, ?)', app, claim, no);

export async function claimed(tx: Tx, app: number, claim: string): Promise<{ no: number; id: string } | undefined> {
  return tx.one<{ no: number; id: string }>(
    'select c.no, c.id from claims k join conversations c on c.app = k.app and c.no = k.conv where k.app = ? and k.claim = ?',
    app,
    claim,
  );
}

export const create: Writes['create'] = async (tx, app, conversation, { membersMax, membershipsMax }, now) => {
  const { kind, owner } = conversation;
  const listed = unique(conversation.members);
  const everybody = owner === null || listed.includes(owner) ? listed : [owner, ...listed];
  const set = conversation.unique && (kind === 'group' || kind === 'temporary') ? setClaim(kind, everybody) : undefined;
  const known = set && (await claimed(tx, app, set));
  if (known) return { ...known, created: false };
  if (set?.startsWith('d:')) return createPair(tx, app, conversation, everybody, set, now);
  if (everybody.length > membersMax) {
    throw new ImError('full', `a ${kind} may have ${membersMax} members`, { what: 'members', kind, max: membersMax });
  }
  await assertMemberships(tx, app, everybody, kind, membershipsMax);
  if (conversation.id !== null) {
    const taken = await tx.one('select no from conversations where app = ? and id = ?', app, conversation.id);
    if (taken) throw new ImError('conflict', 'a conversation of that id exists', { what: 'id' });
  }
  const made = await insertConversation(tx, app, { ...conversation, count: everybody.length }, now);
  if (set) await insertClaim(tx, app, set, made.no);
  for (const who of everybody) {
    const role = who === owner ? 'owner' : 'member';
    const shown = who !== owner || listed.includes(who);
    await insertMember(tx, app, { conv: made.no, kind, who, role, listed: shown, since: 0 }, now);
  }
  const subject = subjectOf(kind);
  if (subject) {
    await moveFacets(tx, app, subject, made.id, {}, searchable(conversation.name, conversation.attributes));
  }
  return { ...made, created: true };
};

/** Two people's unique conversation is their direct one; nobody owns it, and nobody has talked in it by the pair's address. */
async function createPair(
  tx: Tx,
  app: number,
  conversation: NewConversation,
  pair: readonly string[],
  claim: string,
  now: number,
): Promise<Claimed> {
  const direct = { ...conversation, kind: 'direct', owner: null, memberMax: undefined, count: pair.length } as const;
  const made = await insertConversation(tx, app, direct, now);
  await insertClaim(tx, app, claim, made.no);
  for (const who of pair)
    await insertMember(tx, app, { conv: made.no, kind: 'direct', who, role: 'member', listed: true, since: 0 }, now);
  return { ...made, created: true };
}

const bare = {
  name: null,
  attributes: {},
  owner: null,
  keeps: true,
} as const;

export const claimPair: Writes['claimPair'] = async (tx, app, a, b, now) => {
  const claim = pairClaim(a, b);
  const known = await claimed(tx, app, claim);
  if (known) {
    await tx.run('update conversations set pair_talk = 1 where app = ? and no = ? and pair_talk = 0', app, known.no);
    return { ...known, created: false };
  }
  const pair = unique([a, b]);
  const made = await insertConversation(
    tx,
    app,
    { ...bare, id: hexId(24), kind: 'direct', creator: a, pairTalk: true, unique: true, count: pair.length },
    now,
  );
  await insertClaim(tx, app, claim, made.no);
  for (const who of pair)
    await insertMember(tx, app, { conv: made.no, kind: 'direct', who, role: 'member', listed: true, since: 0 }, now);
  return { ...made, created: true };
};

export const claimThread: Writes['claimThread'] = async (tx, app, service, who, now) => {
  const claim = threadClaim(service, who);
  const known = await claimed(tx, app, claim);
  if (known) return { ...known, created: false };
  const { id } = await living(tx, app, service);
  // The thread of somebody who was erased may still bear it.
  const usual = threadId(id, who);
  const taken = await tx.one('select no from conversations where app = ? and id = ?', app, usual);
  const made = await insertConversation(
    tx,
    app,
    { ...bare, id: taken ? hexId(32) : usual, kind: 'thread', creator: null, count: 1 },
    now,
  );
  await insertClaim(tx, app, claim, made.no);
  await insertMember(tx, app, { conv: made.no, kind: 'thread', who, role: 'member', listed: true, since: 0 }, now);
  return { ...made, created: true };
};
