// Asking a third party: in time, with a bounded answer, and never more than a few at once.
import { ImError } from '../core/errors.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';

const timeoutMs = 5_000;
const answerBytesMax = 256 * 1024;
const atOnceMax = 64;
let asking = 0;

/** The JSON object it answers, whatever its status. Throws `unavailable`. */
export async function getJson(url: string | URL, init: RequestInit = {}): Promise<JsonObject> {
  if (asking >= atOnceMax) throw unavailable();
  asking += 1;
  try {
    const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs), ...init });
    if (answer.status >= 500) throw new Error(`it answered ${answer.status}`);
    const value: unknown = JSON.parse(await textOf(answer));
    if (!isJsonObject(value)) throw new Error('it answered no object');
    return value;
  } catch (cause) {
    throw unavailable(cause);
  } finally {
    asking -= 1;
  }
}

async function textOf(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length;
    if (bytes > answerBytesMax) throw new Error('its answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const unavailable = (cause?: unknown): ImError =>
  new ImError('unavailable', 'the provider cannot be asked now', { what: 'provider' }, { cause });
