// Somebody is writing: told to those who would hear the message, and kept nowhere.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { Origin } from '../events.ts';
import { limits } from '../limits.ts';
import { Recent } from '../lru.ts';
import { findRoute, type SendTarget } from '../messages/route.ts';
import type { Speaker, SpeakPolicy } from '../messages/speak.ts';
import type { Clock } from '../ports/clock.ts';

/** Of one session: how often it may tell one conversation. */
export type TypingPace = { mayTell(target: SendTarget): boolean };

export function openTypingPace(clock: Clock): TypingPace {
  const told = new Recent<true>(clock, limits.typingPlacesMax, limits.typingEveryMs);
  return {
    mayTell(target) {
      const key = target.kind === 'direct' ? `direct/${target.to}` : `${target.kind}/${target.id}`;
      if (told.get(key)) return false;
      told.set(key, true);
      return true;
    },
  };
}

/** What comes too soon after the last is not passed on, without an error. Throws what findRoute throws. */
export async function announceTyping(
  core: Pick<Core, 'bus' | 'facts' | 'clock'>,
  app: App,
  speaker: Speaker,
  target: SendTarget,
  policy: SpeakPolicy,
  pace: TypingPace,
  origin?: Origin,
): Promise<void> {
  const { place, topics, pair } = await findRoute(core, app, speaker, target, policy);
  if (!pace.mayTell(target)) return;
  const betweenFriends = pair?.friends ?? false;
  core.bus.publish({ type: 'typing', app: app.no, who: speaker.who, place, betweenFriends, origin }, topics);
}
