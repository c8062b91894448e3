// The one permission function of speaking: pure, fed with facts, the same order of checks for every door.
import { ImError } from '../errors.ts';
import { isPassenger, type PrincipalKey } from '../ids.ts';
import type { PairFacts, PersonFacts, RosterFacts } from './facts.ts';
import type { SenderKind } from './message.ts';

/** `address`: from where, for an application's own hooks. */
export type Speaker = { readonly who: PrincipalKey; readonly as: SenderKind; readonly address?: string };

/** What a door demands before somebody may speak. A door is a set of these values, not a second function. */
export type SpeakPolicy = {
  /**
   * `session`: logged in, so he exists. `ensure`: made on first use. `exists`: has to exist. `admin`: has to bear the mark.
   * `app`: the application itself. `guest`: a user of another app, where it was said; nobody else speaks as one.
   */
  readonly sender: 'session' | 'ensure' | 'exists' | 'admin' | 'app' | 'guest';
  /** Of direct talk: made on first use, or has to exist. */
  readonly target: 'ensure' | 'exists';
  /** Groups and temporary conversations: only their members, or anybody. */
  readonly groupStanding: 'member' | 'none';
  readonly roomStanding: 'member' | 'none';
  /** Direct talk between users: only among friends, or recorded as stranger talk when they are none. */
  readonly friendship: 'required' | 'recorded';
  /** Facts that bind; words: what a hit in the app's list of sensitive words does to a text. */
  readonly obey: {
    readonly silence: boolean;
    readonly blocks: boolean;
    readonly disabled: boolean;
    readonly words: 'star' | 'refuse' | 'off';
  };
  /** Which of the speaker's own sessions hear it: those but the one that spoke, all, none. */
  readonly echoToSender: 'others' | 'all' | 'none';
};

/** Somebody who logged in and speaks for himself, as most doors have it; a door says what differs. */
export const sessionPolicy: SpeakPolicy = {
  sender: 'session',
  target: 'exists',
  groupStanding: 'member',
  roomStanding: 'member',
  friendship: 'recorded',
  obey: { silence: true, blocks: true, disabled: true, words: 'off' },
  echoToSender: 'others',
};

/** What has to be known; `person` undefined: nobody of that id (or nobody asked). */
export type SpeakFacts = {
  readonly speaker: Speaker;
  readonly person: PersonFacts | undefined;
  readonly nowMs: number;
} & (
  | { readonly kind: 'pair'; readonly to: PrincipalKey; readonly pair: PairFacts }
  | { readonly kind: 'gathering'; readonly gathering: RosterFacts }
);

/** Throws what stands against it; the target exists. Kind, sender's state, standing, blocks, silence, friendship, in this order. */
export function assertMaySpeak(facts: SpeakFacts, policy: SpeakPolicy): void {
  if (facts.kind === 'pair') assertPair(facts.speaker, facts.to);
  assertSender(facts, policy);
  if (facts.kind === 'pair') {
    assertPairAllows(facts.speaker, facts.to, facts.pair, policy);
  } else {
    assertStanding(facts.speaker, facts.gathering, policy);
    assertNotSilenced(facts.speaker, facts.gathering, policy, facts.nowMs);
  }
}

function assertPair(speaker: Speaker, to: PrincipalKey): void {
  if (to === speaker.who)
    throw new ImError('invalid-argument', 'nobody can talk to himself', { purpose: 'send', what: 'to' });
  if (isPassenger(speaker.who) && isPassenger(to))
    throw new ImError('forbidden', 'passengers talk with users only', { purpose: 'send' });
}

function assertSender({ speaker, person }: SpeakFacts, { sender, obey }: SpeakPolicy): void {
  if (person === undefined && (sender === 'exists' || sender === 'admin'))
    throw new ImError('user-not-found', 'there is no such sender', { purpose: 'send', what: 'sender' });
  if (sender !== 'guest' && person && person.home !== null)
    throw new ImError('forbidden', 'a guest speaks in his own app', { purpose: 'send', what: 'sender' });
  if (sender === 'admin' && !person?.admin)
    throw new ImError('forbidden', `${speaker.who} is no admin`, { purpose: 'send', what: 'sender' });
  if (obey.disabled && person?.disabled) throw new ImError('disabled', 'this user is disabled', { purpose: 'send' });
}

function assertPairAllows(
  speaker: Speaker,
  to: PrincipalKey,
  pair: PairFacts,
  { obey, friendship }: SpeakPolicy,
): void {
  if (obey.blocks && pair.blockedBy.includes(to))
    throw new ImError('blocked', 'the receiver does not want to hear from this sender', {
      purpose: 'send',
      by: 'user',
    });
  const people = !isPassenger(speaker.who) && !isPassenger(to);
  if (people && friendship === 'required' && !pair.friends)
    throw new ImError('not-friends', 'only friends can talk with each other', { purpose: 'send' });
}

function assertStanding(
  speaker: Speaker,
  { conversation: { kind }, roster, blocked }: RosterFacts,
  policy: SpeakPolicy,
): void {
  const standing = kind === 'room' ? policy.roomStanding : policy.groupStanding;
  if (kind === 'service' && standing === 'member')
    throw new ImError('wrong-kind', 'what is said to a service goes upstream', {
      purpose: 'send',
      kind,
      needs: 'upstream',
    });
  if (standing === 'member' && !roster.has(speaker.who))
    throw new ImError('not-a-member', `only members may speak in a ${kind}`, { purpose: 'send', kind });
  if (policy.obey.blocks && blocked.has(speaker.who))
    throw new ImError('blocked', `this ${kind} has blocked the sender`, { purpose: 'send', kind, by: 'conversation' });
}

function assertNotSilenced(
  { who }: Speaker,
  { conversation: { kind }, silenced }: RosterFacts,
  { obey }: SpeakPolicy,
  nowMs: number,
): void {
  if (!obey.silence || !silenced.has(who)) return;
  const until = silenced.get(who) ?? null;
  if (until !== null && until <= nowMs) return;
  throw new ImError('silenced', `the sender may not speak in this ${kind}`, {
    purpose: 'send',
    kind,
    ...(until === null ? {} : { until }),
  });
}
