// What a node asks that may have missed an announcement.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CoreEvent } from '../../src/core/events.ts';
import { conversationTopic, userTopic } from '../../src/core/ports/bus.ts';
import { type Bench, gathered, text } from './store.suite.ts';

export function tailCases(bench: Bench): void {
  test('[CORE-347] where something was said, edited or taken back lately is told with the last such place', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('ann', 'bob');
    const other = await bench.appWith('ann');
    const one = await gathered(bench, app, ['ann', 'bob']);
    const two = await gathered(bench, app, ['ann', 'bob']);
    const elsewhere = await gathered(bench, other, ['ann']);
    const old = await store.messages.append(text(app, one.no, 'ann', 'long ago'));
    clock.ms += 60_000;
    const begun = clock.ms;
    const said = await store.messages.append(text(app, two.no, 'bob', 'hi'));
    await store.messages.append(text(other, elsewhere.no, 'ann', 'hi'));
    const upTo = clock.ms + 1_000;
    const stirred = (after: number, apps = [app], limit = 10) => store.tails.stirred(apps, { after, upTo }, limit);
    assert.deepEqual(await stirred(begun - 1), [{ app, conversation: two.no, at: said.ts }]);
    assert.deepEqual(await stirred(said.ts), []);
    clock.ms += 10;
    const edit = { by: 'ann', content: { type: 'text', text: 'longer ago' } } as const;
    const edited = await store.messages.edit(app, one.no, old.ts, edit);
    const at = edited.message.editedTs as number;
    assert.deepEqual(await stirred(begun - 1), [
      { app, conversation: two.no, at: said.ts },
      { app, conversation: one.no, at },
    ]);
    clock.ms += 10;
    const recalled = await store.messages.recall(app, two.no, said.ts, { by: 'bob', again: 'ok' });
    assert.deepEqual(await stirred(begun - 1, [app], 1), [{ app, conversation: one.no, at }]);
    assert.deepEqual((await stirred(begun - 1)).at(-1), {
      app,
      conversation: two.no,
      at: recalled.message.editedTs as number,
    });
    assert.equal((await stirred(begun - 1, [app, other])).length, 3);
    assert.deepEqual(await stirred(begun - 1, []), []);
  });

  test('[CORE-347] what was kept for the absent is told once, in its order', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('ann', 'bob', 'carl');
    const { no, id } = await gathered(bench, app, ['ann', 'bob', 'carl']);
    const key = { no, id, kind: 'group' } as const;
    const ts = clock.ms + 1_000;
    const gone: CoreEvent = { type: 'members-removed', app, conversation: key, who: ['bob', 'carl'], ts, prev: 1 };
    const silenced: CoreEvent = { type: 'silenced', app, conversation: key, who: ['ann'], until: null, ts: ts + 1 };
    const topics = [conversationTopic(app, no), userTopic(app, 'bob'), userTopic(app, 'carl')];
    await store.notices.put(app, topics, gone, gone.ts);
    await store.notices.put(app, [conversationTopic(app, no)], silenced, silenced.ts);
    const all = { after: ts - 1, upTo: ts + 1 };
    assert.deepEqual(await store.tails.noticed([app], all, 10), [gone, silenced]);
    assert.deepEqual(await store.tails.noticed([app], { after: ts, upTo: ts }, 10), []);
    assert.deepEqual(await store.tails.noticed([], all, 10), []);
    assert.deepEqual(await store.tails.noticedIn(app, no, all, 10), [gone, silenced]);
    assert.deepEqual(await store.tails.noticedIn(app, no, all, 1), [gone]);
    assert.deepEqual(await store.tails.noticedIn(app, no + 1, all, 10), []);
  });
}
