// How far an application's server was told, of the store's contract.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bench, gathered, text } from './store.suite.ts';

export function callbackCases(bench: Bench): void {
  test('[CORE-290] what an application’s server was not told yet comes in the order of storing, its own app’s alone', async () => {
    const { store } = bench;
    const [app, other] = [await bench.appWith('a', 'b'), await bench.appWith('a', 'b')];
    const [here, there] = [await gathered(bench, app, ['a', 'b']), await gathered(bench, other, ['a', 'b'])];
    const start = await store.callbacks.newest();
    const nos: number[] = [];
    for (const words of ['0', '1', '2']) {
      nos.push((await store.messages.append(text(app, here.no, 'a', words))).no);
      await store.messages.append(text(other, there.no, 'a', words));
    }
    const last = await store.callbacks.newest();
    const first = await store.callbacks.untold(app, start, 2);
    assert.deepEqual(
      first.messages.map(({ no }) => no),
      nos.slice(0, 2),
    );
    assert.deepEqual([first.upTo, first.more], [nos[1], true]);
    const rest = await store.callbacks.untold(app, first.upTo, 2);
    assert.deepEqual([rest.messages.map(({ no }) => no), rest.upTo, rest.more], [nos.slice(2), last, false]);
    assert.deepEqual(await store.callbacks.untold(app, last, 2), { messages: [], upTo: last, more: false });
  });

  test('[CORE-384] what follows a number that may still come waits for it, until it is too old to come', async () => {
    const { store, clock } = bench;
    const [app, passing] = [await bench.appWith('a', 'b'), await bench.appWith('a', 'b')];
    const [here, there] = [await gathered(bench, app, ['a', 'b']), await gathered(bench, passing, ['a', 'b'])];
    const say = async (words: string) => (await store.messages.append(text(app, here.no, 'a', words))).no;
    const first = await say('0');
    await store.messages.append(text(passing, there.no, 'a', 'x'));
    const last = await say('1');
    const untold = async (since?: number) => {
      const { messages, upTo } = await store.callbacks.untold(app, first - 1, 10, since);
      return [messages.map(({ no }) => no), upTo];
    };
    const longAgo = clock.ms - 20_000;
    assert.deepEqual(await untold(longAgo), [[first, last], last]);
    // A number without a row, as one whose commit is still to come.
    const id = (await store.apps.list()).find(({ no }) => no === passing)?.id ?? '';
    while (!(await store.apps.remove(id, 1_000)).done);
    assert.deepEqual(await untold(longAgo), [[first], first]);
    assert.deepEqual(await untold(clock.ms + 60_000), [[first, last], last]);
    assert.deepEqual(await untold(), [[first, last], last]);
  });

  test('[CORE-290] how far it was told never moves back', async () => {
    const { store } = bench;
    const app = await bench.appWith();
    assert.equal(await store.callbacks.told(app), undefined);
    for (const [upTo, told] of [
      [7, 7],
      [5, 7],
      [9, 9],
    ] as const) {
      await store.callbacks.tell(app, upTo);
      assert.equal(await store.callbacks.told(app), told);
    }
    assert.equal(await store.callbacks.told(await bench.appWith()), undefined);
  });
}
