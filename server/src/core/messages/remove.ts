import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { Message } from './message.ts';

/** Takes one message away for all; nobody is told. Throws `message-not-found`, `conversation-not-found`. */
export async function removeMessage(
  { store }: Pick<Core, 'store'>,
  app: App,
  { conversation, ts, sub }: Pick<Message, 'conversation' | 'ts' | 'sub'>,
): Promise<void> {
  await store.messages.remove(app.no, conversation, ts, sub);
}
