// What tests of the REST door say often.
import assert from 'node:assert/strict';
import type { PrincipalKey } from '../../src/core/ids.ts';
import type { Message } from '../../src/core/messages/message.ts';
import { type SendTarget, sendMessage } from '../../src/core/messages/send.ts';
import { sessionPolicy } from '../../src/core/messages/speak.ts';
import type { Answer, World } from './world.ts';

/** The envelope of an error: this status, this number, a sentence, JSON. */
export function refused(answer: Answer, status: number, errorCode: number): void {
  assert.deepEqual([answer.status, answer.body?.errorCode], [status, errorCode], answer.text);
  assert.equal(typeof answer.body.errorMessage, 'string');
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
}

/** The body of a success; fails with the answer's own words. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export function done(answer: Answer, status?: number): any {
  assert.ok(answer.status >= 200 && answer.status < 300, `${answer.status} ${answer.text}`);
  if (status !== undefined) assert.equal(answer.status, status);
  return answer.body;
}

/** Texts said one after the other, without sockets: as friends, as strangers, or as members. */
export async function talk(
  { core, app }: World,
  who: PrincipalKey,
  target: SendTarget,
  ...texts: string[]
): Promise<Message[]> {
  const said: Message[] = [];
  const as = who.startsWith(':') ? 'passenger' : 'user';
  for (const text of texts) {
    said.push(await sendMessage(core, app, { who, as }, target, { content: { type: 'text', text } }, sessionPolicy));
  }
  return said;
}

export const to = (id: string): SendTarget => ({ kind: 'direct', to: id });
export const inGroup = (id: string): SendTarget => ({ kind: 'group', id });

export const days = (n: number): number => n * 86_400_000;
