// What becomes of messages afterwards, in the store's contract: edits, recalls, and how one catches up with them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Message, messageFlags } from '../../src/core/messages/message.ts';
import { type Bench, gathered, refusal, text } from './store.suite.ts';

const say = (words: string) => ({ type: 'text', text: words }) as const;
const words = (messages: readonly (Message | null | undefined)[]) =>
  messages
    .map((message) => (message?.content.type === 'text' ? message.content.text : message?.content.type))
    .join(' ');

export function changeCases(bench: Bench): void {
  /** A group of a and b, and what a has said there. */
  async function talk(...texts: string[]): Promise<{ app: number; no: number; ts: number[] }> {
    const app = await bench.appWith('a', 'b');
    const { no } = await gathered(bench, app, ['a', 'b']);
    const ts: number[] = [];
    for (const one of texts) ts.push((await bench.store.messages.append(text(app, no, 'a', one, { ref: one }))).ts);
    return { app, no, ts };
  }
  const at = (ts: readonly number[], n: number) => ts[n] as number;

  test('[CORE-70] a page from the oldest goes on where a cursor stands, without a gap or a repeat', async () => {
    const { store } = bench;
    const { app, no, ts } = await talk('0', '1', '2', '3', '4', '5', '6');
    const page = async (range: { after?: number; before?: number }, limit: number) =>
      words(await store.messages.page(app, no, { ...range, from: 'oldest' }, limit));
    assert.equal(await page({}, 3), '0 1 2');
    assert.equal(await page({ after: at(ts, 2) }, 3), '3 4 5');
    assert.equal(await page({ after: at(ts, 5) }, 3), '6');
    assert.equal(await page({ after: at(ts, 6) }, 3), '');
    assert.equal(await page({ after: at(ts, 0), before: at(ts, 3) }, 9), '1 2');
  });

  test('[CORE-71] an edited message has its new content everywhere, and its old place', async () => {
    const { store } = bench;
    const { app, no, ts } = await talk('0', '1', '2');
    const original = { door: 'leancloud', body: 'raw', binary: false } as const;
    const mentions = { all: false, who: ['b'] };
    const changed = await store.messages.edit(app, no, at(ts, 1), { by: 'a', content: say('new'), original, mentions });
    const { message, prev, fresh } = changed;
    assert.deepEqual(
      [message.content, message.ts, message.original, message.mentions],
      [say('new'), at(ts, 1), original, mentions],
    );
    assert.deepEqual([prev, fresh], [at(ts, 2), true]);
    assert.ok((message.editedTs ?? 0) > at(ts, 2), 'an edit takes the next place of its conversation');
    assert.deepEqual(await store.messages.at(app, no, at(ts, 1)), message);
    assert.equal(words(await store.messages.page(app, no, {}, 9)), '0 new 2');
    assert.equal((await store.conversations.withMembers(app, no))?.lastTs, at(ts, 2), 'an edit is no new message');
    const next = await store.messages.append(text(app, no, 'b', '3'));
    assert.equal(next.prev, message.editedTs);
    const again = await store.messages.edit(app, no, at(ts, 1), { by: null, content: say('newer') });
    assert.equal(again.message.original, undefined);
    assert.ok((again.message.editedTs ?? 0) > next.ts);
    const [newest] = await store.messages.newest(app, [{ conversation: no, filter: { spoken: true } }]);
    assert.equal(newest?.content.type === 'text' && newest.content.text, '3');
  });

  test('[CORE-71] a late retry of an edited message is still the same message', async () => {
    const { store } = bench;
    const { app, no, ts } = await talk('0');
    await store.messages.edit(app, no, at(ts, 0), { by: 'a', content: say('new') });
    const retry = await store.messages.append(text(app, no, 'a', '0', { ref: '0' }));
    assert.deepEqual([retry.ts, retry.fresh], [at(ts, 0), false]);
    assert.equal(words(await store.messages.page(app, no, {}, 9)), 'new');
  });

  test('[CORE-72] a recalled message is in no history, and its row is left without its content', async () => {
    const { store } = bench;
    const { app, no, ts } = await talk('0', '1', '2');
    const { message, prev } = await store.messages.recall(app, no, at(ts, 2), { by: 'a', again: 'error' });
    assert.deepEqual([message.content, message.original, prev], [{ type: 'recalled' }, undefined, at(ts, 2)]);
    assert.deepEqual(await store.messages.at(app, no, at(ts, 2)), message);
    assert.equal(words(await store.messages.page(app, no, {}, 9)), '0 1');
    assert.equal(words(await store.messages.page(app, no, { from: 'oldest' }, 9)), '0 1');
    assert.equal(words(await store.messages.newest(app, [{ conversation: no }])), '1');
    const retry = await store.messages.append(text(app, no, 'a', '2', { ref: '2' }));
    assert.deepEqual([retry.ts, retry.fresh], [at(ts, 2), false], 'a late retry does not bring it back');
  });

  test('[CORE-73] recalling again is nothing, or an error, as the caller wants it; a recalled one cannot be edited', async () => {
    const { store } = bench;
    const { app, no, ts } = await talk('0');
    const first = await store.messages.recall(app, no, at(ts, 0), { by: 'a', again: 'error' });
    const again = await store.messages.recall(app, no, at(ts, 0), { by: 'a', again: 'ok' });
    assert.deepEqual([again.message, again.fresh], [first.message, false]);
    const { recall, edit } = store.messages;
    assert.equal(await refusal(recall(app, no, at(ts, 0), { by: 'a', again: 'error' })), 'already-recalled');
    assert.equal(await refusal(edit(app, no, at(ts, 0), { by: 'a', content: say('x') })), 'already-recalled');
    const next = await store.messages.append(text(app, no, 'a', '1'));
    assert.equal(next.prev, first.message.editedTs, 'what changed nothing took no place');
  });

  test('[CORE-74] only its sender changes a message, or who may change anybody’s; a late recall is refused', async () => {
    const { store, clock } = bench;
    const { app, no, ts } = await talk('0', '1');
    const { recall, edit } = store.messages;
    const by = (who: string | null, withinMs?: number) => ({ by: who, again: 'error', withinMs }) as const;
    for (const who of ['b', ':a', ''])
      assert.equal(await refusal(edit(app, no, at(ts, 0), { by: who, content: say('x') })), 'not-the-sender');
    assert.equal(await refusal(recall(app, no, at(ts, 0), by('b'))), 'not-the-sender');
    assert.equal(await refusal(recall(app, no, at(ts, 0) - 1, by('a'))), 'message-not-found');
    assert.equal(await refusal(recall(app, 1, at(ts, 0), by('a'))), 'conversation-not-found');
    clock.ms += 200_000;
    assert.equal(await refusal(recall(app, no, at(ts, 0), by('a', 180_000))), 'too-late');
    await recall(app, no, at(ts, 0), by('a', 300_000));
    await recall(app, no, at(ts, 1), by(null));
    assert.equal(words(await store.messages.page(app, no, {}, 9)), '');
    const { no: other, ts: places } = await talk('0');
    assert.equal(
      await refusal(recall(app, other, at(places, 0), by(null))),
      'conversation-not-found',
      'of another app',
    );
  });

  test('[CORE-74] what was cleared or removed is no message any more', async () => {
    const { store } = bench;
    const { app, no, ts } = await talk('0');
    await store.messages.clear(app, no, at(ts, 0), 9);
    const edit = store.messages.edit(app, no, at(ts, 0), { by: 'a', content: say('x') });
    assert.equal(await refusal(edit), 'message-not-found');
    assert.equal(await store.messages.at(app, no, at(ts, 0)), undefined);
    assert.deepEqual(await store.messages.changes(app, no, { after: 0 }, 9), []);
  });

  test('[CORE-75] changes come in the order they were made, each message once, as it is now', async () => {
    const { store } = bench;
    const { app, no, ts } = await talk('0', '1', '2', '3');
    const edit = (n: number, to: string) => store.messages.edit(app, no, at(ts, n), { by: 'a', content: say(to) });
    await edit(0, 'zero');
    const one = await edit(1, 'one');
    await store.messages.recall(app, no, at(ts, 2), { by: 'a', again: 'ok' });
    await edit(0, 'null');
    const since = async (after: number, limit = 9, more: { since?: number } = {}) =>
      words(await store.messages.changes(app, no, { after, ...more }, limit));
    assert.equal(await since(0), 'one recalled null');
    assert.equal(await since(0, 2), 'one recalled');
    assert.equal(await since(one.message.editedTs ?? 0), 'recalled null');
    assert.equal(await since(0, 9, { since: at(ts, 0) }), 'one recalled');
    assert.deepEqual(await store.messages.changes(app, no, { after: 0 }, 9, { betweenFriends: true }), []);
    const flagged = await store.messages.append(text(app, no, 'a', 'f', { flags: messageFlags.betweenFriends }));
    await store.messages.edit(app, no, flagged.ts, { by: 'a', content: say('F') });
    assert.equal(words(await store.messages.changes(app, no, { after: 0 }, 9, { betweenFriends: true })), 'F');
  });

  test('[CORE-76] changes that race with each other and with new messages have one order', async () => {
    const { store } = bench;
    const { app, no, ts } = await talk('0', '1', '2', '3', '4');
    const racers = Array.from({ length: 60 }, async (_, n) => {
      if (n % 3 === 0) return (await store.messages.append(text(app, no, 'b', `b${n}`))).ts;
      const edit = { by: 'a', content: say(`e${n}`) };
      const { message } = await store.messages.edit(app, no, at(ts, n % 5), edit);
      return message.editedTs ?? 0;
    });
    const places = await Promise.all(racers);
    assert.equal(new Set([...places, ...ts]).size, 65, 'no place is given twice');
    const recalls = await Promise.all(
      Array.from({ length: 9 }, () => store.messages.recall(app, no, at(ts, 0), { by: 'a', again: 'ok' })),
    );
    assert.equal(recalls.filter(({ fresh }) => fresh).length, 1);
    assert.equal(new Set(recalls.map(({ message }) => message.editedTs)).size, 1);
  });
}
