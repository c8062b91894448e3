// The talk of two principals, wherever it was said.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { PrincipalKey } from '../ids.ts';
import { hideMessages } from './clear.ts';
import { changesOf, type PageRequest, pageOf, type View } from './history.ts';
import type { Message } from './message.ts';

/** Empty when the two never talked. That they exist is the door's to check. */
export async function directPage(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  [a, b]: readonly [PrincipalKey, PrincipalKey],
  request: PageRequest,
  view: View,
): Promise<Message[]> {
  const conversation = await core.store.conversations.ofPair(app.no, a, b);
  return conversation ? pageOf(core, app, conversation.no, request, view) : [];
}

/** What was edited and recalled in it; empty when the two never talked. */
export async function directChanges(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  [a, b]: readonly [PrincipalKey, PrincipalKey],
  request: Parameters<typeof changesOf>[3],
  view: View,
): Promise<Message[]> {
  const conversation = await core.store.conversations.ofPair(app.no, a, b);
  return conversation ? changesOf(core, app, conversation.no, request, view) : [];
}

/** Hides the talk from `who`; the other still sees it. */
export async function hideDirect(
  core: Pick<Core, 'store'>,
  app: App,
  who: PrincipalKey,
  other: PrincipalKey,
  upTo?: number,
): Promise<void> {
  const conversation = await core.store.conversations.ofPair(app.no, who, other);
  if (conversation) await hideMessages(core, app, conversation, who, upTo);
}
