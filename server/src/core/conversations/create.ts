import { randomBytes } from 'node:crypto';
import type { App } from '../apps/app.ts';
import { assertAttributes } from '../attributes.ts';
import type { Core } from '../core.ts';
import type { Origin } from '../events.ts';
import { looksLikeGuest } from '../guests/id.ts';
import { settleTwins } from '../guests/settle.ts';
import { askHook, tellHook } from '../hooks/ask.ts';
import { hexId, type PrincipalKey } from '../ids.ts';
import type { JsonObject } from '../json.ts';
import { ensureUsers, type UnknownUsers } from '../users/ensure.ts';
import { announce } from './announce.ts';
import type { Conversation, NewConversation } from './conversation.ts';
import { assertRoomFor, memberLimits } from './limits.ts';

/** How a door's ids look: hex digits, the conversation's number in decimal, or a text that says it will end. */
export type IdForm = 'hex32' | 'hex24' | 'number' | 'temporary';

export type ConversationWish = {
  readonly kind: NewConversation['kind'];
  readonly form?: IdForm;
  /** Groups of some doors have one, rooms of most have none. */
  readonly owner: string | null;
  /** Absent: the owner. */
  readonly creator?: string | null;
  /** Without doubles. The owner is shown among them only when he is listed here. */
  readonly members: readonly string[];
  readonly name: string | null;
  readonly attributes: JsonObject;
  readonly columns?: JsonObject;
  readonly description?: string;
  readonly avatar?: string;
  readonly open?: boolean;
  readonly memberMax?: number;
  /** Conversations of this kind that one of its people may be in, where a door's figure is lower than the core's. */
  readonly membershipsMax?: number;
  /** Whether messages are stored. */
  readonly keeps: boolean;
  /** The one conversation of exactly these members, found where there is one. */
  readonly unique?: boolean;
  /** Unix milliseconds. */
  readonly expiresAt?: number;
  /** Who asks; absent: the application. */
  readonly by?: PrincipalKey;
};

/** `created` false: a unique one was there already, and nothing of it changed. */
export type Created = { readonly conversation: Conversation; readonly created: boolean };

/**
 * Throws `user-not-found` when it may not create people; `full`, `too-long`, `invalid-argument`, `rejected-by-app`, and
 * `unavailable` when the conversation was erased at once by somebody else.
 */
export async function createConversation(
  core: Pick<Core, 'store' | 'bus' | 'facts' | 'clock' | 'hooks'>,
  app: App,
  wish: ConversationWish,
  unknown: UnknownUsers,
  origin?: Origin,
): Promise<Created> {
  const { kind, owner, name, by } = wish;
  assertAttributes(name === null ? wish.attributes : { ...wish.attributes, name });
  if (wish.columns) assertAttributes(wish.columns);
  const said = await askHook(core, app, { hook: 'create', who: by ?? null, wish });
  const members = said.members ?? wish.members;
  const people = [...new Set(owner === null ? members : [owner, ...members])];
  const bounds = memberLimits(app, kind, { memberMax: wish.memberMax ?? null }, wish.membershipsMax);
  // Before anybody is created: a call that fails changes nothing.
  assertRoomFor(people.length, bounds);
  await ensureUsers(core, app, people, unknown);
  const now = core.clock.now();
  const { form = 'hex32', by: _asker, membershipsMax: _own, ...facts } = wish;
  const draft: NewConversation = { ...facts, members, id: idOf(form), creator: wish.creator ?? owner };
  const { id, created } = await core.store.conversations.create(app.no, draft, bounds, now);
  const conversation = await core.store.conversations.open(app.no, id);
  // Gone between the two calls: as it was made, it is not there.
  if (!conversation) return createConversation(core, app, wish, unknown, origin);
  if (created) await announceCreated(core, app, conversation, people, now, by, origin);
  if (created && people.some(looksLikeGuest)) await settleTwins(core, app, conversation, people);
  return { conversation, created };
}

async function announceCreated(
  core: Pick<Core, 'store' | 'bus' | 'facts' | 'hooks'>,
  app: App,
  { no, id, kind }: Conversation,
  members: readonly PrincipalKey[],
  ts: number,
  by: PrincipalKey | undefined,
  origin: Origin | undefined,
): Promise<void> {
  if (members.length > 0) {
    const event = {
      type: 'conversation-created',
      app: app.no,
      conversation: { no, id, kind },
      members,
      by,
      ts,
      origin,
    } as const;
    await announce(core, app, event, members);
  }
  tellHook(core, app, { hook: 'created', who: by ?? null, conversation: { no, id, kind }, members });
}

function idOf(form: IdForm): string | null {
  switch (form) {
    case 'hex32':
      return hexId(32);
    case 'hex24':
      return hexId(24);
    case 'temporary':
      return `_tmp:${randomBytes(16).toString('hex')}`;
    case 'number':
      return null;
    default:
      return form satisfies never;
  }
}
