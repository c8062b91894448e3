// How far people have read, what that leaves unread, and the list of talks, in the store's contract.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../../src/core/limits.ts';
import { messageFlags } from '../../src/core/messages/message.ts';
import { type Bench, gathered, refusal, text, wide } from './store.suite.ts';

export function markCases(bench: Bench): void {
  async function group(...members: string[]): Promise<{ app: number; no: number }> {
    const app = await bench.appWith('a', 'b', 'c');
    const { no } = await gathered(bench, app, members);
    return { app, no };
  }
  const say = (app: number, no: number, who: string | null, flags = 0) =>
    bench.store.messages.append(text(app, no, who, 'x', { flags }));
  const unread = async (app: number, who: string, no: number) => (await bench.store.marks.unread(app, who, [no]))[0];

  /** The place of the newest thing that happened: what moved after it is told by `movedSince`. */
  async function head(app: number, no: number): Promise<number> {
    const { headTs = 0 } = (await unread(app, 'a', no)) ?? {};
    const { conversations } = bench.store;
    assert.deepEqual(await conversations.movedSince(app, 'a', headTs - 1, 9), [no]);
    assert.deepEqual(await conversations.movedSince(app, 'a', headTs, 9), []);
    return headTs;
  }

  test('[CORE-77] a mark never moves back, nor past what was said, and tells whether it moved', async () => {
    const { store } = bench;
    const { app, no } = await group('a', 'b');
    assert.deepEqual(await store.marks.read(app, no, 'b', 5), { ts: 0, moved: false });
    const first = (await say(app, no, 'a')).ts;
    const last = (await say(app, no, 'a')).ts;
    assert.deepEqual(await store.marks.read(app, no, 'b', first), { ts: first, moved: true });
    assert.deepEqual(await store.marks.read(app, no, 'b', first), { ts: first, moved: false });
    const racers = await Promise.all(
      [last, first, 0, last + 9_999, last].map((ts) => store.marks.read(app, no, 'b', ts)),
    );
    assert.deepEqual([racers.filter(({ moved }) => moved).length, (await unread(app, 'b', no))?.readTs], [1, last]);
    assert.deepEqual(
      (await store.marks.of(app, no)).map(({ who, ts }) => ({ who, ts })),
      [{ who: 'b', ts: last }],
    );
    assert.equal(await refusal(store.marks.read(app, 1, 'b', 5)), 'conversation-not-found');
  });

  test('[CORE-78] unread are the messages of others after the mark, and what was hidden or recalled is not', async () => {
    const { store } = bench;
    const { app, no } = await group('a', 'b');
    const said = [await say(app, no, 'a'), await say(app, no, 'b'), await say(app, no, 'a'), await say(app, no, null)];
    await say(app, no, 'a', messageFlags.uncounted);
    const count = async (who: string) => (await unread(app, who, no))?.count;
    assert.deepEqual([await count('a'), await count('b'), await count('nobody')], [2, 3, 4]);
    await store.messages.recall(app, no, said[2]?.ts ?? 0, { by: 'a', again: 'ok' });
    assert.equal(await count('b'), 2);
    await store.marks.read(app, no, 'b', said[0]?.ts ?? 0);
    assert.equal(await count('b'), 1);
    await store.messages.hide(app, no, 'a', said[1]?.ts ?? 0);
    assert.equal(await count('a'), 1);
    await store.messages.clear(app, no, Number.MAX_SAFE_INTEGER, 99);
    assert.deepEqual([await count('a'), await count('b')], [0, 0]);
    assert.deepEqual(await store.marks.unread(app, 'a', []), []);
    assert.deepEqual(await store.marks.unread(app, 'a', [1, no]), [
      { conversation: 1, readTs: 0, readAt: 0, headTs: 0, count: 0, mentioned: false },
      { conversation: no, readTs: 0, readAt: 0, headTs: await head(app, no), count: 0, mentioned: false },
    ]);
    bench.clock.ms += 1;
    await store.marks.read(app, no, 'a', said[3]?.ts ?? 0);
    assert.equal((await unread(app, 'a', no))?.readAt, bench.clock.ms, 'when it was read');
  });

  test('[CORE-78] for who joined later it begins there', async () => {
    const { store, clock } = bench;
    const { app, no } = await group('a', 'b');
    await say(app, no, 'a');
    await store.conversations.changeMembers(app, no, { add: ['c'] }, wide, clock.ms);
    await say(app, no, 'a');
    assert.deepEqual([(await unread(app, 'c', no))?.count, (await unread(app, 'b', no))?.count], [1, 2]);
  });

  test('[CORE-79] a count has a bound, also where one has said much himself; mentions show in it', async () => {
    const { store } = bench;
    const { app, no } = await group('a', 'b');
    const other = await gathered(bench, app, ['a', 'b']);
    const mention = (who: string[], all = false) =>
      store.messages.append({ ...text(app, other.no, 'a', 'x'), mentions: { all, who } });
    await Promise.all(Array.from({ length: limits.unreadMax + 5 }, () => say(app, no, 'a')));
    await mention(['c']);
    assert.deepEqual(
      (await store.marks.unread(app, 'b', [no, other.no])).map(({ count, mentioned }) => [count, mentioned]),
      [
        [limits.unreadMax, false],
        [1, false],
      ],
    );
    const named = await mention(['b']);
    assert.equal((await unread(app, 'b', other.no))?.mentioned, true);
    await store.marks.read(app, other.no, 'b', named.ts);
    assert.equal((await unread(app, 'b', other.no))?.mentioned, false);
    await mention([], true);
    assert.deepEqual(
      [(await unread(app, 'b', other.no))?.mentioned, (await unread(app, 'a', other.no))?.mentioned],
      [true, false],
    );
    await Promise.all(Array.from({ length: 310 }, () => say(app, no, 'b')));
    assert.equal((await unread(app, 'b', no))?.count, 0, 'who talks that much has read');
    await Promise.all(Array.from({ length: 310 }, () => say(app, other.no, 'a')));
    assert.equal((await unread(app, 'b', other.no))?.mentioned, true, 'whatever was said since');
    const many = await Promise.all(Array.from({ length: 40 }, () => gathered(bench, app, ['a', 'b'])));
    await Promise.all(many.flatMap((one, n) => (n % 3 === 0 ? [] : [say(app, one.no, 'a')])));
    assert.deepEqual(
      (await store.marks.unread(app, 'b', [...many.map((one) => one.no), 1])).map(({ count }) => count),
      [...many.map((_, n) => (n % 3 === 0 ? 0 : 1)), 0],
      'more than are counted at once',
    );
  });

  test('[CORE-80] talks come newest first, direct ones and groups; rooms and silence between two are left out', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b', 'c');
    const { no: withB } = await store.conversations.claimPair(app, 'a', 'b', clock.ms);
    await store.conversations.claimPair(app, 'a', 'c', clock.ms);
    const { no: visitor } = await store.conversations.claimPair(app, 'a', ':p', clock.ms);
    clock.ms += 1_000;
    const old = clock.ms;
    const { no: club } = await gathered(bench, app, ['b', 'a'], { name: 'Club' });
    await gathered(bench, app, ['a'], { kind: 'room' });
    clock.ms += 1_000;
    const first = await say(app, withB, 'b');
    clock.ms += 1_000;
    const second = await say(app, visitor, ':p');
    await store.marks.read(app, withB, 'b', first.ts);
    const talks = (who: string, page: { before?: number; limit: number }) => store.conversations.talks(app, who, page);
    const seen = (await talks('a', { limit: 9 })).map(({ conversation: { no, name }, ts, head, peer }) => ({
      no,
      name,
      ts,
      head,
      peer,
    }));
    assert.deepEqual(seen, [
      { no: visitor, name: null, ts: second.ts, head: second.ts, peer: { who: ':p', readTs: 0 } },
      { no: withB, name: null, ts: first.ts, head: first.ts, peer: { who: 'b', readTs: first.ts } },
      { no: club, name: 'Club', ts: old, head: 0, peer: undefined },
    ]);
    const numbers = async (who: string, page: { before?: number; limit: number }) =>
      (await talks(who, page)).map(({ conversation }) => conversation.no);
    assert.deepEqual(await numbers('a', { limit: 1 }), [visitor]);
    assert.deepEqual(await numbers('a', { limit: 1, before: second.ts }), [withB]);
    assert.deepEqual(await numbers('a', { limit: 9, before: first.ts }), [club]);
    assert.deepEqual(await numbers(':p', { limit: 9 }), [visitor]);
    assert.deepEqual(await numbers('nobody', { limit: 9 }), []);
  });

  test('[CORE-80] a hidden talk is gone from the list until somebody speaks again; those of one moment stay together', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b', 'c', 'd');
    const pairs = [];
    for (const other of ['b', 'c', 'd'])
      pairs.push((await store.conversations.claimPair(app, 'a', other, clock.ms)).no);
    const said = await Promise.all(pairs.map((no) => say(app, no, 'a')));
    assert.equal(new Set(said.map(({ ts }) => ts)).size, 1, 'they were said in one millisecond');
    const list = (limit: number, before?: number) => store.conversations.talks(app, 'a', { limit, before });
    assert.equal((await list(1)).length, 3);
    assert.equal((await list(1, said[0]?.ts)).length, 0);
    const [first = 0] = pairs;
    await store.messages.hide(app, first, 'a', said[0]?.ts ?? 0);
    assert.equal((await list(9)).length, 2);
    await say(app, first, 'b');
    assert.deepEqual((await list(9)).map(({ conversation }) => conversation.no)[0], first);
  });
}
