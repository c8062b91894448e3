// Messages are told to the application's own server, as reports show them: many in one request, one request at a time for
// each app, three tries. What waits is kept in memory: after a crash the report has it.
import type { App } from '../../core/apps/app.ts';
import type { Core } from '../../core/core.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Message } from '../../core/messages/message.ts';
import { toStored } from './stored-form.ts';

export type CallbackTimes = {
  readonly attemptMsMax: number;
  /** What is waiting gets at the end. */
  readonly graceMs: number;
  /** Before the second try; doubled for the third. */
  readonly backoffMs: number;
};

export const usualTimes: CallbackTimes = { attemptMsMax: 5_000, graceMs: 3_000, backoffMs: 1_000 };

const tries = 3;
const messagesPerCallMax = 100;
/** Of one app; above it the newest are not told. */
const waitingMax = 10_000;
/** How long the apps' settings are believed. */
const appsAgeMs = 1_000;

type Ports = Pick<Core, 'store' | 'bus' | 'apps' | 'clock' | 'log'>;
type Queue = { readonly waiting: Message[]; working: boolean; lost: boolean };

export type Callbacks = {
  /** Nothing new is taken; resolves when what waits has been told, or its time is over. */
  stop(): Promise<void>;
};

export function openCallbacks(core: Ports, times: CallbackTimes = usualTimes): Callbacks {
  const queues = new Map<number, Queue>();
  const appOf = rememberApps(core);
  const end = new AbortController();
  const running = new Set<Promise<void>>();
  let stopped = false;

  core.bus.onEvent((event) => {
    if (event.type !== 'message' || stopped) return;
    const taking = take(event.app, event.message).finally(() => running.delete(taking));
    running.add(taking);
  });

  async function take(no: number, message: Message): Promise<void> {
    const app = await appOf(no).catch(() => undefined);
    if (!app?.settings['jmessage.callback']) return;
    const queue = queues.get(no) ?? { waiting: [], working: false, lost: false };
    queues.set(no, queue);
    if (queue.waiting.length < waitingMax) queue.waiting.push(message);
    else if (!queue.lost) {
      queue.lost = true;
      core.log.warn({ app: app.id }, 'a callback is too slow: messages are left out');
    }
    if (!queue.working) await work(app, queue);
  }

  async function work(app: App, queue: Queue): Promise<void> {
    queue.working = true;
    try {
      while (queue.waiting.length > 0 && !end.signal.aborted) {
        const some = queue.waiting.splice(0, messagesPerCallMax);
        await tell(app, await toStored(core, app, some));
      }
      queue.lost = false;
    } catch (err) {
      core.log.warn({ err, app: app.id }, 'messages could not be told');
    } finally {
      queue.working = false;
    }
  }

  async function tell(app: App, messages: readonly JsonObject[]): Promise<void> {
    for (let n = 1; n <= tries; n++) {
      const why = await post(app, messages, AbortSignal.any([end.signal, AbortSignal.timeout(times.attemptMsMax)]));
      if (why === undefined) return;
      core.log.warn({ app: app.id, tries: n, why }, 'messages were not taken');
      if (n < tries) await pause(times.backoffMs * n, end.signal);
    }
  }

  return {
    async stop() {
      stopped = true;
      const grace = setTimeout(() => end.abort(), times.graceMs);
      await Promise.all(running);
      clearTimeout(grace);
    },
  };
}

/** undefined: taken. */
async function post(app: App, messages: readonly JsonObject[], signal: AbortSignal): Promise<string | undefined> {
  const callback = app.settings['jmessage.callback'];
  if (!callback) return undefined;
  const body = JSON.stringify({ total: messages.length, messages });
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    authorization: `Basic ${Buffer.from(`${app.id}:${app.masterKey}`).toString('base64')}`,
  };
  try {
    const answer = await fetch(callback.url, { method: 'POST', headers, body, signal, redirect: 'manual' });
    await answer.body?.cancel();
    return answer.status === 200 ? undefined : `${answer.status}`;
  } catch {
    return signal.aborted ? 'no answer in time' : 'the network failed';
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });

/** Apps by their numbers, asked for anew every second. */
function rememberApps({ store, clock }: Ports): (no: number) => Promise<App | undefined> {
  let apps: Promise<Map<number, App>> | undefined;
  let until = 0;
  return async (no) => {
    if (!apps || until <= clock.now()) {
      apps = store.apps.list().then((list) => new Map(list.map((app) => [app.no, app])));
      until = clock.now() + appsAgeMs;
      apps.catch(() => {
        apps = undefined;
      });
    }
    return (await apps).get(no);
  };
}
