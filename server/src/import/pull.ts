// Asks a service over HTTP as a good guest: so many requests a second, and patience when it says no or nothing.
import { setTimeout as wait } from 'node:timers/promises';
import { type Pull, SourceError } from '../core/imports/source.ts';
import type { Json } from '../core/json.ts';

export type PullOptions = {
  /** `https://host`, without a slash at its end. */
  readonly base: string;
  readonly headers: Readonly<Record<string, string>>;
  /** 0: as fast as it goes. */
  readonly requestsPerSecond: number;
  readonly triesMax?: number;
  readonly say?: (line: string) => void;
};

const usualTries = 8;
const timeoutMs = 60_000;
const waitMsFirst = 500;
const waitMsMax = 60_000;

export type Puller = { readonly pull: Pull; readonly requests: () => number };

/** Throws SourceError when the service says no, or nothing after all tries. */
export function openPull(options: PullOptions): Puller {
  const { base, headers, requestsPerSecond, triesMax = usualTries } = options;
  let requests = 0;
  let free = 0;

  /** One slot after the other; who waits longer does not delay who came before. */
  async function turn(): Promise<void> {
    if (requestsPerSecond <= 0) return;
    const now = performance.now();
    const mine = Math.max(now, free);
    free = mine + 1000 / requestsPerSecond;
    if (mine > now) await wait(mine - now);
  }

  const pull: Pull = async (path, query = {}) => {
    const url = new URL(base + path);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    for (let tries = 1; ; tries++) {
      await turn();
      requests += 1;
      const answer = await ask(url, headers);
      if (answer.status >= 200 && answer.status < 300) return answer.body;
      const again = answer.status === 0 || answer.status === 429 || answer.status >= 500;
      if (!again || tries >= triesMax) throw new SourceError(url.pathname, answer.status, answer.body);
      const pause = Math.min(waitMsMax, answer.retryAfterMs ?? waitMsFirst * 2 ** (tries - 1));
      if (pause >= 5_000)
        options.say?.(`${url.pathname}: ${answer.status || 'no answer'}, again in ${Math.round(pause / 1000)} s`);
      // Everybody waits: the service has had too much, or is not well.
      free = Math.max(free, performance.now() + pause);
      await wait(pause * (1 + Math.random() / 4));
    }
  };
  return { pull, requests: () => requests };
}

type Answer = { readonly status: number; readonly body: Json; readonly retryAfterMs?: number };

/** Status 0: no answer, or one that breaks off. */
async function ask(url: URL, headers: Readonly<Record<string, string>>): Promise<Answer> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMs), redirect: 'error' });
    const text = await response.text();
    const after = Number(response.headers.get('retry-after'));
    return {
      status: response.status,
      body: jsonOf(text, response.ok),
      ...(after > 0 ? { retryAfterMs: after * 1000 } : {}),
    };
  } catch (error) {
    const { cause, message } = error as Error;
    return { status: 0, body: cause instanceof Error ? cause.message : message };
  }
}

/** An error may be answered in any words; what is good is JSON. */
function jsonOf(text: string, strict: boolean): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    if (strict) throw error;
    return text.slice(0, 500);
  }
}
