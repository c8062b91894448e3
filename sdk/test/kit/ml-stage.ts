// What the cases of MaxLeap's JavaScript page play on: who is there, and how a function with a callback is asked.
import assert from 'node:assert/strict';
import type { MlFace } from '../../src/ml.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers have the shapes that the case checks
export type Answer = any;

export type Stage = {
  /** Under test, logged in as `me`. */
  readonly im: MlFace;
  readonly me: string;
  /** Another user, a friend of `me`, logged in. */
  readonly peer: MlFace;
  readonly peerId: string;
  /** Somebody nobody knows, made anew by each call. */
  stranger(): string;
  /** Another connection of `me`. */
  readonly elsewhere: MlFace;
  /** Another friend, who logs in and out again. */
  readonly visitorId: string;
  visit(): Promise<void>;
};

/** Calls a function whose callback is its last argument but for what stands in `after`; checks the callback's shape. */
export async function ask(
  call: (callback: (...heard: Answer[]) => void) => unknown,
): Promise<{ error: Answer; data: Answer }> {
  const heard = await new Promise<Answer[]>((resolve) => {
    const answered = call((...all) => resolve(all));
    assert.equal(answered, undefined, 'functions with a callback return nothing');
  });
  return { error: heard[0], data: heard[1] };
}

/** The data of a call that succeeds: `callback(null, data)`. */
export async function good(call: (callback: (...heard: Answer[]) => void) => unknown): Promise<Answer> {
  const { error, data } = await ask(call);
  assert.equal(error, null);
  return data;
}

export const newGroup = (s: Stage): Promise<string> =>
  good((cb) => s.im.addGroup({ owner: s.me, name: 'geese', members: [s.peerId] }, cb));
export const newRoom = (s: Stage): Promise<string> =>
  good((cb) => s.im.addRoom({ name: 'pond', members: [s.me, s.peerId] }, cb));
export const say = async (s: Stage, body: string): Promise<void> => {
  await s.im.toFriend(s.peerId).text(body).ok().done;
};
export const note = (body: string) => ({ content: { media: 0, body }, ts: 1455620323804 });
