// Whom a conversation keeps away: who is blocked is no member any more, and is not let in until the block is lifted.
import type { App } from '../apps/app.ts';
import { announce } from '../conversations/announce.ts';
import type { Conversation } from '../conversations/conversation.ts';
import type { MemberOutcome } from '../conversations/member.ts';
import { changeMembers } from '../conversations/members.ts';
import type { Core } from '../core.ts';
import type { Origin } from '../events.ts';
import type { PrincipalKey } from '../ids.ts';
import { limits } from '../limits.ts';
import { conversationSubject } from '../subjects.ts';

type Ports = Pick<Core, 'store' | 'bus' | 'facts' | 'clock' | 'hooks'>;
type Asker = { readonly by?: PrincipalKey };

/**
 * Blocked first, taken out second: nobody comes back in between. Who may do this is the door's to check; an owner passes
 * his place on. Throws `full` (what: blocks), `conversation-not-found`, `wrong-kind` (a pair that talked as one).
 */
export async function blockFrom(
  core: Ports,
  app: App,
  conversation: Conversation,
  who: readonly PrincipalKey[],
  { by }: Asker = {},
  origin?: Origin,
): Promise<{ blocked: PrincipalKey[]; removed: MemberOutcome['removed'] }> {
  const { no, id, kind } = conversation;
  const max = kind === 'room' || kind === 'service' ? limits.blocksPerRoomMax : limits.blocksPerGroupMax;
  const ts = core.clock.now();
  const blocked = await core.store.blocks.put(app.no, conversationSubject(no), who, { max, strict: false }, ts);
  const key = { no, id, kind };
  if (blocked.length > 0)
    await announce(
      core,
      app,
      { type: 'blocked', app: app.no, conversation: key, who: blocked, by, ts, origin },
      blocked,
      blocked,
    );
  const rule = { mode: 'per-id', ownerLeaves: 'successor', by } as const;
  const { removed } = await changeMembers(core, app, conversation, { remove: who, rule }, 'refuse-any', origin);
  return { blocked, removed };
}

/** Answers who was blocked; nobody is let in by it. */
export async function unblockFrom(
  core: Ports,
  app: App,
  { no, id, kind }: Conversation,
  who: readonly PrincipalKey[],
  { by }: Asker = {},
  origin?: Origin,
): Promise<PrincipalKey[]> {
  const lifted = await core.store.blocks.lift(app.no, conversationSubject(no), who, { strict: false });
  const ts = core.clock.now();
  const conversation = { no, id, kind };
  if (lifted.length > 0)
    await announce(
      core,
      app,
      { type: 'unblocked', app: app.no, conversation, who: lifted, by, ts, origin },
      lifted,
      lifted,
    );
  return lifted;
}
