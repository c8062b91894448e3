// Somebody has read a conversation up to a message. Those who talk with him are told, and his own other sessions.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import type { Origin } from '../events.ts';
import { findRoute, type SendTarget, standing } from '../messages/route.ts';
import type { Speaker } from '../messages/speak.ts';
import type { ReadMark } from './mark.ts';

/**
 * Answers where the mark is now; 0 for two who never talked. Throws what findRoute throws, and `wrong-kind` where nothing
 * is kept to be read.
 */
export async function markRead(
  core: Pick<Core, 'store' | 'bus' | 'facts' | 'clock'>,
  app: App,
  reader: Speaker,
  { target, ts }: { readonly target: SendTarget; readonly ts: number },
  origin?: Origin,
): Promise<ReadMark> {
  const { conversation, place, topics, keeps, pair } = await findRoute(core, app, reader, target, standing);
  if (!keeps) throw new ImError('wrong-kind', 'nothing is kept here that could be read later', { purpose: 'read' });
  if (conversation === null) return { ts: 0, moved: false };
  const mark = await core.store.marks.read(app.no, conversation, reader.who, ts);
  if (mark.moved) {
    const betweenFriends = pair?.friends ?? false;
    core.bus.publish(
      { type: 'read', app: app.no, who: reader.who, place, betweenFriends, ts: mark.ts, origin },
      topics,
    );
  }
  return mark;
}
