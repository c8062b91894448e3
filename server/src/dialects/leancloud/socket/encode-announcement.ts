// What the application announces, said by a service of the app's own: a client shows nothing without a conversation.
import type { CoreEvent } from '../../../core/events.ts';
import { midOf } from '../../../core/messages/mid.ts';
import { ensureOwnService, ownServiceId } from '../../../core/services/own-service.ts';
import type { Listener } from '../../../realtime/session.ts';
import { convTypes } from '../rows.ts';
import { dataOf } from '../wire.ts';
import { once, type Said } from './said.ts';

type Announcement = Extract<CoreEvent, { type: 'announcement' }>;
type Prepare = (event: Announcement, key: { idKey: string }) => (listener: Listener) => Said;

/** The service is there before a client can ask what it is, and announcements keep their order while it is made. */
export function openAnnouncements(core: Parameters<typeof ensureOwnService>[0]): Prepare {
  let before: Promise<void> = Promise.resolve();
  return ({ app, content, ts }, key) => {
    const { data: msg } = dataOf({ content });
    const packet = once(() => ({
      cmd: 'direct',
      directMessage: {
        msg,
        fromPeerId: '',
        timestamp: ts,
        cid: ownServiceId(key),
        // Two of one millisecond are told apart by what they say.
        id: midOf(key, { no: 0, ts, sender: msg }),
        transient: true,
        convType: convTypes.service,
      },
    }));
    let after: Promise<void> | undefined;
    return () => {
      if (!after) {
        after = before.then(() => ensureOwnService(core, { no: app, ...key }));
        before = after.catch(() => undefined);
      }
      return { packets: [packet()], after };
    };
  };
}
