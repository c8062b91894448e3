// A card is what a member wants to be known by inside one group or room.
import type { App } from '../apps/app.ts';
import { type AttributesChange, applyAttributes } from '../attributes.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import type { PrincipalKey } from '../ids.ts';
import type { JsonObject } from '../json.ts';
import type { Conversation } from './conversation.ts';

type Ports = Pick<Core, 'store'>;

/** Empty when the member never set one. Throws `relation-not-found` for somebody who is no member. */
export async function openCard(core: Ports, app: App, { no }: Conversation, who: PrincipalKey): Promise<JsonObject> {
  const card = await core.store.conversations.card(app.no, no, who);
  if (!card) throw new ImError('relation-not-found', 'not a member');
  return card;
}

/** Throws as above, and `too-long`, `invalid-argument`. */
export async function changeCard(
  core: Ports,
  app: App,
  conversation: Conversation,
  who: PrincipalKey,
  change: AttributesChange,
): Promise<void> {
  applyAttributes(await openCard(core, app, conversation, who), change);
  await core.store.conversations.setCard(app.no, conversation.no, who, change);
}
