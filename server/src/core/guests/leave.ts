// Who leaves a conversation of another app: he leaves it at home, and its twins follow.
import type { App } from '../apps/app.ts';
import type { Conversation } from '../conversations/conversation.ts';
import type { MemberChange, MemberOutcome } from '../conversations/member.ts';
import { tellMembers } from '../conversations/tell-members.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import type { Origin } from '../events.ts';
import { guestId } from './id.ts';
import { isTwin, notHere, settleTwins } from './settle.ts';

/**
 * undefined: the conversation is no twin. Throws `forbidden` (what: twin) for anything but users of this app who go, and
 * `not-a-member` for who is not in.
 */
export async function leaveTwin(
  core: Pick<Core, 'store' | 'bus' | 'facts' | 'clock' | 'hooks'>,
  app: App,
  { no, kind }: Conversation,
  { add, remove, replace, owner, rule }: MemberChange,
  origin?: Origin,
): Promise<MemberOutcome | undefined> {
  const links = kind === 'group' || kind === 'room' ? await core.store.guests.links(app.no, no) : undefined;
  if (!isTwin(links, app)) return undefined;
  const going = [...new Set(remove ?? [])];
  if (add?.length || replace || owner !== undefined || going.length === 0) throw notHere();
  const users = await core.store.users.byIds(app.no, going);
  if (users.some((user) => user && user.home !== null)) throw notHere();
  const { home } = links;
  const there = (await core.store.apps.list()).find((one) => one.no === home.app);
  if (!there) throw new ImError('conversation-not-found', 'its app is gone', { kind });
  const gone = { add: [], remove: going.map((who) => guestId(who, app)) };
  const change = { ...gone, rule: { ownerLeaves: 'successor', whenEmpty: 'delete', ...absent(rule) } } as const;
  const unbound = { membersMax: Number.MAX_SAFE_INTEGER, membershipsMax: Number.MAX_SAFE_INTEGER };
  const outcome = await core.store.conversations.changeMembers(home.app, home.no, change, unbound, core.clock.now());
  await tellMembers(core, there, { no: home.no, id: home.id, kind: home.kind }, undefined, outcome, origin);
  await settleTwins(core, app, { no, id: String(no), kind });
  return { ...outcome, added: [], removed: outcome.removed.length > 0 ? going : [], owner: null, ownerChanged: false };
}

const absent = (rule: MemberChange['rule']): MemberChange['rule'] =>
  rule?.absent === undefined ? {} : { absent: rule.absent };
