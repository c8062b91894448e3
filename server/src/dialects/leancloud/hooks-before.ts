// What an application is asked before something happens, and what its answer means.
import type { App } from '../../core/apps/app.ts';
import type { ConversationChange, ConversationKey } from '../../core/conversations/conversation.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { messageFlags } from '../../core/messages/message.ts';
import { midOf } from '../../core/messages/mid.ts';
import type { Before, Say } from '../../core/ports/hooks.ts';
import { changeOf, operationOf } from './changes.ts';
import { reasons } from './errors.ts';
import { pushWordsOf } from './push-words.ts';
import { dataOf, parseBinary, parseData } from './wire.ts';

export const listed = (who: readonly string[]): Json[] => [...who];
export const isOfService = ({ kind }: Pick<ConversationKey, 'kind'>): boolean =>
  kind === 'service' || kind === 'thread';

/** undefined: who goes by himself asks nobody. */
export function callBefore(app: App, what: Before, nowMs: number): JsonObject | undefined {
  const by = what.who ?? '';
  const sourceIP = what.address ?? '';
  switch (what.hook) {
    case 'message': {
      const { draft, conversation, receivers } = what;
      const { data: content, bin } = dataOf(draft);
      const flags = draft.flags ?? 0;
      return {
        fromPeer: by,
        convId: conversation.id,
        toPeers: listed(receivers),
        transient: (flags & messageFlags.onlineOnly) !== 0,
        receipt: (flags & messageFlags.receipt) !== 0,
        system: isOfService(conversation),
        bin,
        content,
        timestamp: nowMs,
        sourceIP,
      };
    }
    case 'edit': {
      const { message, conversation, receivers, content: words, original } = what;
      const { data: content, bin } = dataOf({ content: words, original });
      return {
        fromPeer: by,
        convId: conversation.id,
        msgId: midOf(app, message),
        timestamp: message.ts,
        toPeers: listed(receivers),
        recall: words.type === 'recalled',
        system: isOfService(conversation),
        bin,
        content,
        sourceIP,
      };
    }
    case 'absent': {
      const { message, conversation, absent, mentions } = what;
      const { data: content, bin } = dataOf(message);
      const { all = false, who = [] } = mentions ?? {};
      return {
        fromPeer: by,
        convId: conversation.id,
        offlinePeers: listed(absent),
        content,
        bin,
        timestamp: message.ts,
        mentionAll: all,
        mentionOfflinePeers: listed(all ? absent : absent.filter((one) => who.includes(one))),
      };
    }
    case 'create':
      return {
        initBy: by,
        members: listed(what.wish.members),
        attr: { ...namedBy(what.wish.name), attr: what.wish.attributes },
      };
    case 'add':
    case 'remove': {
      const { members, hook, conversation } = what;
      if (hook === 'remove' && members.length === 1 && members[0] === by) return undefined;
      return { initBy: by, convId: conversation.id, members: listed(members) };
    }
    case 'change':
      return { initBy: by, convId: what.conversation.id, attr: attrOf(what.change) };
    case 'quiet':
      return { initBy: by, convId: what.conversation.id, mute: what.on };
    case 'vouch':
      return what.user;
    default:
      return what satisfies never;
  }
}

const namedBy = (name: string | null | undefined): JsonObject => (name === null || name === undefined ? {} : { name });

/** A change as a request would ask for it. */
const attrOf = ({ name, attributes, steps = [] }: ConversationChange): JsonObject => ({
  ...(name === undefined ? {} : { name }),
  ...(attributes?.mode === 'replace' ? { attr: attributes.values } : {}),
  ...Object.fromEntries(
    steps.map((step) => [[...(step.in === 'attributes' ? ['attr'] : []), ...step.path].join('.'), operationOf(step)]),
  ),
});

export function sayOf({ hook }: Before, answer: JsonObject): Say {
  switch (hook) {
    case 'message':
    case 'edit':
      return ofWords(hook, answer);
    case 'absent':
      return ofPush(answer);
    case 'vouch':
      return answer.result === false || typeof answer.error === 'string'
        ? { reject: { detail: textOf(answer.error) ?? 'The application does not vouch for this user.' } }
        : {};
    default:
      if (answer.reject === true)
        return { reject: { ...codeOf(answer), detail: textOf(answer.detail) ?? reasons[4305] } };
      if (hook === 'change' && isJsonObject(answer.attr)) return { change: changeOf(answer.attr) };
      if (hook === 'quiet' && typeof answer.mute === 'boolean') return { on: answer.mute };
      return {};
  }
}

/** A code or words refuse it; `drop` alone lets a new message vanish. */
function ofWords(hook: 'message' | 'edit', answer: JsonObject): Say {
  if (answer.drop === true) {
    const code = codeOf(answer);
    const detail = textOf(answer.detail);
    if (hook === 'message' && detail === undefined && code.code === undefined) return { drop: true };
    return { reject: { ...code, detail: detail ?? reasons[hook === 'message' ? 4402 : 4405] } };
  }
  const { content, bin } = answer;
  const peers = textsOf(answer.toPeers);
  return {
    ...(typeof content !== 'string'
      ? {}
      : { draft: bin === true ? parseBinary(Buffer.from(content, 'base64')) : parseData(content) }),
    ...(peers ? { receivers: peers } : {}),
  };
}

function ofPush({ skip, offlinePeers, pushMessage, force }: JsonObject): Say {
  if (skip === true) return { drop: true };
  const receivers = textsOf(offlinePeers);
  const push = pushWordsOf(pushMessage);
  return {
    ...(receivers ? { receivers } : {}),
    ...(push ? { push } : {}),
    ...(force === true ? { force: true } : {}),
  };
}

const codeOf = ({ code }: JsonObject): { code?: number } => (typeof code === 'number' ? { code } : {});
const textOf = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
const textsOf = (value: Json | undefined): string[] | undefined =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined;
