// Who does something on /chat, and where.
import type { App } from '../../../core/apps/app.ts';
import type { TypingPace } from '../../../core/conversations/typing.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import type { Origin } from '../../../core/events.ts';
import { isPassenger, type PrincipalKey, passengerKey } from '../../../core/ids.ts';
import type { SendTarget } from '../../../core/messages/route.ts';
import type { Speaker, SpeakPolicy } from '../../../core/messages/speak.ts';
import type { Place } from '../wire.ts';

export type Actor = {
  readonly core: Core;
  readonly app: App;
  readonly speaker: Speaker;
  readonly origin: Origin;
  /** The session asked for extensions. */
  readonly ext: boolean;
  readonly typing: TypingPace;
  /** Sends an event to this session alone. */
  tell(name: string, argument: unknown): void;
};

/** What a callback says of a success. */
export type Success = { readonly success: true; readonly ts?: number; readonly [key: string]: unknown };

/**
 * Does what an event asks for. Resolves when its turn is over, so that the next one may begin; `done` resolves with the
 * callback's answer. Both may throw.
 */
export type Act = (actor: Actor, argument: unknown) => Promise<{ done: Promise<Success> }>;

export const speakerOf = (who: PrincipalKey): Speaker => ({ who, as: isPassenger(who) ? 'passenger' : 'user' });

/** A place as the core names it, and what speaking there demands. Throws `invalid-argument`, `forbidden`. */
export function targetOf(
  { who }: Speaker,
  { id, type }: Place,
): { target: SendTarget; friendship: SpeakPolicy['friendship'] } {
  // The mark of a passenger's key is ours: a client says so by the type.
  if (isPassenger(id))
    throw new ImError('invalid-argument', 'to.id is not an id', { purpose: 'send', what: 'to.id', why: 'syntax' });
  if (isPassenger(who)) {
    if (type !== 0 && type !== 4)
      throw new ImError('forbidden', 'a passenger talks with users only', { purpose: 'send' });
    return { target: { kind: 'direct', to: id }, friendship: 'recorded' };
  }
  switch (type) {
    case 0:
      return { target: { kind: 'direct', to: id }, friendship: 'required' };
    case 1:
      return { target: { kind: 'group', id }, friendship: 'recorded' };
    case 2:
      return { target: { kind: 'room', id }, friendship: 'recorded' };
    case 3:
      return { target: { kind: 'direct', to: passengerKey(id) }, friendship: 'recorded' };
    case 4:
      return { target: { kind: 'direct', to: id }, friendship: 'recorded' };
    default:
      return type satisfies never;
  }
}
