// `edit` and `recall`: what becomes of one's own message afterwards.
import { editMessage } from '../../../core/messages/edit.ts';
import type { Changed } from '../../../core/messages/message.ts';
import { recallMessage } from '../../../core/messages/recall.ts';
import { argumentOf, parsePlace, parseTs, parseWords } from '../wire.ts';
import { type Act, type Actor, type Success, targetOf } from './actor.ts';

export const edit: Act = async (actor, argument) => {
  const { to, ts, content, remark } = argumentOf(argument, 'edit');
  const { target } = targetOf(actor.speaker, parsePlace(to));
  const draft = { content: parseWords(content, remark) };
  const { core, app, speaker, origin } = actor;
  const changed = await editMessage(
    core,
    app,
    speaker,
    { target, ts: parseTs(ts) },
    draft,
    { words: app.settings['maxleap.censor'] ? 'star' : 'off' },
    origin,
  );
  return { done: Promise.resolve(placeOf(actor, changed)) };
};

export const recall: Act = async (actor, argument) => {
  const { to, ts } = argumentOf(argument, 'recall');
  const { target } = targetOf(actor.speaker, parsePlace(to));
  const { core, app, speaker, origin } = actor;
  const changed = await recallMessage(core, app, speaker, { target, ts: parseTs(ts) }, { again: 'ok' }, origin);
  return { done: Promise.resolve(placeOf(actor, changed)) };
};

const placeOf = ({ ext }: Actor, { message: { ts, editedTs }, prev, fresh }: Changed): Success => ({
  success: true,
  ts,
  editedTs,
  ...(ext && fresh ? { prev } : {}),
});
