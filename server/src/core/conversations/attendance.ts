// Sessions that take part in a room without their people being members of it. The door subscribes the session to the
// conversation's topic itself: attendance says who is there.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import type { PrincipalKey } from '../ids.ts';
import type { Conversation } from './conversation.ts';

/** The session leaves every other room it takes part in; those are the answer. Throws `wrong-kind`, `blocked`. */
export async function attendRoom(
  core: Pick<Core, 'facts' | 'presence'>,
  app: App,
  { no, id, kind }: Conversation,
  session: string,
  who: PrincipalKey,
): Promise<{ left: number[] }> {
  if (kind !== 'room') throw new ImError('wrong-kind', 'only rooms are attended', { kind, needs: 'room' });
  const facts = await core.facts.group(app.no, id);
  if (facts?.blocked.has(who))
    throw new ImError('blocked', 'kept away from this room by a block', { kind, by: 'conversation' });
  const left = (await core.presence.attending(app.no, session)).filter((room) => room !== no);
  for (const room of left) await core.presence.unattend(app.no, room, session);
  await core.presence.attend(app.no, no, session, who);
  return { left };
}

/** False: it did not take part. */
export const leaveRoom = (
  { presence }: Pick<Core, 'presence'>,
  app: App,
  { no }: Pick<Conversation, 'no'>,
  session: string,
): Promise<boolean> => presence.unattend(app.no, no, session);

/** People who would hear a message now: those who attend, and members who are online. */
export async function countOnline(
  { store, presence }: Pick<Core, 'store' | 'presence'>,
  app: App,
  { no, kind }: Pick<Conversation, 'no' | 'kind'>,
): Promise<number> {
  const { total, who } = await presence.attendees(app.no, no, kind === 'room' ? Number.MAX_SAFE_INTEGER : 0);
  const there = new Set(who);
  const members = kind === 'service' ? [] : await store.conversations.roster(app.no, no);
  const online = await presence.online(
    app.no,
    members.filter((one) => !there.has(one)),
  );
  return total + online.size;
}
