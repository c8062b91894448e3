// `say`: what a client sends. Refused ones are answered only where the client asked for an answer: MaxLeap's wire has
// no other word for a refusal, and the connection stays.
import type { App } from '../../../core/apps/app.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { isPassenger, type PrincipalKey, passengerKey } from '../../../core/ids.ts';
import type { Message } from '../../../core/messages/message.ts';
import { type SendTarget, stageMessage } from '../../../core/messages/send.ts';
import type { SpeakPolicy } from '../../../core/messages/speak.ts';
import { parseJson } from '../../../http/json.ts';
import { parseSay, type Say } from '../wire.ts';

export type SayContext = {
  readonly core: Core;
  readonly app: App;
  readonly who: PrincipalKey;
  readonly session: string;
};

/**
 * Checks one `say` and puts it in the store's queue; `done` resolves when it is durable and announced.
 * Throws what parseSay and stageMessage throw.
 */
export async function stageSay(context: SayContext, argument: unknown): Promise<{ say: Say; done: Promise<Message> }> {
  const say = parseSay(typeof argument === 'string' ? parseJson(argument) : argument);
  const { target, friendship } = targetOf(context.who, say);
  const policy: SpeakPolicy = { friendship, standing: 'member', words: 'star' };
  const speaker = { who: context.who, as: isPassenger(context.who) ? 'passenger' : 'user' } as const;
  const { done } = await stageMessage(context.core, context.app, speaker, target, say.draft, policy, {
    session: context.session,
  });
  return { say, done };
}

function targetOf(who: PrincipalKey, { to }: Say): { target: SendTarget; friendship: SpeakPolicy['friendship'] } {
  // The mark of a passenger's key is ours: a client says so by the type.
  if (isPassenger(to.id))
    throw new ImError('invalid-argument', 'to.id is not an id', { purpose: 'send', what: 'to.id', why: 'syntax' });
  if (isPassenger(who)) {
    if (to.type !== 0 && to.type !== 4)
      throw new ImError('forbidden', 'a passenger talks with users only', { purpose: 'send' });
    return { target: { kind: 'direct', to: to.id }, friendship: 'recorded' };
  }
  switch (to.type) {
    case 0:
      return { target: { kind: 'direct', to: to.id }, friendship: 'required' };
    case 1:
      return { target: { kind: 'group', id: to.id }, friendship: 'recorded' };
    case 2:
      return { target: { kind: 'room', id: to.id }, friendship: 'recorded' };
    case 3:
      return { target: { kind: 'direct', to: passengerKey(to.id) }, friendship: 'recorded' };
    case 4:
      return { target: { kind: 'direct', to: to.id }, friendship: 'recorded' };
    default:
      return to.type satisfies never;
  }
}
