// Where a link leads: whether there is a file, and its bytes.
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { Found } from '../core/imports/bring-files.ts';

const triesMax = 4;
const timeoutMs = 60_000;
const waitMs = 500;

/** Never throws for what the other side does. `bytes` false: only a question. */
export async function lookForFile(url: string, bytes: boolean): Promise<Found> {
  for (let tries = 1; ; tries++) {
    try {
      // A link to elsewhere would lead past the hosts that were allowed.
      const answer = await fetch(url, {
        method: bytes ? 'GET' : 'HEAD',
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      const again = answer.status === 429 || answer.status >= 500;
      if (!again || tries >= triesMax) return foundIn(answer, url);
      await answer.body?.cancel();
    } catch (error) {
      const { cause } = error as Error;
      if (tries >= triesMax)
        return { missing: `no answer: ${(cause as Error | undefined)?.message ?? (error as Error).message}` };
    }
    await wait(waitMs * 2 ** tries);
  }
}

async function foundIn(answer: Response, url: string): Promise<Found> {
  if (!answer.ok) {
    await answer.body?.cancel();
    return { missing: `is not there: ${answer.status}` };
  }
  const stream = answer.body
    ? Readable.fromWeb(answer.body as import('node:stream/web').ReadableStream)
    : Readable.from([]);
  stream.on('error', () => {});
  return {
    name: new URL(url).pathname.split('/').at(-1) ?? '',
    type: answer.headers.get('content-type') ?? undefined,
    stream,
  };
}
