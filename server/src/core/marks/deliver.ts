// Somebody's device has received what was said. Those who said it are told once, by whoever was first to receive it; a
// frontier in memory drops what everybody else in a large group says of the same messages.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { limits } from '../limits.ts';
import { findRoute, type SendTarget, standing } from '../messages/route.ts';
import type { Speaker } from '../messages/speak.ts';
import { userTopic } from '../ports/bus.ts';

/** False: nothing new. Throws what findRoute throws. */
export async function markDelivered(
  core: Pick<Core, 'store' | 'bus' | 'facts' | 'clock'>,
  app: App,
  receiver: Speaker,
  { target, ts }: { readonly target: SendTarget; readonly ts: number },
): Promise<boolean> {
  const { conversation, place, keeps } = await findRoute(core, app, receiver, target, standing);
  if (conversation === null || !keeps) return false;
  const { frontier } = core.facts;
  const { who } = receiver;
  // Of two people each is the only one who can tell.
  const crowd = place.kind !== 'direct' && place.kind !== 'thread';
  if (crowd && frontier.known(app.no, conversation, who, ts)) return false;
  const { ts: reached, moved, first } = await core.store.marks.delivered(app.no, conversation, who, ts);
  if (crowd) frontier.moved(app.no, conversation, who, reached);
  const bySender = Map.groupBy(first.slice(-limits.deliveriesMax), ({ sender }) => sender);
  for (const [sender, messages] of bySender) {
    if (sender === null) continue;
    core.bus.publish({ type: 'delivered', app: app.no, who, place, messages, ts: core.clock.now() }, [
      userTopic(app.no, sender),
    ]);
  }
  return moved;
}
