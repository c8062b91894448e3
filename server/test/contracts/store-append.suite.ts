// Appending, in the store's contract: order, references, clocks, crowds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Append, Appended } from '../../src/core/messages/message.ts';
import { type Bench, gathered, refusal, text } from './store.suite.ts';

/** A small generator of repeatable randomness: a failure can be run again. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
}

export function appendCases(bench: Bench): void {
  async function all(app: number, no: number) {
    const found = [];
    for (let before: number | undefined; ; ) {
      const page = await bench.store.messages.page(app, no, before === undefined ? {} : { before }, 100);
      found.unshift(...page);
      if (page.length < 100) return found;
      before = page[0]?.ts;
    }
  }

  test('[CORE-28] `ts` is the store’s clock, or one more than the last when the clock has not moved or went back', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a');
    const { no } = await gathered(bench, app, ['a']);
    const start = clock.ms;
    const one = await store.messages.append(text(app, no, 'a', '1'));
    const two = await store.messages.append(text(app, no, 'a', '2'));
    clock.ms -= 60_000;
    const three = await store.messages.append(text(app, no, 'a', '3'));
    clock.ms = start + 5_000;
    const four = await store.messages.append(text(app, no, 'a', '4'));
    assert.deepEqual(
      [one, two, three, four].map(({ ts }) => ts - start),
      [0, 1, 2, 5_000],
    );
    assert.deepEqual([two.prev, three.prev, four.prev], [one.ts, two.ts, three.ts]);
    assert.ok(one.fresh && one.no < two.no && two.no < three.no);
    assert.equal((await store.conversations.withMembers(app, no))?.lastTs, four.ts);
  });

  test('[CORE-29] a reference that is seen again returns the first message, for every kind of sender', async () => {
    const { store } = bench;
    const app = await bench.appWith('a', 'b');
    const { no } = await gathered(bench, app, ['a', 'b']);
    const other = await gathered(bench, app, ['a']);
    for (const sender of ['a', ':a', null]) {
      const first = await store.messages.append(text(app, no, sender, 'x', { ref: 'r' }));
      const again = await store.messages.append(text(app, no, sender, 'x', { ref: 'r', flags: 32 }));
      assert.deepEqual([again.ts, again.no, again.fresh], [first.ts, first.no, false]);
      assert.equal(
        await refusal(store.messages.append(text(app, no, sender, 'y', { ref: 'r' }))),
        'conflict reference',
      );
      assert.equal((await store.messages.append(text(app, other.no, sender, 'y', { ref: 'r' }))).fresh, true);
      assert.equal((await store.messages.append(text(app, no, sender, 'y', { ref: 'R' }))).fresh, true);
    }
    assert.equal((await store.messages.append(text(app, no, 'b', 'y', { ref: 'r' }))).fresh, true);
    assert.equal((await all(app, no)).length, 7);
    const original = { door: 'leancloud', body: 'raw', binary: false } as const;
    await store.messages.append({ ...text(app, no, 'a', 'z', { ref: 'o' }), original });
    assert.equal(
      await refusal(
        store.messages.append({ ...text(app, no, 'a', 'z', { ref: 'o' }), original: { ...original, body: 'other' } }),
      ),
      'conflict reference',
    );
  });

  test('[CORE-29] of callers that race with one reference one is fresh and all hear the same place', async () => {
    const { store } = bench;
    const app = await bench.appWith('a');
    const { no } = await gathered(bench, app, ['a']);
    const racers = await Promise.all(
      Array.from({ length: 200 }, () => store.messages.append(text(app, no, 'a', 'x', { ref: 'same' }))),
    );
    assert.equal(racers.filter((one) => one.fresh).length, 1);
    assert.equal(new Set(racers.map((one) => `${one.ts} ${one.no}`)).size, 1);
    assert.equal((await all(app, no)).length, 1);
  });

  test('[CORE-30] a message comes back as it was: content, original, sender, flags, mentions', async () => {
    const { store } = bench;
    const app = await bench.appWith('a');
    const { no } = await gathered(bench, app, ['a']);
    const drafts: Append[] = [
      text(app, no, 'a', ''),
      {
        ...text(app, no, ':p', 'a\u0000b 鸿雁 🪿 "\\'),
        as: 'passenger',
        mentions: { all: true, who: ['a', 'b'] },
        flags: 63,
      },
      {
        app,
        conversation: no,
        sender: 'a',
        as: 'admin',
        flags: 0,
        content: { type: 'image', file: { url: 'u', size: 1 }, extras: { remark: 'r' } },
      },
      {
        app,
        conversation: no,
        sender: null,
        as: 'app',
        flags: 4,
        content: { type: 'location', latitude: -1.5, longitude: 180 },
      },
      { ...text(app, no, 'a', 'o'), original: { door: 'jmessage', body: '{"x":1}', binary: true } },
      {
        app,
        conversation: no,
        sender: 'a',
        as: 'user',
        flags: 0,
        content: { type: 'custom', name: 'ml.7', data: [1, null, { deep: true }] },
      },
    ];
    const places = await Promise.all(drafts.map((draft) => store.messages.append(draft)));
    const expected = drafts.map(({ app: _, ...draft }, n) => ({
      ...draft,
      ts: places[n]?.ts,
      no: places[n]?.no,
      sub: 0,
    }));
    assert.deepEqual(await all(app, no), expected);
  });

  test('[CORE-31] ten thousand appends of many callers with repeated references: one strict order, nothing lost, nothing twice', async () => {
    const { store } = bench;
    const senders = ['a', 'b', ':c', null];
    const app = await bench.appWith('a', 'b');
    const groups = await Promise.all(Array.from({ length: 7 }, () => gathered(bench, app, ['a', 'b'])));
    const next = random(20_260_401);
    const firsts = new Map<string, Appended>();
    let fresh = 0;
    let repeats = 0;
    let refused = 0;
    const caller = async () => {
      for (let n = 0; n < 100; n++) {
        const { no } = groups[next(groups.length)] as { no: number };
        const sender = senders[next(senders.length)] as string | null;
        const ref = next(3) === 0 ? `r${next(40)}` : undefined;
        const wrong = ref !== undefined && next(50) === 0;
        const draft = text(app, no, sender, wrong ? 'wrong' : `of ${ref}`, ref === undefined ? {} : { ref });
        const answer = await store.messages.append(draft).catch((error: { code: string }) => error.code);
        if (typeof answer === 'string') {
          assert.equal(answer, 'conflict');
          refused++;
          continue;
        }
        answer.fresh ? fresh++ : repeats++;
        const key = `${no} ${sender} ${ref}`;
        const first = firsts.get(key);
        if (ref !== undefined && first) assert.deepEqual([answer.ts, answer.no], [first.ts, first.no]);
        if (ref !== undefined) firsts.set(key, answer);
      }
    };
    await Promise.all(Array.from({ length: 100 }, caller));
    assert.equal(fresh + repeats + refused, 10_000);
    assert.ok(repeats > 1_000 && refused > 0, `${repeats} repeats, ${refused} refused`);
    const histories = await Promise.all(groups.map(({ no }) => all(app, no)));
    assert.equal(histories.flat().length, fresh);
    assert.equal(new Set(histories.flat().map((message) => message.no)).size, fresh);
    for (const history of histories) {
      for (let n = 1; n < history.length; n++) {
        const [a, b] = [history[n - 1], history[n]];
        assert.ok(a && b && a.ts < b.ts && a.no < b.no);
      }
    }
  });

  test('[CORE-32] one refused write does not undo the others of its commit', async () => {
    const { store } = bench;
    const app = await bench.appWith('a', 'b');
    const { no } = await gathered(bench, app, ['a']);
    const outcomes = await Promise.all([
      refusal(store.messages.append(text(app, no, 'a', '1'))),
      refusal(store.messages.append(text(app, 99, 'a', 'nowhere'))),
      refusal(store.friends.join(app, 'a', ['b', 'a'], 1)),
      refusal(store.users.setAttributes(app, 'nobody', { mode: 'merge', values: {} }, 1)),
      refusal(store.messages.append(text(app, no, 'a', '2'))),
      refusal(store.users.setKindNo(app, 'b', 4, 1)),
    ]);
    const fine = 'nothing was refused';
    assert.deepEqual(outcomes, [fine, 'conversation-not-found', 'conflict self', 'user-not-found', fine, fine]);
    assert.equal((await all(app, no)).length, 2);
    assert.equal(await store.friends.between(app, 'a', 'b'), undefined, 'what a refused write had done is undone');
    assert.equal((await store.users.byId(app, 'b'))?.kindNo, 4);
  });
}
