// What `send` has to know before it may store: remembered until a change is announced, and for half a minute at most.
// A stale fact can let one message through just after a change made on another node; it cannot lose or reorder one.
import type { Conversation } from '../conversations/conversation.ts';
import { isPassenger, type PrincipalKey, pairClaim } from '../ids.ts';
import { limits } from '../limits.ts';
import { Remembered } from '../lru.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import { openLoose } from './loose.ts';
import type { Append, Appended } from './message.ts';

/** Two principals, as far as talking goes. */
export type PairFacts = {
  readonly friends: boolean;
  /** Number of their direct conversation; null before their first message. */
  readonly conversation: number | null;
  readonly strangersRecorded: boolean;
};

/** A group or room with everybody in it. */
export type RosterFacts = { readonly conversation: Conversation; readonly roster: ReadonlySet<PrincipalKey> };

const decimal = /^\d+$/;

export type Facts = {
  pair(app: number, a: PrincipalKey, b: PrincipalKey): Promise<PairFacts>;
  /** By the conversation's id. undefined: there is none; that is not remembered. */
  group(app: number, id: string): Promise<RosterFacts | undefined>;
  /** Whether a principal exists. Only existence is remembered: nobody is remembered as missing. */
  exists(app: number, who: PrincipalKey): Promise<boolean>;
  forgetPair(app: number, a: PrincipalKey, b: PrincipalKey): void;
  /** By the conversation's own text id, not by an alias. */
  forgetConversation(app: number, id: string): void;
  /**
   * The place of a message that is not stored. A reference that was used a short while ago on this node returns the first
   * place. Throws `conflict` (what: reference).
   */
  loose(draft: Append): Appended;
};

export function openFacts(
  store: Pick<Store, 'users' | 'passengers' | 'friends' | 'conversations'>,
  clock: Clock,
): Facts {
  const pairs = new Remembered<PairFacts>(clock, limits.factsCached, limits.factsAgeMsMax);
  const groups = new Remembered<RosterFacts | undefined>(clock, limits.factsCached, limits.factsAgeMsMax);
  const principals = new Remembered<true>(clock, limits.factsCached, limits.factsAgeMsMax);

  return {
    pair: (app, a, b) => pairs.get(`${app}/${pairClaim(a, b)}`, () => loadPair(store, app, a, b)),
    async group(app, id) {
      // An alias (the conversation's number) is looked up each time: what is remembered has one key, so it can be forgotten.
      const own = decimal.test(id) ? (await store.conversations.open(app, id))?.id : id;
      return own === undefined ? undefined : groups.get(`${app}/${own}`, () => loadGroup(store, app, own));
    },
    async exists(app, who) {
      const key = `${app}/${who}`;
      if (principals.peek(key)) return true;
      const found = isPassenger(who)
        ? await store.passengers.byId(app, who.slice(1))
        : await store.users.byId(app, who);
      if (found) await principals.get(key, async () => true);
      return found !== undefined;
    },
    forgetPair: (app, a, b) => pairs.forget(`${app}/${pairClaim(a, b)}`),
    forgetConversation: (app, id) => groups.forget(`${app}/${id}`),
    loose: openLoose(clock),
  };
}

async function loadPair(
  store: Pick<Store, 'friends' | 'conversations'>,
  app: number,
  a: PrincipalKey,
  b: PrincipalKey,
): Promise<PairFacts> {
  const people = !isPassenger(a) && !isPassenger(b);
  const [friendship, stranger, conversation] = await Promise.all([
    people ? store.friends.between(app, a, b) : undefined,
    people ? store.friends.stranger(app, a, b) : undefined,
    store.conversations.ofPair(app, a, b),
  ]);
  return {
    friends: friendship !== undefined,
    conversation: conversation?.no ?? null,
    strangersRecorded: stranger !== undefined,
  };
}

async function loadGroup(
  store: Pick<Store, 'conversations'>,
  app: number,
  id: string,
): Promise<RosterFacts | undefined> {
  const conversation = await store.conversations.open(app, id);
  if (!conversation) return undefined;
  return { conversation, roster: new Set(await store.conversations.roster(app, conversation.no)) };
}
