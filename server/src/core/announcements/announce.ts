// An announcement is content from the application itself to an audience: heard by who is online, told by push to the
// absent where it is for a person or a group, kept nowhere.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { passengerKey } from '../ids.ts';
import type { Content, PushWords } from '../messages/message.ts';
import { appTopic, conversationTopic, type Topic, userTopic } from '../ports/bus.ts';
import type { Cause } from '../push/outbox.ts';
import { canPush } from '../push/wanted.ts';

export type Audience =
  | { readonly kind: 'all' }
  | { readonly kind: 'user' | 'passenger'; readonly id: string }
  | { readonly kind: 'group' | 'room'; readonly no: number };

/** The audience exists: the door has looked it up. Resolves when it is announced, and what the absent will be told is kept. */
export async function announce(
  core: Pick<Core, 'bus' | 'clock' | 'store'>,
  app: App,
  audience: Audience,
  content: Content,
  push?: PushWords,
): Promise<void> {
  const ts = core.clock.now();
  const to = pushedTo(audience);
  if (to && push?.enable !== false && canPush(app.settings))
    await core.store.outbox.put(app.no, { type: 'announcement', content, ts, to, push });
  core.bus.publish({ type: 'announcement', app: app.no, content, ts }, [topicOf(app.no, audience)]);
}

/** Rooms and everybody are told only while they listen; passengers have no devices. */
function pushedTo(audience: Audience): Extract<Cause, { type: 'announcement' }>['to'] | undefined {
  if (audience.kind === 'user') return { kind: 'user', id: audience.id };
  return audience.kind === 'group' ? { kind: 'conversation', no: audience.no } : undefined;
}

function topicOf(app: number, audience: Audience): Topic {
  switch (audience.kind) {
    case 'all':
      return appTopic(app);
    case 'user':
      return userTopic(app, audience.id);
    case 'passenger':
      return userTopic(app, passengerKey(audience.id));
    case 'group':
    case 'room':
      return conversationTopic(app, audience.no);
    default:
      return audience satisfies never;
  }
}
