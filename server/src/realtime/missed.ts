// What was announced in a stretch of a conversation, as the store has it: what was said, edited, taken back, and who came
// and went.
import type { Core } from '../core/core.ts';
import type { CoreEvent, MessageChangedEvent, MessageEvent } from '../core/events.ts';
import type { Message } from '../core/messages/message.ts';
import type { Stretch } from '../core/tails/tail.ts';
import type { Whereabouts } from './places.ts';

/** Of one stretch; what is older than that is left to who reads the history. */
export const missedMax = 500;

export type Missed = { readonly event: CoreEvent; readonly at: number };

/**
 * In the order of their places. Left out is what the announcement alone knew: the session that said it, the reference it
 * gave, and that it was meant for some of the hearers only.
 */
export async function readMissed(
  { store }: Pick<Core, 'store'>,
  app: number,
  conversation: number,
  where: Whereabouts,
  { after, upTo }: Stretch,
): Promise<Missed[]> {
  const { messages, tails } = store;
  const [said, changed, noticed] = await Promise.all([
    messages.page(app, conversation, { after, before: { ts: upTo, closed: true } }, missedMax),
    messages.changes(app, conversation, { after }, missedMax, { recalled: true }),
    tails.noticedIn(app, conversation, { after, upTo }, missedMax),
  ]);
  const missed = [
    ...said.map((message) => ({ event: saidEvent(app, message, where), at: message.ts })),
    ...changed.flatMap((message) => {
      const at = message.editedTs ?? 0;
      return at <= upTo ? [{ event: changedEvent(app, message, where), at }] : [];
    }),
    ...noticed.flatMap((event) => ('ts' in event ? [{ event, at: event.ts }] : [])),
  ];
  return missed.sort((a, b) => a.at - b.at);
}

const saidEvent = (app: number, message: Message, where: Whereabouts): MessageEvent => ({
  type: 'message',
  app,
  message,
  place: where.place(message),
  prev: 0,
  echo: 'others',
});

const changedEvent = (app: number, message: Message, where: Whereabouts): MessageChangedEvent => ({
  type: message.content.type === 'recalled' ? 'message-recalled' : 'message-edited',
  app,
  message,
  place: where.place(message),
  prev: 0,
});
