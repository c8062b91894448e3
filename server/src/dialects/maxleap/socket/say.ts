// `say`: what a client sends. Refused ones are answered only where the client asked for an answer: MaxLeap's wire has
// no other word for a refusal, and the connection stays.
import { type Sent, stageMessage } from '../../../core/messages/send.ts';
import { sessionPolicy } from '../../../core/messages/speak.ts';
import { parseSay, type Say } from '../wire.ts';
import { type Act, type Actor, type Success, targetOf } from './actor.ts';

/** The turn is over when the message is in the store's queue; it is done when it is durable and announced. */
export const say: Act = async (actor, argument) => {
  const said = parseSay(argument);
  const { target, friendship } = targetOf(actor.speaker, said.to);
  const { core, app, speaker, origin } = actor;
  const words = app.settings['maxleap.censor'] ? 'star' : 'off';
  const policy = { ...sessionPolicy, friendship, obey: { ...sessionPolicy.obey, words } } as const;
  const { done } = await stageMessage(core, app, speaker, target, said.draft, policy, origin);
  return { done: done.then((sent) => acknowledge(actor, said, sent)) };
};

function acknowledge({ ext, tell }: Actor, { ack }: Say, { message: { ts }, prev, fresh }: Sent): Success {
  if (ack !== undefined) tell('ack', { ack, ts });
  // Where the speaker's own message stands: his session hears no `message` of it. A retry's first place is long past.
  return { success: true, ts, ...(ext && fresh ? { prev } : {}) };
}
