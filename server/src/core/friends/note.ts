import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { FriendNote } from './friend.ts';

/**
 * What somebody notes of friends, for himself alone. All or nothing; a part that is left out stays, an empty text takes it
 * away. Throws `absent` (what: friend).
 */
export async function noteFriends(
  { store }: Pick<Core, 'store'>,
  app: App,
  who: string,
  notes: readonly { readonly other: string; readonly note: FriendNote }[],
): Promise<void> {
  await store.friends.note(app.no, who, notes);
}
