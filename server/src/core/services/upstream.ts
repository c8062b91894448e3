import type { App } from '../apps/app.ts';
import type { Conversation } from '../conversations/conversation.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import type { PrincipalKey } from '../ids.ts';
import type { Draft } from '../messages/message.ts';
import { conversationSubject } from '../subjects.ts';
import { assertService } from './broadcast.ts';
import type { Upstream } from './service.ts';

/** The topic of whoever hands it on to the application; no session listens to it. */
export const upstreamTopic = (app: number): string => `${app}/upstream`;

/** What a client says to a service: kept for the application, heard by nobody else. Throws `wrong-kind`, `blocked`, `disabled`. */
export async function sendUpstream(
  core: Pick<Core, 'store' | 'bus' | 'facts' | 'clock'>,
  app: App,
  service: Conversation,
  who: PrincipalKey,
  { content, original }: Pick<Draft, 'content' | 'original'>,
): Promise<Upstream> {
  assertService(service);
  if ((await core.facts.person(app.no, who))?.disabled)
    throw new ImError('disabled', 'this user is disabled', { purpose: 'send' });
  const { no, id, kind } = service;
  if ((await core.store.blocks.among(app.no, conversationSubject(no), [who])).length > 0)
    throw new ImError('blocked', 'this service has blocked the sender', { purpose: 'send', kind, by: 'conversation' });
  const upstream = await core.store.services.putUpstream(
    app.no,
    { conversation: no, who, content, original },
    core.clock.now(),
    Boolean(app.settings['services.webhook']),
  );
  core.bus.publish({ type: 'upstream', app: app.no, service: { no, id, kind }, upstream }, [upstreamTopic(app.no)]);
  return upstream;
}
