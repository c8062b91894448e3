// What `send` has to know before it may store: remembered until a change is announced, and for half a minute at most.
// A stale fact can let one message through just after a change made on another node; it cannot lose or reorder one.
import type { Conversation } from '../conversations/conversation.ts';
import type { Links } from '../guests/guest.ts';
import { looksLikeGuest } from '../guests/id.ts';
import { isPassenger, type PrincipalKey, pairClaim } from '../ids.ts';
import { limits } from '../limits.ts';
import { Remembered } from '../lru.ts';
import { type Frontier, openFrontier } from '../marks/frontier.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import type { Soon } from '../soon.ts';
import { conversationSubject } from '../subjects.ts';
import { openLoose } from './loose.ts';
import type { Append, Appended } from './message.ts';

/** Two principals, as far as talking goes. */
export type PairFacts = {
  readonly friends: boolean;
  /** Their direct conversation; null before there was one. */
  readonly conversation: { readonly no: number; readonly id: string } | null;
  /** Something was said by the pair's address. */
  readonly pairTalk: boolean;
  readonly strangersRecorded: boolean;
  /** Those of the two who have blocked the other. */
  readonly blockedBy: readonly PrincipalKey[];
};

/** A conversation of any kind with everybody in it; the subscribers of a service are too many to be remembered. */
export type RosterFacts = {
  readonly conversation: Conversation;
  readonly roster: ReadonlySet<PrincipalKey>;
  /** Until when, Unix milliseconds; null: until it is lifted. */
  readonly silenced: ReadonlyMap<PrincipalKey, number | null>;
  /** Whom the conversation has blocked. */
  readonly blocked: ReadonlySet<PrincipalKey>;
  /** Somebody in it is a guest. */
  readonly guests?: boolean;
  /** Where else it is shown; undefined: nowhere. */
  readonly links?: Links;
};

/** One principal, as far as speaking goes. */
export type PersonFacts = {
  readonly admin: boolean;
  readonly disabled: boolean;
  /** Number of his own app, where he is a guest here. */
  readonly home: number | null;
};

const anyone: PersonFacts = { admin: false, disabled: false, home: null };

const decimal = /^\d+$/;

export type Facts = {
  pair(app: number, a: PrincipalKey, b: PrincipalKey): Soon<PairFacts>;
  /** By the conversation's id, of any kind. undefined: there is none; that is not remembered. */
  group(app: number, id: string): Promise<RosterFacts | undefined>;
  /** undefined: nobody of that id; that is not remembered. */
  person(app: number, who: PrincipalKey): Soon<PersonFacts | undefined>;
  forgetPerson(app: number, who: PrincipalKey): void;
  forgetPair(app: number, a: PrincipalKey, b: PrincipalKey): void;
  /** By the conversation's own text id, not by an alias. */
  forgetConversation(app: number, id: string): void;
  /**
   * The place of a message that is not stored. A reference that was used a short while ago on this node returns the first
   * place. Throws `conflict` (what: reference).
   */
  loose(draft: Append): Appended;
  /** How far groups have received what was said in them. */
  readonly frontier: Frontier;
};

export function openFacts(
  store: Pick<Store, 'users' | 'passengers' | 'friends' | 'conversations' | 'blocks' | 'guests'>,
  clock: Clock,
): Facts {
  const pairs = new Remembered<PairFacts>(clock, limits.factsCached, limits.factsAgeMsMax);
  const groups = new Remembered<RosterFacts | undefined>(clock, limits.factsCached, limits.factsAgeMsMax);
  const people = new Remembered<PersonFacts | undefined>(clock, limits.factsCached, limits.factsAgeMsMax);

  return {
    pair: (app, a, b) => pairs.get(`${app}/${pairClaim(a, b)}`, () => loadPair(store, app, a, b)),
    async group(app, id) {
      // An alias (the conversation's number) is looked up each time: what is remembered has one key, so it can be forgotten.
      const own = decimal.test(id) ? (await store.conversations.open(app, id))?.id : id;
      return own === undefined ? undefined : groups.get(`${app}/${own}`, () => loadGroup(store, app, own, clock.now()));
    },
    person: (app, who) => people.get(`${app}/${who}`, () => loadPerson(store, app, who)),
    forgetPerson: (app, who) => people.forget(`${app}/${who}`),
    forgetPair: (app, a, b) => pairs.forget(`${app}/${pairClaim(a, b)}`),
    forgetConversation: (app, id) => groups.forget(`${app}/${id}`),
    loose: openLoose(clock),
    frontier: openFrontier(clock),
  };
}

async function loadPerson(
  store: Pick<Store, 'users' | 'passengers'>,
  app: number,
  who: PrincipalKey,
): Promise<PersonFacts | undefined> {
  if (isPassenger(who)) return (await store.passengers.byId(app, who.slice(1))) && anyone;
  const user = await store.users.byId(app, who);
  return user && { admin: user.admin, disabled: user.disabled, home: user.home };
}

async function loadPair(
  store: Pick<Store, 'friends' | 'conversations' | 'blocks'>,
  app: number,
  a: PrincipalKey,
  b: PrincipalKey,
): Promise<PairFacts> {
  const people = !isPassenger(a) && !isPassenger(b);
  const [friendship, stranger, conversation, byA, byB] = await Promise.all([
    people ? store.friends.between(app, a, b) : undefined,
    people ? store.friends.stranger(app, a, b) : undefined,
    store.conversations.ofPair(app, a, b),
    store.blocks.among(app, a, [b]),
    store.blocks.among(app, b, [a]),
  ]);
  return {
    friends: friendship !== undefined,
    conversation: conversation ? { no: conversation.no, id: conversation.id } : null,
    pairTalk: conversation?.pairTalk ?? false,
    strangersRecorded: stranger !== undefined,
    blockedBy: [...(byA.length > 0 ? [a] : []), ...(byB.length > 0 ? [b] : [])],
  };
}

async function loadGroup(
  store: Pick<Store, 'users' | 'conversations' | 'blocks' | 'guests'>,
  app: number,
  id: string,
  nowMs: number,
): Promise<RosterFacts | undefined> {
  const conversation = await store.conversations.open(app, id);
  if (!conversation) return undefined;
  const { no, kind } = conversation;
  const [roster, { silences }, { blocks }, links] = await Promise.all([
    kind === 'service' ? [] : store.conversations.roster(app, no),
    store.conversations.silences(app, no, { skip: 0, limit: limits.blocksPerRoomMax }, nowMs),
    store.blocks.list(app, conversationSubject(no), { skip: 0, limit: limits.blocksPerRoomMax }),
    kind === 'group' || kind === 'room' ? store.guests.links(app, no) : undefined,
  ]);
  return {
    conversation,
    roster: new Set(roster),
    silenced: new Map(silences.map(({ who, until }) => [who, until])),
    blocked: new Set(blocks.map(({ target }) => target)),
    guests: (kind === 'group' || kind === 'room') && (await anyGuest(store, app, roster)),
    links,
  };
}

async function anyGuest(
  { users }: Pick<Store, 'users'>,
  app: number,
  roster: readonly PrincipalKey[],
): Promise<boolean> {
  const named = roster.filter(looksLikeGuest);
  if (named.length === 0) return false;
  return (await users.byIds(app, named)).some((user) => user !== undefined && user.home !== null);
}
