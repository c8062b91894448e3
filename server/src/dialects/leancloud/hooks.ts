// An application's own server has a say: each hook is a POST of its parameters, under the name that the vendor's cloud
// functions had. What cannot be asked counts as no opinion, unless the application wants it refused.
import type { App } from '../../core/apps/app.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { messageFlags } from '../../core/messages/message.ts';
import { midOf } from '../../core/messages/mid.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { After, Before, Hooks, Say } from '../../core/ports/hooks.ts';
import type { Log } from '../../core/ports/log.ts';
import { parseJson } from '../../http/json.ts';
import { reasons } from './errors.ts';
import { dataOf, parseBinary, parseData } from './wire.ts';

const timeoutMs = 3_000;

type Call = { readonly name: string; readonly params: JsonObject };

export function leancloudHooks({ log, clock }: { log: Log; clock: Clock }): Hooks {
  return {
    // Asked for every message: an app without hooks must cost nothing.
    wants: (app) => Boolean(app.settings['leancloud.hooks']),
    async before(app, what) {
      const call = callBefore(app, what, clock.now());
      if (call === undefined) return {};
      try {
        return sayOf(what, await ask(app, call));
      } catch (err) {
        log.warn({ err, app: app.id, hook: call.name }, 'a hook could not be asked');
        if (!app.settings['leancloud.hooksMustAnswer']) return {};
        return { reject: { detail: 'The hook of the application could not be asked.' } };
      }
    },
    after(app, what) {
      for (const call of callsAfter(app, what))
        ask(app, call).catch((err) => log.warn({ err, app: app.id, hook: call.name }, 'a hook could not be told'));
    },
  };
}

/** The object that the hook answers, in `result` or as it is. */
async function ask(app: App, { name, params }: Call): Promise<JsonObject> {
  const hook = app.settings['leancloud.hooks'];
  if (!hook) return {};
  const answer = await fetch(`${hook.url.replace(/\/$/, '')}/1.1/functions/${name}`, {
    method: 'POST',
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
    headers: { 'Content-Type': 'application/json', 'X-LC-Id': app.id, 'X-LC-Hook-Key': hook.secret },
    body: JSON.stringify(params),
  });
  const text = await answer.text();
  // A hook that the application has not written has no opinion.
  if (answer.status === 404) return {};
  if (!answer.ok) throw new Error(`it answered ${answer.status}`);
  const body: Json = text === '' ? {} : parseJson(text);
  if (!isJsonObject(body)) return {};
  return isJsonObject(body.result) ? body.result : body;
}

const listed = (who: readonly string[]): Json[] => [...who];

function callBefore(app: App, what: Before, nowMs: number): Call | undefined {
  const by = what.who ?? '';
  switch (what.hook) {
    case 'message': {
      const { data, bin } = dataOf(what.draft);
      const flags = what.draft.flags ?? 0;
      const params = {
        fromPeer: by,
        convId: what.conversation.id,
        toPeers: listed(what.receivers),
        transient: (flags & messageFlags.onlineOnly) !== 0,
        receipt: (flags & messageFlags.receipt) !== 0,
        system: what.conversation.kind === 'service' || what.conversation.kind === 'thread',
        bin,
        content: data,
        timestamp: nowMs,
        sourceIP: '',
      };
      return { name: '_messageReceived', params };
    }
    case 'edit': {
      const { data, bin } = dataOf({ content: what.content });
      const { ts } = what.message;
      const common = { fromPeer: by, convId: what.conversation.id, msgId: midOf(app, what.message), timestamp: ts };
      const recall = what.content.type === 'recalled';
      return { name: '_messageUpdate', params: { ...common, bin, content: data, recall, sourceIP: '' } };
    }
    case 'create':
      return {
        name: '_conversationStart',
        params: { initBy: by, members: listed(what.wish.members), attr: what.wish.attributes },
      };
    case 'add':
    case 'remove': {
      const { members } = what;
      // Who goes by himself asks nobody.
      if (what.hook === 'remove' && members.length === 1 && members[0] === by) return undefined;
      const name = what.hook === 'add' ? '_conversationAdd' : '_conversationRemove';
      return { name, params: { initBy: by, convId: what.conversation.id, members: listed(members) } };
    }
    case 'change': {
      const { name, attributes, steps = [] } = what.change;
      const attr: JsonObject = {
        ...(name === undefined ? {} : { name }),
        ...(attributes?.mode === 'replace' ? { attr: attributes.values } : {}),
        ...Object.fromEntries(
          steps.map((step) => [step.path.join('.'), step.do === 'set' ? step.value : { __op: step.do }]),
        ),
      };
      return { name: '_conversationUpdate', params: { initBy: by, convId: what.conversation.id, attr } };
    }
    default:
      return what satisfies never;
  }
}

/** Of a message: a code or words refuse it, `drop` alone lets it vanish; of the rest `reject` refuses. */
function sayOf({ hook }: Before, answer: JsonObject): Say {
  const code = typeof answer.code === 'number' ? { code: answer.code } : {};
  const detail = typeof answer.detail === 'string' ? answer.detail : undefined;
  if (hook !== 'message' && hook !== 'edit')
    return answer.reject === true ? { reject: { ...code, detail: detail ?? reasons[4305] } } : {};
  if (answer.drop === true) {
    const silently = hook === 'message' && detail === undefined && !('code' in code);
    return silently ? { drop: true } : { reject: { ...code, detail: detail ?? reasons[4402] } };
  }
  const { content, toPeers } = answer;
  const bytes = answer.bin === true && typeof content === 'string' ? Buffer.from(content, 'base64') : undefined;
  const peers = Array.isArray(toPeers) ? toPeers.filter((one) => typeof one === 'string') : undefined;
  return {
    ...(bytes ? { draft: parseBinary(bytes) } : typeof content === 'string' ? { draft: parseData(content) } : {}),
    ...(peers ? { receivers: peers } : {}),
  };
}

function callsAfter(app: App, what: After): Call[] {
  switch (what.hook) {
    case 'message-sent': {
      const { message, conversation, online, absent } = what;
      const { data, bin } = dataOf(message);
      const params = {
        fromPeer: message.sender ?? '',
        convId: conversation.id,
        msgId: midOf(app, message),
        onlinePeers: listed(online),
        offlinePeers: listed(absent),
        transient: message.no === 0,
        receipt: (message.flags & messageFlags.receipt) !== 0,
        system: conversation.kind === 'service' || conversation.kind === 'thread',
        bin,
        content: data,
        timestamp: message.ts,
        sourceIP: '',
      };
      return [{ name: '_messageSent', params }];
    }
    case 'created':
      return [{ name: '_conversationStarted', params: { convId: what.conversation.id } }];
    case 'added':
    case 'removed': {
      const name = what.hook === 'added' ? '_conversationAdded' : '_conversationRemoved';
      const params = { initBy: what.who ?? '', convId: what.conversation.id, members: listed(what.members) };
      return [{ name, params }];
    }
    // The vendor has no word for it.
    case 'changed':
      return [];
    case 'online':
    case 'offline': {
      const name = what.hook === 'online' ? '_clientOnline' : '_clientOffline';
      return [{ name, params: { peerId: what.who ?? '', sourceIP: '' } }];
    }
    default:
      return what satisfies never;
  }
}
