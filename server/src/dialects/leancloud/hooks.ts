// An application's own server has a say: each hook is a POST of its parameters, under the name that the vendor's cloud
// functions had. What cannot be asked counts as no opinion, unless the application wants it refused.
import type { App } from '../../core/apps/app.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { After, Before, Hooks } from '../../core/ports/hooks.ts';
import type { Log } from '../../core/ports/log.ts';
import { parseJson } from '../../http/json.ts';
import { signFor } from './auth.ts';
import { callAfter } from './hooks-after.ts';
import { callBefore, sayOf } from './hooks-before.ts';

const timeoutMs = 3_000;
/** Of an answer; a message and its words have less. */
const answerCharsMax = 256 * 1024;

export type HookCall = { readonly name: string; readonly params: JsonObject };

/** What the vendor calls them; a change that was made it has no word for. */
const names: Readonly<Record<Before['hook'] | After['hook'], string | undefined>> = {
  message: '_messageReceived',
  edit: '_messageUpdate',
  create: '_conversationStart',
  add: '_conversationAdd',
  remove: '_conversationRemove',
  change: '_conversationUpdate',
  quiet: '_conversationUpdate',
  absent: '_receiversOffline',
  vouch: '_rtmClientSign',
  'message-sent': '_messageSent',
  created: '_conversationStarted',
  added: '_conversationAdded',
  removed: '_conversationRemoved',
  changed: undefined,
  online: '_clientOnline',
  offline: '_clientOffline',
};

export function leancloudHooks({ log, clock }: { log: Log; clock: Clock }): Hooks {
  return {
    // Asked for every message: an app without hooks must cost nothing.
    wants({ settings }, hook) {
      if (!settings['leancloud.hooks']) return false;
      const name = names[hook];
      const wanted = settings['leancloud.hookNames'];
      return name !== undefined && (wanted.length === 0 || wanted.includes(name));
    },
    async before(app, what) {
      const name = names[what.hook];
      const params = callBefore(app, what, clock.now());
      if (name === undefined || params === undefined) return {};
      try {
        return sayOf(what, await ask(app, { name, params }, clock.now()));
      } catch (err) {
        log.warn({ err, app: app.id, hook: name }, 'a hook could not be asked');
        if (!app.settings['leancloud.hooksMustAnswer']) return {};
        return { reject: { detail: 'The hook of the application could not be asked.' } };
      }
    },
    after(app, what) {
      const name = names[what.hook];
      const params = callAfter(app, what);
      if (name === undefined || params === undefined) return;
      ask(app, { name, params }, clock.now()).catch((err) =>
        log.warn({ err, app: app.id, hook: name }, 'a hook could not be told'),
      );
    },
  };
}

/** The object that the hook answers, in `result` or as it is. */
async function ask(app: App, { name, params }: HookCall, nowMs: number): Promise<JsonObject> {
  const hook = app.settings['leancloud.hooks'];
  if (!hook) return {};
  const answer = await fetch(`${hook.url.replace(/\/$/, '')}/1.1/functions/${name}`, {
    method: 'POST',
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
    headers: {
      'Content-Type': 'application/json',
      'X-LC-Id': app.id,
      'X-LC-Sign': signFor(app, nowMs),
      'X-LC-Hook-Key': hook.secret,
    },
    body: JSON.stringify(params),
  });
  const text = await answer.text();
  // A hook that the application has not written has no opinion.
  if (answer.status === 404) return {};
  if (!answer.ok) throw new Error(`it answered ${answer.status}`);
  if (text.length > answerCharsMax) throw new Error('its answer is too long');
  const body: Json = text === '' ? {} : parseJson(text);
  if (!isJsonObject(body)) return {};
  return isJsonObject(body.result) ? body.result : body;
}
