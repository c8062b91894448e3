import type { App } from '../apps/app.ts';
import { ImError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { Conversation, MemberLimits } from './conversation.ts';

/** How many people a group or room of this app may hold, and how many of them one person may be in. */
export function memberLimits(
  app: App,
  kind: 'group' | 'room',
  conversation?: Pick<Conversation, 'memberMax'>,
): MemberLimits {
  const appMax = kind === 'group' ? app.settings.groupMembersMax : app.settings.roomMembersMax;
  return {
    membersMax: Math.min(appMax, conversation?.memberMax ?? appMax),
    membershipsMax: kind === 'group' ? limits.groupsPerUserMax : limits.roomsPerUserMax,
  };
}

export function assertRoomFor(people: number, { membersMax }: MemberLimits): void {
  if (people > membersMax)
    throw new ImError('full', `no more than ${membersMax} members`, { what: 'members', max: membersMax });
}
