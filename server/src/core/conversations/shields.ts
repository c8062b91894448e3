import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { PrincipalKey } from '../ids.ts';
import { userTopic } from '../ports/bus.ts';
import { forgetConversation } from './announce.ts';
import type { ConversationKey } from './conversation.ts';

/**
 * What somebody does not want delivered any more, or again; history keeps it all the same. All or nothing. `strict`: throws
 * `already`, `absent` (what: shield). Throws `not-a-member`, `conversation-not-found`.
 */
export async function changeShields(
  core: Pick<Core, 'store' | 'bus' | 'facts' | 'clock'>,
  app: App,
  who: PrincipalKey,
  change: {
    readonly add: readonly ConversationKey[];
    readonly remove: readonly ConversationKey[];
    readonly strict: boolean;
  },
): Promise<void> {
  const { add, remove, strict } = change;
  const numbers = (keys: readonly ConversationKey[]) => keys.map(({ no }) => no);
  await core.store.conversations.setShields(app.no, who, { add: numbers(add), remove: numbers(remove), strict });
  for (const key of [...add, ...remove]) forgetConversation(core, app, key);
  const ts = core.clock.now();
  core.bus.publish({ type: 'shield-changed', app: app.no, who, added: add, removed: remove, ts }, [
    userTopic(app.no, who),
  ]);
}
