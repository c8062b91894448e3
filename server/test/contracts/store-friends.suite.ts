// Friends and strangers of the store's contract.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../../src/core/limits.ts';
import { type Bench, refusal, text } from './store.suite.ts';

export function friendCases(bench: Bench): void {
  test('[CORE-15] friendship is symmetric and idempotent: one id, and who asked first stays so', async () => {
    const { store } = bench;
    const app = await bench.appWith('a', 'b', 'c');
    const [first] = await store.friends.join(app, 'a', ['b'], 10);
    assert.match(first?.id ?? '', /^[0-9a-f]{16}$/);
    assert.deepEqual(first, { id: first?.id, from: 'a', to: 'b', since: 10 });
    const [again, other] = await store.friends.join(app, 'b', ['a', 'c'], 20);
    assert.deepEqual(again, first);
    assert.deepEqual([other?.from, other?.to, other?.since], ['b', 'c', 20]);
    assert.deepEqual(await store.friends.between(app, 'b', 'a'), first);
    assert.deepEqual(await store.friends.ids(app, 'b'), ['a', 'c']);
    assert.deepEqual(await store.friends.ids(app, 'c'), ['b']);
    const racers = Array.from({ length: 20 }, (_, n) =>
      store.friends.join(app, n % 2 ? 'a' : 'c', [n % 2 ? 'c' : 'a'], 30),
    );
    assert.equal(new Set((await Promise.all(racers)).flat().map((friendship) => friendship.id)).size, 1);
    assert.equal(await refusal(store.friends.join(app, 'a', ['a'], 1)), 'conflict self');
  });

  test('[CORE-15] parting ends it for both, and says whether there was something to end', async () => {
    const { store } = bench;
    const app = await bench.appWith('a', 'b');
    const [first] = await store.friends.join(app, 'a', ['b'], 10);
    assert.deepEqual(await store.friends.part(app, 'b', ['a']), ['a']);
    assert.deepEqual(await store.friends.part(app, 'a', ['b']), []);
    assert.deepEqual([await store.friends.ids(app, 'a'), await store.friends.ids(app, 'b')], [[], []]);
    const [next] = await store.friends.join(app, 'b', ['a'], 20);
    assert.notEqual(next?.id, first?.id);
    assert.equal(next?.from, 'b');
  });

  test('[CORE-16] joining several is all or nothing, and bounded on both sides', async () => {
    const { store } = bench;
    const app = await bench.appWith('a', 'b');
    const many = Array.from({ length: limits.friendsPerUserMax }, (_, n) => `u${n}`);
    await store.users.ensure(app, many, 1);
    await store.friends.join(app, 'a', many.slice(1), 1);
    assert.equal(await refusal(store.friends.join(app, 'a', ['b', 'u0'], 1)), 'full friends');
    assert.equal(await store.friends.between(app, 'a', 'b'), undefined);
    await store.friends.join(app, 'a', ['b'], 1);
    assert.equal(await refusal(store.friends.join(app, 'u0', ['b', 'a'], 1)), 'full friends');
    assert.deepEqual(await store.friends.ids(app, 'u0'), []);
    assert.equal((await store.friends.join(app, 'a', ['b', 'u5'], 1)).length, 2, 'known friends are no new ones');
    assert.deepEqual(await store.friends.ids(app, 'a'), [...many.slice(1), 'b']);
  });

  test('[CORE-16] a friend is listed with what he is and with the talk there is', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b', 'c');
    await store.friends.join(app, 'a', ['c', 'b'], clock.ms);
    await store.users.setKindNo(app, 'b', 7, clock.ms);
    const { no } = await store.conversations.claimPair(app, 'b', 'a', clock.ms);
    const { ts } = await store.messages.append(text(app, no, 'b', 'hi'));
    assert.deepEqual(await store.friends.list(app, 'a'), [
      { id: 'c', kindNo: null, since: clock.ms, note: {} },
      { id: 'b', kindNo: 7, since: clock.ms, note: {}, direct: { no, lastTs: ts } },
    ]);
  });

  test('[CORE-17] strangers are known to both sides, newest first, without those who became friends', async () => {
    const { store } = bench;
    const app = await bench.appWith('a', 'b', 'c', 'd');
    const talk = async (by: string, other: string, now: number) => {
      const { no } = await store.conversations.claimPair(app, by, other, now);
      await store.friends.recordStrangers(app, by, other, no, now);
      return no;
    };
    const ab = await talk('a', 'b', 10);
    await talk('c', 'a', 20);
    await talk('d', 'a', 30);
    assert.equal(await talk('b', 'a', 40), ab, 'the first contact decides');
    const list = async (page: Parameters<typeof store.friends.strangers>[2]) =>
      (await store.friends.strangers(app, 'a', page)).map((one) => one.id).join('');
    assert.equal(await list({ skip: 0, limit: 10 }), 'dcb');
    assert.equal(await list({ skip: 1, limit: 1 }), 'c');
    assert.equal(await list({ skip: 0, limit: 10, among: ['b', 'd', 'x'] }), 'db');
    assert.equal(await list({ skip: 0, limit: 10, among: [] }), '');
    assert.deepEqual(await store.friends.stranger(app, 'b', 'a'), {
      id: 'a',
      firstBy: 'a',
      since: 10,
      direct: { no: ab, lastTs: 0 },
    });
    assert.equal(await store.friends.stranger(app, 'b', 'c'), undefined);
    await store.friends.join(app, 'a', ['c'], 50);
    assert.equal(await list({ skip: 0, limit: 10 }), 'db');
    assert.notEqual(await store.friends.stranger(app, 'a', 'c'), undefined, 'the relation itself stays');
  });
}
