// The room that a session is in, and the seat that its device keeps there while the connection is lost.
import type { App } from '../../../core/apps/app.ts';
import { attendRoom, leaveRoom } from '../../../core/conversations/attendance.ts';
import type { Conversation } from '../../../core/conversations/conversation.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { limits } from '../../../core/limits.ts';
import { conversationTopic } from '../../../core/ports/bus.ts';
import type { ChatParts, Live } from './client.ts';

type Parts = Pick<ChatParts, 'core' | 'hub'>;
type Sitting = Pick<Live, 'app' | 'who' | 'device' | 'session'>;

/** A session is in one room at a time. Throws `blocked`. */
export async function sitDown({ core, hub }: Parts, live: Sitting, room: Conversation): Promise<void> {
  const { app, who, device, session } = live;
  const { left } = await attendRoom(core, app, room, session.id, who);
  for (const no of left) hub.unlisten(session, conversationTopic(app.no, no));
  await hub.listen(session, conversationTopic(app.no, room.no));
  await core.store.devices.takeSeat(app.no, who, device, room.no, core.clock.now());
}

export async function standUp({ core, hub }: Parts, live: Sitting, room: Conversation): Promise<void> {
  const { app, who, device, session } = live;
  hub.unlisten(session, conversationTopic(app.no, room.no));
  if (await leaveRoom(core, app, room, session.id)) await core.store.devices.leaveSeat(app.no, who, device);
}

/** Before the session's presence ends: whether its device may come back to the room. */
export async function keepSeat(
  core: Core,
  { app, who, device, session }: Sitting,
  how: 'lost' | 'left',
): Promise<void> {
  const rooms = await core.presence.attending(app.no, session.id);
  if (rooms.length === 0) return;
  if (how === 'lost') await core.store.devices.loseSeat(app.no, who, device, core.clock.now());
  else await core.store.devices.leaveSeat(app.no, who, device);
}

export async function backToSeat(parts: Parts, live: Sitting): Promise<void> {
  const { core } = parts;
  const no = await seatOf(core, live);
  const room = no === undefined ? undefined : await core.store.conversations.open(live.app.no, String(no));
  if (room?.kind !== 'room') return;
  try {
    await sitDown(parts, live, room);
  } catch (error) {
    // Blocked meanwhile: he is simply not put back.
    if (!(error instanceof ImError)) throw error;
  }
}

function seatOf({ store, clock }: Core, { app, who, device }: { app: App } & Omit<Sitting, 'app'>) {
  const now = clock.now();
  const since = { lostSince: now - limits.seatMs, seatedSince: now - limits.seatUnseenMs };
  return store.devices.seat(app.no, who, device, since);
}
