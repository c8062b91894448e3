// Whoever comes into a conversation is often spoken to at once: before the bus knows that this node wants to hear it. So
// the node looks once more, a moment later.
import type { Core } from '../core/core.ts';
import type { ConversationCreatedEvent, MembersEvent } from '../core/events.ts';
import { conversationTopic } from '../core/ports/bus.ts';
import type { Hub } from './hub.ts';
import type { Order } from './order.ts';

const afterMs = 200;

type Parts = {
  readonly core: Pick<Core, 'store' | 'log'>;
  readonly hub: Pick<Hub, 'since'>;
  readonly order: Order;
};

export function lookAfterJoining({ core, hub, order }: Parts): {
  look(event: MembersEvent | ConversationCreatedEvent): void;
  stop(): void;
} {
  /** One look for all who come within a moment. */
  const waiting = new Map<number, NodeJS.Timeout>();

  async function read(app: number, conversation: number): Promise<void> {
    const [newest] = await core.store.messages.newest(app, [{ conversation }]);
    if (newest) order.fill(app, conversation, [conversationTopic(app, conversation)], newest.ts);
  }

  return {
    look({ app, conversation: { no } }) {
      if (waiting.has(no) || hub.since([conversationTopic(app, no)]) === undefined) return;
      const timer = setTimeout(() => {
        waiting.delete(no);
        read(app, no).catch((err: unknown) => core.log.warn({ err }, 'what was said to who came could not be read'));
      }, afterMs);
      waiting.set(no, timer.unref());
    },
    stop() {
      for (const timer of waiting.values()) clearTimeout(timer);
    },
  };
}
