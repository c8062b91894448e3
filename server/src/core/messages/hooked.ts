// What an application's hooks say to a message before it is stored or changed, and hear of it afterwards. Nothing is
// gathered for an app that asked for none.
import type { App } from '../apps/app.ts';
import type { ConversationKey } from '../conversations/conversation.ts';
import type { Core } from '../core.ts';
import { askHook, tellHook } from '../hooks/ask.ts';
import type { PrincipalKey } from '../ids.ts';
import type { Say } from '../ports/hooks.ts';
import type { Draft, Message } from './message.ts';
import type { ChangeTarget, OpenRoute } from './route.ts';
import type { Speaker } from './speak.ts';

type Ports = Pick<Core, 'facts' | 'hooks' | 'presence'>;

/** Only for an app that wants to be asked. Throws `rejected-by-app`. */
export async function askAboutMessage(
  core: Omit<Ports, 'presence'>,
  app: App,
  speaker: Speaker,
  route: OpenRoute,
  draft: Draft,
): Promise<Say> {
  const { who, address } = speaker;
  const receivers = await receiversOf(core, app, who, route);
  return askHook(core, app, { hook: 'message', who, address, conversation: keyOf(route), draft, receivers });
}

/** Only for an app that wants to be asked; what would be refused anyway it is not asked about. Throws `rejected-by-app`. */
export async function askAboutChange(
  core: Pick<Core, 'facts' | 'hooks' | 'store'>,
  app: App,
  speaker: Speaker,
  route: OpenRoute,
  { ts, anybody, content, original }: Pick<ChangeTarget, 'ts' | 'anybody'> & Pick<Draft, 'content' | 'original'>,
): Promise<Say> {
  const { who, address } = speaker;
  const message = await core.store.messages.at(app.no, route.conversation, ts);
  if (!message || message.content.type === 'recalled' || (message.sender !== who && !anybody)) return {};
  const receivers = await receiversOf(core, app, message.sender ?? '', route);
  const conversation = keyOf(route);
  return askHook(core, app, { hook: 'edit', who, address, conversation, message, content, original, receivers });
}

/** Not waited for: who was online and who was absent is found out after the sender has his answer. */
export function tellOfMessage(core: Ports, app: App, route: OpenRoute, message: Message, address?: string): void {
  const { sender } = message;
  if (!core.hooks?.wants(app, 'message-sent')) return;
  void (async () => {
    const receivers = await receiversOf(core, app, sender ?? '', route);
    const there = await core.presence.online(app.no, receivers);
    const absent = receivers.filter((who) => !there.has(who));
    const facts = { conversation: keyOf(route), message, online: [...there], absent };
    tellHook(core, app, { hook: 'message-sent', who: sender, address, ...facts });
  })().catch(() => undefined);
}

/** The conversation as it was said in: of a thread the service. */
const keyOf = ({ conversation, place }: OpenRoute): ConversationKey => ({
  no: conversation,
  id: place.id ?? String(conversation),
  kind: place.kind,
});

async function receiversOf(
  core: Pick<Core, 'facts'>,
  app: App,
  sender: PrincipalKey,
  { conversation, place }: OpenRoute,
): Promise<PrincipalKey[]> {
  if ('to' in place) return [place.to];
  const facts = await core.facts.group(app.no, place.id ?? String(conversation));
  return [...(facts?.roster ?? [])].filter((who) => who !== sender);
}
