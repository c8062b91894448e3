// Reading history, and how messages go, in the store's contract.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageFlags } from '../../src/core/messages/message.ts';
import { type Bench, gathered, text } from './store.suite.ts';

const friends = messageFlags.betweenFriends;

export function messageCases(bench: Bench): void {
  /** A conversation with messages `0`, `1`, … and their times. */
  async function talk(count: number, flags = (_n: number) => 0): Promise<{ app: number; no: number; ts: number[] }> {
    const app = await bench.appWith('a', 'b');
    const { no } = await gathered(bench, app, ['a', 'b']);
    const ts: number[] = [];
    for (let n = 0; n < count; n++) {
      ts.push((await bench.store.messages.append(text(app, no, 'a', String(n), { flags: flags(n), ref: `r${n}` }))).ts);
    }
    return { app, no, ts };
  }
  const words = (messages: readonly ({ content: object } | null)[]) =>
    messages.map((message) => (message ? (message.content as { text?: string }).text : '–')).join(' ');

  test('[CORE-33] a page holds the newest messages inside its range, oldest first; bounds are exclusive', async () => {
    const { store } = bench;
    const { app, no, ts } = await talk(10);
    const page = async (range: { before?: number; after?: number }, limit: number) =>
      words(await store.messages.page(app, no, range, limit));
    assert.equal(await page({}, 3), '7 8 9');
    assert.equal(await page({ before: ts[7] }, 3), '4 5 6');
    assert.equal(await page({ after: ts[6] }, 9), '7 8 9');
    assert.equal(await page({ after: ts[1], before: ts[5] }, 9), '2 3 4');
    assert.equal(await page({ after: ts[1], before: ts[5] }, 2), '3 4');
    assert.equal(await page({ before: ts[0] }, 9), '');
    assert.deepEqual(await store.messages.page(app, 5, {}, 9), []);
  });

  test('[CORE-33] filters keep friends’ and strangers’ talk apart, and leave out what was announced', async () => {
    const { store } = bench;
    const { app, no } = await talk(6, (n) => (n % 2 ? friends | 1 : 2));
    await store.messages.append(text(app, no, null, 'app'));
    await store.messages.append({ ...text(app, no, 'a', 'admin'), as: 'admin' });
    const page = async (filter: Parameters<typeof store.messages.page>[4]) =>
      words(await store.messages.page(app, no, {}, 99, filter));
    assert.equal(await page({ betweenFriends: true }), '1 3 5');
    assert.equal(await page({ betweenFriends: false }), '0 2 4 app admin');
    assert.equal(await page({ betweenFriends: false, spoken: true }), '0 2 4');
    assert.equal(await page({ spoken: true }), '0 1 2 3 4 5');
    assert.equal(await page({ spoken: false }), '0 1 2 3 4 5 app admin');
  });

  test('[CORE-34] the newest of many conversations come in the order asked, each in its range, without what one has hidden', async () => {
    const { store } = bench;
    const { app, no, ts } = await talk(4, (n) => (n === 2 ? friends : 0));
    const quiet = await gathered(bench, app, ['a']);
    const of = (...asked: Parameters<typeof store.messages.newest>[1]) => store.messages.newest(app, asked).then(words);
    assert.equal(
      await of({ conversation: no }, { conversation: quiet.no }, { conversation: 1 }, { conversation: no }),
      '3 – – 3',
    );
    assert.equal(await of({ conversation: no, filter: { betweenFriends: true } }), '2');
    assert.equal(await of({ conversation: no, after: ts[2], filter: { betweenFriends: true } }), '–');
    assert.equal(await of({ conversation: no, after: ts[3] }), '–');
    await store.messages.hide(app, no, 'b', ts[3] ?? 0);
    assert.equal(await of({ conversation: no, hiddenFor: 'b' }, { conversation: no, hiddenFor: 'a' }), '– 3');
    const many = Array.from({ length: 150 }, (_, n) => ({ conversation: n % 3 ? quiet.no : no }));
    assert.equal(await of(...many), many.map((_, n) => (n % 3 ? '–' : '3')).join(' '));
    assert.deepEqual(await store.messages.newest(app, []), []);
    const [same] = await store.messages.newest(app, [{ conversation: no }]);
    assert.deepEqual(same, (await store.messages.page(app, no, {}, 1))[0]);
  });

  test('[CORE-35] hiding is for one, and never moves back', async () => {
    const { store } = bench;
    const { app, no } = await talk(1);
    assert.equal(await store.messages.hiddenTs(app, no, 'a'), 0);
    await Promise.all([5, 9, 7].map((ts) => store.messages.hide(app, no, 'a', ts)));
    await store.messages.hide(app, no, 'a', 3);
    assert.equal(await store.messages.hiddenTs(app, no, 'a'), 9);
    assert.equal(await store.messages.hiddenTs(app, no, 'b'), 0);
  });

  test('[CORE-36] clearing takes messages away for all, in slices; a late retry does not bring one back', async () => {
    const { store } = bench;
    const { app, no, ts } = await talk(7);
    const upTo = ts[4] ?? 0;
    assert.deepEqual(await store.messages.clear(app, no, upTo, 3), { done: false });
    assert.equal(words(await store.messages.page(app, no, {}, 99)), '3 4 5 6');
    assert.deepEqual(await store.messages.clear(app, no, upTo, 3), { done: true });
    assert.equal(words(await store.messages.page(app, no, {}, 99)), '5 6');
    const retry = await store.messages.append(text(app, no, 'a', '2', { ref: 'r2' }));
    assert.deepEqual([retry.ts, retry.fresh], [ts[2], false]);
    assert.equal(words(await store.messages.page(app, no, {}, 99)), '5 6');
    assert.equal((await store.conversations.withMembers(app, no))?.lastTs, ts[6]);
    while (!(await store.messages.clear(app, no, Number.MAX_SAFE_INTEGER, 1)).done);
    assert.deepEqual(await store.messages.newest(app, [{ conversation: no }]), [null]);
    assert.equal((await store.conversations.withMembers(app, no))?.lastTs, 0, 'there is no newest message any more');
    const next = await store.messages.append(text(app, no, 'a', 'next'));
    assert.ok(next.ts > (ts[6] ?? 0));
    assert.equal(words(await store.messages.page(app, no, {}, 99)), 'next');
    assert.deepEqual(await store.messages.clear(app, 1, 9, 9), { done: true });
  });

  test('[CORE-37] retention removes an app’s oldest messages in slices, and nothing newer', async () => {
    const { store } = bench;
    const { app, no, ts } = await talk(5);
    const other = await talk(1);
    assert.deepEqual(await store.messages.expire(app, ts[3] ?? 0, 2), { done: false, removed: 2 });
    assert.deepEqual(await store.messages.expire(app, ts[3] ?? 0, 2), { done: true, removed: 1 });
    assert.equal(words(await store.messages.page(app, no, {}, 99)), '3 4');
    assert.equal((await store.conversations.withMembers(app, no))?.lastTs, ts[4]);
    assert.deepEqual(await store.messages.expire(app, Number.MAX_SAFE_INTEGER, 99), { done: true, removed: 2 });
    assert.equal((await store.conversations.withMembers(app, no))?.lastTs, 0);
    assert.equal((await store.messages.page(other.app, other.no, {}, 9)).length, 1);
    const next = await store.messages.append(text(app, no, 'a', '2', { ref: 'r2' }));
    assert.ok(next.fresh && next.ts > (ts[4] ?? 0), 'a reference lives as long as its message');
  });
}
