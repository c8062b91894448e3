// What tests of accounts say often.
import assert from 'node:assert/strict';
import type { Answer } from './world.ts';

/** The envelope of the account service: this status, this number in both its keys, a sentence in both. */
export function accountError(answer: Answer, status: number, code: number): void {
  const { error, errorMessage } = answer.body ?? {};
  assert.deepEqual(answer.body, { code, error, errorCode: code, errorMessage }, answer.text);
  assert.ok(typeof error === 'string' && error === errorMessage && error !== '');
  assert.equal(answer.status, status, answer.text);
}

/** A session token instead of a key. */
export const session = (token: string) => ({ bare: true, headers: { 'x-ml-session-token': token } });
