import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { Origin } from '../events.ts';
import { assertHome } from '../guests/settle.ts';
import type { PrincipalKey } from '../ids.ts';
import { announce } from './announce.ts';
import type { Conversation } from './conversation.ts';

/**
 * Makes members managers, or plain members again. Who may do this is the door's to check. Throws `not-a-member`,
 * `owner-stays`, `conversation-not-found`. Answers whose role is another one now.
 */
export async function setRole(
  core: Pick<Core, 'store' | 'bus' | 'facts' | 'clock'>,
  app: App,
  { no, id, kind }: Conversation,
  who: readonly PrincipalKey[],
  role: 'manager' | 'member',
  by?: PrincipalKey,
  origin?: Origin,
): Promise<PrincipalKey[]> {
  await assertHome(core, app, { no, kind });
  const changed = await core.store.conversations.setRole(app.no, no, who, role);
  if (changed.length > 0) {
    const ts = core.clock.now();
    const conversation = { no, id, kind };
    await announce(core, app, { type: 'role-changed', app: app.no, conversation, who: changed, role, by, ts, origin });
  }
  return changed;
}
