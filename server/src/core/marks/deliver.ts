// Somebody's device has received what was said. Where a receipt was asked for, who said it is told. In a large group two
// receivers are enough, and a frontier in memory drops what everybody else says of the same messages.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { limits } from '../limits.ts';
import type { MessagePlace } from '../messages/place.ts';
import { findRoute, type SendTarget, standing } from '../messages/route.ts';
import type { Speaker } from '../messages/speak.ts';
import { userTopic } from '../ports/bus.ts';

/** False: nothing new. `exact`: his own mark is wanted, however large the group. Throws what findRoute throws. */
export async function markDelivered(
  core: Pick<Core, 'store' | 'bus' | 'facts' | 'clock'>,
  app: App,
  receiver: Speaker,
  { target, ts, exact = false }: { readonly target: SendTarget; readonly ts: number; readonly exact?: boolean },
): Promise<boolean> {
  const { conversation, place, keeps } = await findRoute(core, app, receiver, target, standing);
  if (conversation === null || !keeps) return false;
  const { frontier } = core.facts;
  const { who } = receiver;
  // Of few people each can tell something; of the subscribers of a service nobody knows how many there are.
  const crowd = place.kind !== 'direct' && place.kind !== 'thread' && !(await isSmall(core, app, place));
  if (crowd && !exact && frontier.known(app.no, conversation, who, ts)) return false;
  const { ts: reached, moved, asked } = await core.store.marks.delivered(app.no, conversation, who, ts);
  if (crowd) frontier.moved(app.no, conversation, who, reached);
  const bySender = Map.groupBy(asked, ({ sender }) => sender);
  for (const [sender, messages] of bySender) {
    if (sender === null) continue;
    core.bus.publish({ type: 'delivered', app: app.no, who, place, messages, ts: core.clock.now() }, [
      userTopic(app.no, sender),
    ]);
  }
  return moved;
}

async function isSmall({ facts }: Pick<Core, 'facts'>, app: App, { kind, id }: MessagePlace): Promise<boolean> {
  if (kind === 'service' || id === null) return false;
  return ((await facts.group(app.no, id))?.roster.size ?? 0) <= limits.receiptPeopleMax;
}
