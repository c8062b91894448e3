// `typing` and `read`: what somebody does without saying anything.
import { announceTyping } from '../../../core/conversations/typing.ts';
import { markRead } from '../../../core/marks/read.ts';
import { sessionPolicy } from '../../../core/messages/speak.ts';
import { argumentOf, parsePlace, parseTs } from '../wire.ts';
import { type Act, targetOf } from './actor.ts';

export const typing: Act = async ({ core, app, speaker, origin, typing: pace }, argument) => {
  const { target, friendship } = targetOf(speaker, parsePlace(argumentOf(argument, 'typing').to));
  await announceTyping(core, app, speaker, target, { ...sessionPolicy, friendship }, pace, origin);
  return { done: Promise.resolve({ success: true }) };
};

export const read: Act = async ({ core, app, speaker, origin }, argument) => {
  const { to, ts } = argumentOf(argument, 'read');
  const { target } = targetOf(speaker, parsePlace(to));
  const mark = await markRead(core, app, speaker, { target, ts: parseTs(ts) }, origin);
  return { done: Promise.resolve({ success: true, ts: mark.ts }) };
};
