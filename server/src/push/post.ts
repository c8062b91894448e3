// One request to a push service, and how its answers are read where the services agree.
import type { Outcome } from '../core/ports/push.ts';

/** `text`: at most the first 16 KiB. */
export type Reply = { readonly status: number; readonly headers: Headers; readonly text: string };

const replyBytesMax = 16 * 1024;
const retryAfterMsMax = 6 * 60 * 60_000;

/** Follows no redirects: a key or a message goes where the operator sent it. A failure of the network is an Outcome. */
export async function post(
  url: string | URL,
  headers: Record<string, string>,
  body: string | Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<Reply | Outcome> {
  try {
    const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
    return { status: response.status, headers: response.headers, text: await beginning(response) };
  } catch (error) {
    return { kind: 'retry', why: signal.aborted ? 'no answer in time' : networkWord(error) };
  }
}

export const isReply = (answer: Reply | Outcome): answer is Reply => 'status' in answer;

/** What most services mean by a status. `reason`: a word of theirs, for the log. */
export function outcomeOf({ status, headers }: Reply, reason = ''): Outcome {
  const why = [`${status}`, reason].filter(Boolean).join(' ');
  if (status >= 200 && status < 300) return { kind: 'sent' };
  if (status === 404 || status === 410) return { kind: 'dead-token' };
  if (status === 408 || status === 425 || status === 429 || status >= 500)
    return { kind: 'retry', why, ...retryAfter(headers.get('retry-after')) };
  return { kind: 'rejected', why };
}

/** The header's seconds or date. */
export function retryAfter(value: string | null | undefined): { afterMs?: number } {
  if (!value) return {};
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? { afterMs: Math.min(ms, retryAfterMsMax) } : {};
}

/** A word of an answer's JSON, or nothing: answers go into the log, so only what looks like a code does. */
export const codeIn = (value: unknown): string =>
  typeof value === 'string' && /^[\w.-]{1,64}$/.test(value) ? value : '';

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function networkWord(error: unknown): string {
  const cause = (error as { cause?: { code?: unknown } }).cause;
  return codeIn(cause?.code) || 'the network failed';
}

async function beginning(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    pieces.push(piece);
    bytes += piece.length;
    // Leaving the loop cancels the rest.
    if (bytes >= replyBytesMax) break;
  }
  return Buffer.concat(pieces).subarray(0, replyBytesMax).toString();
}
