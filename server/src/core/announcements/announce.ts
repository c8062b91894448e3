// An announcement is content from the application itself to an audience: heard by who is online, kept nowhere.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { passengerKey } from '../ids.ts';
import type { Content, PushWords } from '../messages/message.ts';
import { appTopic, conversationTopic, type Topic, userTopic } from '../ports/bus.ts';

export type Audience =
  | { readonly kind: 'all' }
  | { readonly kind: 'user' | 'passenger'; readonly id: string }
  | { readonly kind: 'conversation'; readonly no: number };

/** The audience exists: the door has looked it up. `_push` is for the absent, who are told by push once an app has a provider. */
export async function announce(
  core: Pick<Core, 'bus' | 'clock'>,
  app: App,
  audience: Audience,
  content: Content,
  _push?: PushWords,
): Promise<void> {
  core.bus.publish({ type: 'announcement', app: app.no, content, ts: core.clock.now() }, [topicOf(app.no, audience)]);
}

function topicOf(app: number, audience: Audience): Topic {
  switch (audience.kind) {
    case 'all':
      return appTopic(app);
    case 'user':
      return userTopic(app, audience.id);
    case 'passenger':
      return userTopic(app, passengerKey(audience.id));
    case 'conversation':
      return conversationTopic(app, audience.no);
    default:
      return audience satisfies never;
  }
}
