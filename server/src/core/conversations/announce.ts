import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { PrincipalKey } from '../ids.ts';
import { conversationTopic, userTopic } from '../ports/bus.ts';

type Ports = Pick<Core, 'bus' | 'facts'>;
type Place = { readonly no: number; readonly id: string };
type Gathering = Place & { readonly kind: 'group' | 'room' };

/**
 * After people came or went: told to the conversation and to each of them, so that live sessions start or stop
 * listening.
 */
export function announceMembers(
  core: Ports,
  app: App,
  type: 'members-added' | 'members-removed',
  { no, id, kind }: Gathering,
  who: readonly PrincipalKey[],
  { ts, prev }: { readonly ts: number; readonly prev: number },
): void {
  forgetConversation(core, app, { no, id });
  const topics = [conversationTopic(app.no, no), ...who.map((one) => userTopic(app.no, one))];
  core.bus.publish({ type, app: app.no, conversation: { no, id, kind }, who, ts, prev }, topics);
}

/** After a conversation was deleted. */
export function announceDeleted(
  core: Ports,
  app: App,
  { no, id, kind }: Gathering,
  members: readonly PrincipalKey[],
): void {
  forgetConversation(core, app, { no, id });
  const topics = [conversationTopic(app.no, no), ...members.map((one) => userTopic(app.no, one))];
  core.bus.publish({ type: 'conversation-deleted', app: app.no, conversation: { no, id, kind } }, topics);
}

/** Facts are remembered under whatever id they were asked for by. */
export function forgetConversation({ facts }: Pick<Core, 'facts'>, app: App, { no, id }: Place): void {
  facts.forgetConversation(app.no, id);
  facts.forgetConversation(app.no, String(no));
}
