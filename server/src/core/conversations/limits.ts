import type { App } from '../apps/app.ts';
import { ImError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { Conversation, ConversationKind } from './conversation.ts';
import type { MemberLimits } from './member.ts';

/**
 * How many people a conversation of this app may hold, and how many of its kind one person may be in; `own`: a door's lower
 * figure for the latter.
 */
export function memberLimits(
  app: App,
  kind: ConversationKind,
  conversation?: Pick<Conversation, 'memberMax'>,
  own = Number.MAX_SAFE_INTEGER,
): MemberLimits {
  const { membersMax, membershipsMax } = ofKind(app, kind);
  return {
    membersMax: Math.min(membersMax, conversation?.memberMax ?? membersMax),
    membershipsMax: Math.min(membershipsMax, own),
  };
}

function ofKind({ settings }: App, kind: ConversationKind): MemberLimits {
  switch (kind) {
    // A pair that others join becomes a group.
    case 'direct':
    case 'thread':
    case 'group':
      return { membersMax: settings.groupMembersMax, membershipsMax: limits.groupsPerUserMax };
    case 'room':
      return { membersMax: settings.roomMembersMax, membershipsMax: limits.roomsPerUserMax };
    case 'service':
      return { membersMax: Number.MAX_SAFE_INTEGER, membershipsMax: limits.servicesPerUserMax };
    case 'temporary':
      return { membersMax: limits.temporaryMembersMax, membershipsMax: limits.temporariesPerUserMax };
    default:
      return kind satisfies never;
  }
}

export function assertRoomFor(people: number, { membersMax }: MemberLimits): void {
  if (people > membersMax)
    throw new ImError('full', `no more than ${membersMax} members`, { what: 'members', max: membersMax });
}
