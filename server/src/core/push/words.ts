// What a push says: the sender's own words around the content's, which are the app's templates in the user's language.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { bareId, isPassenger, type PrincipalKey } from '../ids.ts';
import type { Content, PushWords } from '../messages/message.ts';
import type { Told } from '../ports/push.ts';
import { type Fillings, filled, kindOf, mentions, templateOf } from './templates.ts';

/** More is not shown by any device, and would not fit into a push. */
const textCharsMax = 1_000;

export type Composed = { readonly title?: string; readonly text: string };

/** `fillings`: from `fillingsOf`, the same for every device. */
export function compose(
  app: App,
  content: Content,
  push: PushWords | undefined,
  language: string | null,
  fillings: Fillings,
): Composed {
  const own = app.settings['push.templates'];
  const title = templateOf(own, 'title', language);
  const body = push?.overwrite ?? filled(templateOf(own, kindOf(content), language) ?? '', fillings);
  const text = `${push?.prefix ?? ''}${body}${push?.suffix ?? ''}`;
  const above = push?.title ?? (title === undefined ? undefined : filled(title, fillings));
  return { text: clipped(text), ...(above === undefined ? {} : { title: clipped(above) }) };
}

/** What templates can name. Names are looked up only where one of the app's templates asks for them. */
export async function fillingsOf(core: Pick<Core, 'store'>, app: App, told: Told): Promise<Fillings> {
  const content = told.type === 'message' ? told.message.content : told.content;
  const text = 'text' in content ? content.text : undefined;
  if (told.type !== 'message') return { text };
  const own = app.settings['push.templates'];
  const { sender } = told.message;
  const [senderName, group] = await Promise.all([
    sender !== null && mentions(own, 'sender') ? nameOf(core, app.no, sender) : undefined,
    'to' in told.place || !mentions(own, 'group') ? undefined : core.store.conversations.open(app.no, told.place.id),
  ]);
  return { text, sender: senderName, group: group?.name ?? undefined };
}

/** The name that the application gave, else the id. */
async function nameOf({ store }: Pick<Core, 'store'>, app: number, who: PrincipalKey): Promise<string> {
  const id = bareId(who);
  const found = isPassenger(who)
    ? await store.passengers.byId(app, id).then((passenger) => passenger?.attributes)
    : await store.users.byId(app, id).then((user) => user && { name: user.profile.nickname, ...user.attributes });
  const name = found?.name;
  return typeof name === 'string' && name !== '' ? name : id;
}

/** Cut between characters, never inside one. */
function clipped(text: string): string {
  if (text.length <= textCharsMax) return text;
  const cut = text.slice(0, textCharsMax - 1);
  return `${cut.replace(/[\uD800-\uDBFF]$/, '')}…`;
}
