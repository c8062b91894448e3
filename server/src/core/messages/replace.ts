import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { Draft, Message } from './message.ts';

/** Other words in a message's place in history; nobody is told. Throws `message-not-found`, `already-recalled`. */
export async function replaceMessage(
  { store }: Pick<Core, 'store'>,
  app: App,
  { conversation, ts, mentions }: Pick<Message, 'conversation' | 'ts' | 'mentions'>,
  { content, original }: Pick<Draft, 'content' | 'original'>,
): Promise<void> {
  await store.messages.edit(app.no, conversation, ts, { by: null, content, original, mentions });
}
