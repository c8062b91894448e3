import type { App } from '../../core/apps/app.ts';
import type { Conversation } from '../../core/conversations/conversation.ts';
import type { Core } from '../../core/core.ts';
import { ImError } from '../../core/errors.ts';
import { openGroup } from './gatherings.ts';

type Ports = Pick<Core, 'store'>;

/** Groups by their numbers, all of which `who` is in. Throws `conversation-not-found`, `not-a-member`. */
export async function openOwnGroups(
  core: Ports,
  app: App,
  who: string,
  numbers: readonly number[],
): Promise<Conversation[]> {
  const groups: Conversation[] = [];
  for (const no of numbers) {
    groups.push(await openGroup(core, app, no));
  }
  for (const { no } of groups) {
    const [member] = await core.store.conversations.among(app.no, no, [who]);
    if (!member) throw new ImError('not-a-member', 'the user is not in the group', { kind: 'group' });
  }
  return groups;
}
