// One request to an application's own server, with the app's own credentials: three tries, 200 means that it was taken.
import type { Address } from '../../core/apps/address.ts';
import type { App } from '../../core/apps/app.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Log } from '../../core/ports/log.ts';

export type TellParts = {
  readonly log: Log;
  readonly times: {
    readonly attemptMsMax: number;
    /** Before the second try; twice as long before the third. */
    readonly backoffMs: number;
  };
  /** Aborted: nothing more is tried. */
  readonly end: AbortSignal;
};

const tries = 3;

/** Resolves when it was taken, or given up. Nothing happens without an address. */
export async function tellServer(
  { log, times, end }: TellParts,
  app: App,
  address: Address | null,
  body: JsonObject,
): Promise<void> {
  if (!address) return;
  const text = JSON.stringify(body);
  for (let n = 1; n <= tries; n++) {
    const why = await post(app, address, text, AbortSignal.any([end, AbortSignal.timeout(times.attemptMsMax)]));
    if (why === undefined || end.aborted) return;
    log.warn({ app: app.id, tries: n, why }, 'a callback was not taken');
    if (n < tries) await pause(times.backoffMs * n, end);
  }
}

/** undefined: taken. */
async function post(app: App, { url }: Address, body: string, signal: AbortSignal): Promise<string | undefined> {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    authorization: `Basic ${Buffer.from(`${app.id}:${app.masterKey}`).toString('base64')}`,
  };
  try {
    const answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
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
