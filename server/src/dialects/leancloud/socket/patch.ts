// `patch/modify`: a client changes what it said, or takes it back.
import { ImError } from '../../../core/errors.ts';
import { editMessage } from '../../../core/messages/edit.ts';
import type { Changed } from '../../../core/messages/message.ts';
import { midOf } from '../../../core/messages/mid.ts';
import { recallMessage } from '../../../core/messages/recall.ts';
import { standing } from '../../../core/messages/route.ts';
import { parseBinary, parseData } from '../wire.ts';
import { type Act, type Actor, need, unparseable } from './client.ts';
import { censored } from './encode.ts';
import type { PatchItem } from './frames.ts';

const patchesMax = 20;

export const patch: Act = async (actor, { patchMessage: said = {} }) => {
  const patches = said.patches ?? [];
  if (patches.length === 0 || patches.length > patchesMax) throw unparseable('one patch or a few are needed');
  let lastPatchTime = 0;
  for (const one of patches) {
    const { message, starred } = await change(actor, one);
    if (starred) actor.tell(censored(actor.app, message, need(one.cid, 'cid')));
    lastPatchTime = Math.max(lastPatchTime, message.editedTs ?? message.ts);
  }
  return { cmd: 'patch', op: 'modified', patchMessage: { lastPatchTime } };
};

async function change(actor: Actor, item: PatchItem): Promise<Changed & { readonly starred?: boolean }> {
  const { core, app, speaker, origin } = actor;
  const { settings } = app;
  const { mentionAll = false, mentionPids = [] } = item;
  const cid = need(item.cid, 'cid');
  const ts = await placeOf(actor, cid, item);
  // Whoever may speak in a room may change what he said there.
  const where = {
    target: { kind: 'conversation', id: cid } as const,
    ts,
    policy: { ...standing, roomStanding: 'none' as const },
  };
  if (item.recall) {
    if (!settings['leancloud.messageRecall'])
      throw new ImError('feature-off', 'recalling is switched off', { what: 'recall' });
    return recallMessage(core, app, speaker, where, { again: 'ok' }, origin);
  }
  if (!settings['leancloud.messageEdit']) throw new ImError('feature-off', 'editing is switched off', { what: 'edit' });
  const said = item.binaryMsg ? parseBinary(item.binaryMsg) : parseData(item.data ?? '');
  const mentions = mentionAll || mentionPids.length > 0 ? { all: mentionAll, who: mentionPids } : undefined;
  const words = settings['leancloud.censor'] ? 'star' : 'off';
  return editMessage(core, app, speaker, where, { ...said, mentions }, { words }, origin);
}

/** Id, time and conversation have to fit together. Throws `message-not-found`, `conversation-not-found`. */
async function placeOf({ core, app }: Actor, cid: string, { mid, timestamp }: PatchItem): Promise<number> {
  const conversation = (await core.facts.group(app.no, cid))?.conversation;
  if (!conversation) throw new ImError('conversation-not-found', 'there is no such conversation', { purpose: 'send' });
  const ts = need(timestamp, 'timestamp');
  const message = await core.store.messages.at(app.no, conversation.no, ts);
  if (!message || midOf(app, message) !== mid) throw new ImError('message-not-found', 'there is no such message');
  return ts;
}
