// What an application hears after something has happened.
import type { App } from '../../core/apps/app.ts';
import type { JsonObject } from '../../core/json.ts';
import { messageFlags } from '../../core/messages/message.ts';
import { midOf } from '../../core/messages/mid.ts';
import type { After, SessionEnd } from '../../core/ports/hooks.ts';
import { isOfService, listed } from './hooks-before.ts';
import { dataOf } from './wire.ts';

const closeCodes: Record<SessionEnd['how'], number> = { closed: 1, lost: 2, replaced: 3, 'sent-away': 4 };
const closeWords: Record<SessionEnd['how'], string> = {
  closed: 'LOGOUT',
  lost: 'CONNECTION_LOST',
  replaced: 'SESSION_CONFLICT',
  'sent-away': 'KICKED_BY_APP',
};

/** undefined: the vendor has no word for it. */
export function callAfter(app: App, what: After): JsonObject | undefined {
  const sourceIP = what.address ?? '';
  switch (what.hook) {
    case 'message-sent': {
      const { message, conversation, online, absent } = what;
      const { data: content, bin } = dataOf(message);
      return {
        fromPeer: message.sender ?? '',
        convId: conversation.id,
        msgId: midOf(app, message),
        onlinePeers: listed(online),
        offlinePeers: listed(absent),
        transient: (message.flags & messageFlags.onlineOnly) !== 0,
        receipt: (message.flags & messageFlags.receipt) !== 0,
        system: isOfService(conversation),
        bin,
        content,
        timestamp: message.ts,
        sourceIP,
      };
    }
    case 'created':
      return { convId: what.conversation.id };
    case 'added':
    case 'removed':
      return { initBy: what.who ?? '', convId: what.conversation.id, members: listed(what.members) };
    case 'changed':
      return undefined;
    case 'online': {
      const { tag = 'default', again = false } = what.facts;
      return { peerId: what.who ?? '', sourceIP, tag, reconnect: again ? 1 : 0 };
    }
    case 'offline': {
      const { how, reason = closeWords[how], error } = what.end;
      const closed = { closeCode: closeCodes[how], closeMsg: reason };
      const common = { peerId: what.who ?? '', ...closed, sourceIP, tag: what.facts.tag ?? 'default' };
      return error ? { ...common, errorCode: error.code, errorMsg: error.reason } : common;
    }
    default:
      return what satisfies never;
  }
}
