// Finer pages, the app's log, removal and receipts of delivery, of the store's contract.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageFlags } from '../../src/core/messages/message.ts';
import { type Bench, gathered, refusal, text } from './store.suite.ts';

export function logCases(bench: Bench): void {
  /** Texts said at a fixed second, one a millisecond. */
  async function talk(app: number, no: number, ...said: [who: string, words: string][]): Promise<number[]> {
    const ts: number[] = [];
    for (const [who, words] of said) {
      bench.clock.ms += 1;
      ts.push((await bench.store.messages.append(text(app, no, who, words))).ts);
    }
    return ts;
  }

  test('[CORE-220] edges are open or closed, pages go both ways, and what is shown can be picked', async () => {
    const { store } = bench;
    const app = await bench.appWith('a', 'b');
    const { no } = await gathered(bench, app, ['a', 'b']);
    const ts = await talk(app, no, ['a', '0'], ['b', '1'], ['a', '2'], ['b', '3'], ['a', '4']);
    await store.messages.recall(app, no, ts[2] as number, { by: 'a', again: 'ok' });
    const page = async (
      range: Parameters<typeof store.messages.page>[2],
      limit = 9,
      filter?: Parameters<typeof store.messages.page>[4],
    ) => (await store.messages.page(app, no, range, limit, filter)).map((message) => ts.indexOf(message.ts));
    const at = (n: number, closed = true) => ({ ts: ts[n] as number, sub: 0, closed });
    assert.deepEqual(await page({ after: at(1), before: at(3) }), [1, 3]);
    assert.deepEqual(await page({ after: at(1), before: at(3) }, 9, { recalled: true }), [1, 2, 3]);
    assert.deepEqual(await page({ after: at(1, false), before: at(4, false) }), [3]);
    assert.deepEqual(await page({ after: at(0), from: 'oldest', exact: true }, 2), [0, 1]);
    assert.deepEqual(await page({ before: at(4), exact: true }, 2), [3, 4]);
    assert.deepEqual(await page({}, 9, { sender: 'a' }), [0, 4]);
    assert.deepEqual(await page({}, 9, { types: ['image'] }), []);
    assert.deepEqual(await page({}, 9, { types: ['text', 'recalled'], recalled: true }), [0, 1, 2, 3, 4]);
  });

  test('[CORE-220] a message is found by its number, also in a deleted conversation, and in its own app only', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a');
    const other = await bench.appWith('a');
    const { no } = await gathered(bench, app, ['a']);
    const said = await store.messages.append(text(app, no, 'a', 'x'));
    assert.equal((await store.messages.byNo(app, said.no))?.ts, said.ts);
    assert.equal(await store.messages.byNo(other, said.no), undefined);
    assert.equal(await store.messages.byForeignId(app, no, 'x'), undefined);
    await store.conversations.erase(app, no, clock.ms, 1_000);
    assert.equal((await store.messages.byNo(app, said.no))?.ts, said.ts);
  });

  test('[CORE-221] the log goes by time through all of an app, either way, and says where it goes on', async () => {
    const { store } = bench;
    const app = await bench.appWith('a', 'b');
    const one = await gathered(bench, app, ['a', 'b']);
    const two = await gathered(bench, app, ['a', 'b']);
    const first = await talk(app, one.no, ['a', '0'], ['b', '1']);
    const second = await talk(app, two.no, ['a', '2'], ['b', '3']);
    const third = await talk(app, one.no, ['a', '4']);
    const ts = [...first, ...second, ...third];
    await store.messages.remove(app, two.no, ts[3] as number);
    await store.messages.recall(app, one.no, ts[1] as number, { by: 'b', again: 'ok' });
    type Range = Parameters<typeof store.messages.log>[1];
    const log = async (range: Range, filter = {}, limit = 9) => {
      const page = await store.messages.log(app, range, filter, limit);
      return { found: page.messages.map((message) => ts.indexOf(message.ts)), next: page.next };
    };
    assert.deepEqual(await log({ order: 'oldest' }), { found: [0, 1, 2, 4], next: undefined });
    const half = await log({ order: 'newest' }, {}, 2);
    assert.deepEqual(half.found, [4, 2]);
    assert.deepEqual((await log({ order: 'newest', to: half.next }, {}, 2)).found, [1, 0]);
    const from = { ts: ts[1] as number, closed: true };
    const to = { ts: ts[4] as number };
    assert.deepEqual((await log({ order: 'oldest', from, to })).found, [1, 2]);
    assert.deepEqual((await log({ order: 'oldest' }, { sender: 'a' })).found, [0, 2, 4]);
    assert.deepEqual((await log({ order: 'newest' }, { conversations: [one.no] })).found, [4, 1, 0]);
    assert.deepEqual(
      (await log({ order: 'newest' }, { conversations: [one.no, two.no], sender: 'a' })).found,
      [4, 2, 0],
    );
    assert.deepEqual((await log({ order: 'newest' }, { conversations: [] })).found, []);
    const count = async (range: Range, filter = {}) => (await store.messages.countLog(app, range, filter)).count;
    assert.deepEqual(
      [
        await count({ order: 'oldest' }),
        await count({ order: 'oldest', from, to }),
        await count({ order: 'newest' }, { sender: 'b' }),
      ],
      [4, 2, 1],
    );
  });

  test('[CORE-222] one message is taken away for all: no list shows it, no retry brings it back, an older one is the newest', async () => {
    const { store } = bench;
    const app = await bench.appWith('a', 'b');
    const { no, id } = await gathered(bench, app, ['a', 'b']);
    const [first, second] = await talk(app, no, ['a', '0'], ['a', '1']);
    const { ts } = await store.messages.append(text(app, no, 'a', '2', { ref: 'r' }));
    await store.messages.remove(app, no, ts);
    assert.equal((await store.conversations.open(app, id))?.lastTs, second);
    assert.deepEqual((await store.messages.append(text(app, no, 'a', '2', { ref: 'r' }))).fresh, false);
    assert.deepEqual(
      (await store.messages.page(app, no, {}, 9)).map((message) => message.ts),
      [first, second],
    );
    assert.equal(await store.messages.at(app, no, ts), undefined);
    assert.equal(await refusal(store.messages.remove(app, no, ts)), 'message-not-found');
    await store.messages.remove(app, no, first as number);
    await store.messages.remove(app, no, second as number);
    assert.equal((await store.conversations.open(app, id))?.lastTs, 0);
    assert.equal((await store.marks.unread(app, 'b', [no]))[0]?.count, 0);
    assert.equal(await refusal(store.messages.remove(app, 1, ts)), 'conversation-not-found');
  });

  test('[CORE-223] the first to receive marks a message; a mark never moves back, nor past what was said', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b', 'c');
    const { no } = await gathered(bench, app, ['a', 'b', 'c']);
    const [first, mine, last] = (await talk(app, no, ['a', '0'], ['b', '1'], ['a', '2'])) as [number, number, number];
    clock.ms += 10;
    const b = await store.marks.delivered(app, no, 'b', first);
    assert.deepEqual([b.ts, b.moved, b.first.map(({ ts, sender }) => [ts, sender])], [first, true, [[first, 'a']]]);
    assert.deepEqual(await store.marks.delivered(app, no, 'b', first), {
      ts: first,
      moved: false,
      first: [],
      asked: [],
    });
    const c = await store.marks.delivered(app, no, 'c', last + 1_000_000);
    assert.deepEqual([c.ts, c.first.map(({ ts }) => ts)], [last, [mine, last]], 'the first was received before');
    assert.deepEqual((await store.marks.delivered(app, no, 'b', last)).first, []);
    assert.equal((await store.messages.at(app, no, mine))?.deliveredAt, clock.ms);
    const progress = await store.marks.of(app, no);
    assert.deepEqual(
      progress.map(({ who, deliveredTs, ts }) => [who, deliveredTs, ts]),
      [
        ['b', last, 0],
        ['c', last, 0],
      ],
    );
    assert.deepEqual(await store.marks.deliveredTs(app, 'b', [1, no]), [0, last]);
    assert.equal(await refusal(store.marks.delivered(app, 1, 'b', 1)), 'conversation-not-found');
    const receipt = { flags: messageFlags.receipt };
    const { ts: asked } = await store.messages.append(text(app, no, 'a', '3', receipt));
    const { ts: plain } = await store.messages.append(text(app, no, 'a', '4'));
    await store.messages.append(text(app, no, 'b', '5', receipt));
    for (const who of ['b', 'c']) {
      const one = await store.marks.delivered(app, no, who, plain);
      assert.deepEqual(
        one.asked.map(({ ts, sender }) => [ts, sender]),
        [[asked, 'a']],
        'each receiver answers for himself, whoever was first',
      );
    }
  });
}
