// The one permission function of speaking: pure, fed with facts, the same order of checks for every door.
import { ImError } from '../errors.ts';
import { isPassenger, type PrincipalKey } from '../ids.ts';
import type { PairFacts, RosterFacts } from './facts.ts';
import type { SenderKind } from './message.ts';

export type Speaker = { readonly who: PrincipalKey; readonly as: SenderKind };

/** What a door demands before somebody may speak. A door is a set of these values, not a second function. */
export type SpeakPolicy = {
  /** Direct talk between users: only among friends, or recorded as stranger talk when they are none. */
  readonly friendship: 'required' | 'recorded';
  /** Groups and rooms: only their members, or anybody. */
  readonly standing: 'member' | 'none';
  /** What a hit in the app's list of sensitive words does to a text. */
  readonly words: 'star' | 'off';
};

/** Throws what stands against it; the target exists. */
export function assertMaySpeakToPair(speaker: Speaker, to: PrincipalKey, pair: PairFacts, policy: SpeakPolicy): void {
  if (to === speaker.who)
    throw new ImError('invalid-argument', 'nobody can talk to himself', { purpose: 'send', what: 'to' });
  const people = !isPassenger(speaker.who) && !isPassenger(to);
  if (isPassenger(speaker.who) && isPassenger(to))
    throw new ImError('forbidden', 'passengers talk with users only', { purpose: 'send' });
  if (people && policy.friendship === 'required' && !pair.friends) {
    throw new ImError('not-friends', 'only friends can talk with each other', { purpose: 'send' });
  }
}

/** Throws what stands against it. */
export function assertMaySpeakIn(speaker: Speaker, facts: RosterFacts, policy: SpeakPolicy): void {
  if (policy.standing === 'member' && !facts.roster.has(speaker.who)) {
    throw new ImError('not-a-member', `only members may speak in a ${facts.conversation.kind}`, {
      purpose: 'send',
      kind: facts.conversation.kind,
    });
  }
}
