import type { App } from '../apps/app.ts';
import { assertAttributes } from '../attributes.ts';
import type { Core } from '../core.ts';
import { hexId } from '../ids.ts';
import type { JsonObject } from '../json.ts';
import { ensureUsers, type UnknownUsers } from '../users/ensure.ts';
import { announceMembers } from './announce.ts';
import { assertRoomFor, memberLimits } from './limits.ts';

export type ConversationWish = {
  readonly kind: 'group' | 'room';
  /** Groups have one, rooms do not. */
  readonly owner: string | null;
  /** Without doubles. The owner is shown among them only when he is listed here. */
  readonly members: readonly string[];
  readonly name: string | null;
  readonly attributes: JsonObject;
  /** Whether messages are stored. */
  readonly keeps: boolean;
};

/** Answers the new id, 32 hex digits. Throws `user-not-found` when it may not create; `full`, `too-long`, `invalid-argument`. */
export async function createConversation(
  core: Pick<Core, 'store' | 'bus' | 'facts' | 'clock'>,
  app: App,
  wish: ConversationWish,
  unknown: UnknownUsers,
): Promise<string> {
  const { kind, owner, members, name } = wish;
  assertAttributes(name === null ? wish.attributes : { ...wish.attributes, name });
  const people = [...new Set(owner === null ? members : [owner, ...members])];
  const bounds = memberLimits(app, kind);
  // Before anybody is created: a call that fails changes nothing.
  assertRoomFor(people.length, bounds);
  await ensureUsers(core, app, people, unknown);
  const id = hexId(32);
  const conversation = { ...wish, id, creator: owner };
  const { no } = await core.store.conversations.create(app.no, conversation, bounds, core.clock.now());
  // Being made takes no place in the conversation's order: the first message begins it.
  const place = { ts: 0, prev: 0 };
  if (people.length > 0) announceMembers(core, app, 'members-added', { no, id, kind }, people, place);
  return id;
}
