import type { App } from '../apps/app.ts';
import { announce, announceDeleted, announceMembers, forgetConversation } from '../conversations/announce.ts';
import { deletedKeepMs } from '../conversations/erase.ts';
import type { Core } from '../core.ts';
import { announceFriends } from '../friends/announce.ts';
import { settleTwins } from '../guests/settle.ts';
import { endSessions } from '../presence/end-sessions.ts';
import type { Erased } from './user.ts';

type Ports = Pick<Core, 'store' | 'bus' | 'facts' | 'apps' | 'clock' | 'hooks'>;

/**
 * Takes a user away with everything that hangs on him. What he said stays under his name; his direct talk stays with those
 * he talked with, and a later user of this name begins anew. Throws `user-not-found`.
 */
export async function eraseUser(core: Ports, app: App, id: string): Promise<void> {
  const erased = await core.store.users.erase(app.no, id, core.clock.now(), deletedKeepMs(app));
  core.facts.forgetPerson(app.no, id);
  for (const other of [...erased.talkedWith, ...erased.friends]) core.facts.forgetPair(app.no, id, other);
  for (const friend of erased.friends) announceFriends(core, app, [id, friend], false);
  for (const left of erased.left) await tellLeft(core, app, id, left);
  endSessions(core, app, id, 'erased');
  for (const { no, id: left, kind } of erased.left) await settleTwins(core, app, { no, id: left, kind });
  // As whom other apps knew him is nobody any more, either.
  for (const there of await core.store.guests.elsewhere(app.no, id)) {
    const other = await core.apps.byId(there.appId);
    if (other) await eraseUser(core, other, there.id);
  }
}

async function tellLeft(core: Ports, app: App, who: string, left: Erased['left'][number]): Promise<void> {
  const { no, id, kind, owner, ownerChanged, deleted, ts, prev } = left;
  const conversation = { no, id, kind };
  forgetConversation(core, app, conversation);
  if (deleted) return announceDeleted(core, app, conversation, [who], ts);
  const newOwner = ownerChanged ? { newOwner: owner } : {};
  await announceMembers(core, app, { type: 'members-removed', conversation, who: [who], ts, prev, ...newOwner });
  if (ownerChanged && owner !== null)
    await announce(core, app, { type: 'role-changed', app: app.no, conversation, who: [owner], role: 'owner', ts });
}
