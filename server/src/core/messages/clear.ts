// Ways to be rid of history: for everybody, or only from one reader's eyes.
import type { App } from '../apps/app.ts';
import type { ConversationRef } from '../conversations/conversation.ts';
import type { Core } from '../core.ts';
import type { PrincipalKey } from '../ids.ts';
import { limits } from '../limits.ts';
import type { Message } from './message.ts';

/** Takes away everything said so far, for all. What is said meanwhile stays. */
export async function clearMessages(
  core: Pick<Core, 'store'>,
  app: App,
  { no, lastTs }: ConversationRef,
): Promise<void> {
  for (;;) {
    const { done } = await core.store.messages.clear(app.no, no, lastTs, limits.eraseSliceRows);
    if (done) return;
  }
}

/** Hides everything up to `upTo` (absent: everything so far) from one reader. What is still to come is never hidden. */
export async function hideMessages(
  core: Pick<Core, 'store'>,
  app: App,
  { no, lastTs }: ConversationRef,
  who: PrincipalKey,
  upTo = lastTs,
): Promise<void> {
  await core.store.messages.hide(app.no, no, who, Math.min(upTo, lastTs));
}

/** Hides one message from one reader, in every door's history of his. Throws `message-not-found`. */
export async function hideMessage(
  { store }: Pick<Core, 'store'>,
  app: App,
  { conversation, ts }: Pick<Message, 'conversation' | 'ts'>,
  who: PrincipalKey,
): Promise<void> {
  await store.messages.hideOne(app.no, conversation, who, ts);
}
