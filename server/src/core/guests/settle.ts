// After a conversation with guests changed: its twins follow, and their people are told.
import type { App } from '../apps/app.ts';
import { announce, announceDeleted } from '../conversations/announce.ts';
import type { ConversationKey } from '../conversations/conversation.ts';
import { tellMembers } from '../conversations/tell-members.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import type { Links, Settled } from './guest.ts';
import { looksLikeGuest } from './id.ts';
import { areNeighbours } from './name.ts';

type Ports = Pick<Core, 'store' | 'bus' | 'facts' | 'clock' | 'hooks'>;

/** `about`: who came, where it is known. `links`: as they were before a deletion. Costs one look where nobody is a guest. */
export async function settleTwins(
  core: Ports,
  app: App,
  { no, id, kind }: ConversationKey,
  about?: readonly string[],
  before?: Links,
): Promise<void> {
  if (kind !== 'group' && kind !== 'room') return;
  const links = before ?? (await core.store.guests.links(app.no, no));
  if (!links && !about?.some(looksLikeGuest)) return;
  const apps = await core.store.apps.list();
  const home = links ? apps.find((one) => one.no === links.home.app) : app;
  if (!home) return;
  const granted = apps.filter((one) => areNeighbours(home, one)).map((one) => one.no);
  for (const settled of await core.store.guests.settle(app.no, no, granted, core.clock.now())) {
    const there = apps.find((one) => one.no === settled.twin.app);
    if (there) await tell(core, there, settled);
  }
  core.facts.forgetConversation(app.no, id);
  for (const one of links ? [links.home, ...links.twins] : []) core.facts.forgetConversation(one.app, one.id);
}

async function tell(core: Ports, there: App, { twin, created, outcome, renamed }: Settled): Promise<void> {
  const { no, id, kind } = twin;
  const conversation = { no, id, kind };
  const ts = core.clock.now();
  const app = there.no;
  if (created)
    await announce(core, there, { type: 'conversation-created', app, conversation, members: created, ts }, created);
  if (outcome?.deleted) return announceDeleted(core, there, conversation, outcome.removed, ts);
  if (outcome) await tellMembers(core, there, conversation, undefined, outcome, undefined);
  const now = renamed ? await core.store.conversations.open(app, id) : undefined;
  if (!now) return;
  const { name, description, avatar } = now;
  const change = { name, description, avatar };
  await announce(core, there, { type: 'conversation-changed', app, conversation, change, now, ts });
}

/** What is decided at home cannot be changed through a twin. Throws `forbidden` (what: twin). */
export async function assertHome(
  { store }: Pick<Core, 'store'>,
  app: App,
  { no, kind }: Pick<ConversationKey, 'no' | 'kind'>,
): Promise<void> {
  if (isTwin(await linksOf(store, app, no, kind), app)) throw notHere();
}

export const notHere = (): ImError =>
  new ImError('forbidden', 'the conversation belongs to another app', { what: 'twin' });

const linksOf = async (store: Core['store'], app: App, no: number, kind: ConversationKey['kind']) =>
  kind === 'group' || kind === 'room' ? store.guests.links(app.no, no) : undefined;

export const isTwin = (links: Links | undefined, app: App): links is Links =>
  links !== undefined && links.home.app !== app.no;
