import type { App } from '../apps/app.ts';
import { applyAttributes } from '../attributes.ts';
import type { Core } from '../core.ts';
import type { Origin } from '../events.ts';
import { assertHome, settleTwins } from '../guests/settle.ts';
import { askHook, tellHook } from '../hooks/ask.ts';
import { announce } from './announce.ts';
import type { Conversation, ConversationChange, ConversationChanged } from './conversation.ts';

/**
 * Changes what a conversation is. Throws `conversation-not-found`, `too-long`, `invalid-argument`, `rejected-by-app`,
 * `forbidden` (what: twin).
 */
export async function changeConversation(
  core: Pick<Core, 'store' | 'bus' | 'facts' | 'clock' | 'hooks'>,
  app: App,
  conversation: Conversation,
  wanted: ConversationChange,
  origin?: Origin,
): Promise<ConversationChanged> {
  assertFits(conversation, wanted);
  const { no, id, kind } = conversation;
  const { by } = wanted;
  await assertHome(core, app, conversation);
  const asked = { hook: 'change', who: by ?? null, conversation: { no, id, kind }, change: wanted } as const;
  const instead = (await askHook(core, app, asked)).change;
  const change = instead ? { ...instead, by } : wanted;
  if (instead) assertFits(conversation, change);
  const ts = core.clock.now();
  const changed = await core.store.conversations.change(app.no, no, change, ts);
  const event = {
    type: 'conversation-changed',
    app: app.no,
    conversation: { no, id, kind },
    by,
    change,
    now: changed.conversation,
    ts,
    origin,
  } as const;
  // Two people hear of their own conversation on their own topics.
  const pair = kind === 'direct' ? await core.store.conversations.roster(app.no, no) : [];
  await announce(core, app, event, pair);
  await settleTwins(core, app, { no, id, kind });
  tellHook(core, app, { hook: 'changed', who: by ?? null, conversation: { no, id, kind }, change });
  return changed;
}

/** Name and attributes share one bound: a door may show the name as an attribute. */
export function assertFits(
  conversation: Conversation,
  { name = conversation.name, attributes }: ConversationChange,
): void {
  const after = attributes ? applyAttributes(conversation.attributes, attributes) : conversation.attributes;
  if (name !== null) applyAttributes(after, { mode: 'merge', values: { name } });
}
