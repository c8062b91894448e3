// Single things found by a name of theirs, and what one person has hidden, of the store's contract.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Media } from '../../src/core/attachments/media.ts';
import type { Cause } from '../../src/core/push/outbox.ts';
import { type Bench, gathered, refusal, text } from './store.suite.ts';

const words = (messages: readonly ({ content: object } | null)[]) =>
  messages.map((message) => (message ? (message.content as { text?: string }).text : '–')).join(' ');

export function lookupCases(bench: Bench): void {
  test('[CORE-403] a message that one person hid is gone for him alone: from pages, changes, the newest and what is unread', async () => {
    const { store } = bench;
    const app = await bench.appWith('a', 'b', 'c');
    const { no } = await gathered(bench, app, ['a', 'b', 'c']);
    const ts: number[] = [];
    for (const one of ['one', 'two', 'three']) ts.push((await store.messages.append(text(app, no, 'a', one))).ts);
    await store.messages.edit(app, no, ts[1] ?? 0, { by: 'a', content: { type: 'text', text: 'two!' } });
    for (const place of [ts[1], ts[2], ts[2]]) await store.messages.hideOne(app, no, 'b', place ?? 0);
    const page = async (reader?: string) => words(await store.messages.page(app, no, {}, 9, { reader }));
    assert.deepEqual([await page('b'), await page('c'), await page()], ['one', 'one two! three', 'one two! three']);
    const changes = async (reader: string) => words(await store.messages.changes(app, no, { after: 0 }, 9, { reader }));
    assert.deepEqual([await changes('b'), await changes('c')], ['', 'two!']);
    const newest = ['b', 'c'].map((hiddenFor) => ({ conversation: no, hiddenFor }));
    assert.equal(words(await store.messages.newest(app, newest)), 'one three');
    const seen = ['b', 'c'].map((reader) => ({ conversation: no, filter: { reader } }));
    assert.equal(words(await store.messages.newest(app, seen)), 'one three');
    const unread = async (who: string) => (await store.marks.unread(app, who, [no]))[0]?.count;
    assert.deepEqual([await unread('b'), await unread('c')], [1, 3]);
    assert.equal(await refusal(store.messages.hideOne(app, no, 'b', 5)), 'message-not-found');
    await store.users.erase(app, 'b', bench.clock.ms);
    assert.equal(await page('b'), 'one two! three', 'nobody inherits what another of his name hid');
    await store.messages.expire(app, Number.MAX_SAFE_INTEGER, 99);
  });

  test('[CORE-404] a message is found by its sender’s reference, in its conversation alone', async () => {
    const { store } = bench;
    const app = await bench.appWith('a', 'b');
    const { no } = await gathered(bench, app, ['a', 'b']);
    const other = await gathered(bench, app, ['a', 'b']);
    const said = await store.messages.append(text(app, no, 'a', 'one', { ref: 'r' }));
    assert.equal((await store.messages.byRef(app, no, 'a', 'r'))?.no, said.no);
    for (const [where, who, ref] of [
      [no, 'b', 'r'],
      [no, 'a', 's'],
      [other.no, 'a', 'r'],
    ] as const)
      assert.equal(await store.messages.byRef(app, where, who, ref), undefined);
    assert.equal(await store.messages.byRef(app + 1, no, 'a', 'r'), undefined);
    await store.messages.remove(app, no, said.ts);
    assert.equal(await store.messages.byRef(app, no, 'a', 'r'), undefined);
  });

  test('[CORE-404] an upload is found by its path without the ending; its thumbnail and its neighbours are not it', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith();
    const media = (path: string): Media => ({
      ...{ path, app, type: 'image/png', bytes: 1, name: 'x.png', width: null, height: null, thumb: null },
      ...{ crc32: null, createdAt: clock.ms },
    });
    const stem = `${app.toString(16).padStart(8, '0')}/0123456789abcdef`;
    for (const path of [`${stem}.png`, `${stem}.sm.jpg`, `${stem}0.png`, `${stem.slice(0, -1)}0`])
      await store.media.put(media(path));
    assert.equal((await store.media.byStem(stem))?.path, `${stem}.png`);
    assert.equal((await store.media.byStem(`${stem.slice(0, -1)}0`))?.path, `${stem.slice(0, -1)}0`);
    for (const missing of [`${stem}.p`, stem.slice(0, -2), '%', `${stem}%`])
      assert.equal(await store.media.byStem(missing), undefined, missing);
    await store.media.remove([`${stem}.png`]);
    assert.equal(await store.media.byStem(stem), undefined);
  });

  test('[CORE-405] everybody with a device is found, page by page, and a part of a push may have words of its own', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b', 'c', 'd');
    for (const who of ['a', 'c', 'b', 'c']) await store.users.bindInstall(app, who, `${who}-${clock.ms++}`, clock.ms);
    assert.deepEqual(await store.installs.everybody(app, null, 2), ['a', 'b']);
    assert.deepEqual(await store.installs.everybody(app, 'b', 2), ['c']);
    const cause: Cause = {
      ...{ type: 'announcement', content: { type: 'text', text: 'hi' }, ts: 1, to: { kind: 'all' } },
    };
    await store.outbox.put(app, cause);
    const lane = { app, kind: 'notify' } as const;
    const lease = { by: 'w', ms: 60_000 };
    const [job] = await store.outbox.take(lane, lease, 9);
    const to = (install: string) => [{ install, who: 'a', kind: 'webhook' as const }];
    const no = job?.no ?? 0;
    await store.outbox.spread('w', [
      { no, to: to('one'), cause: { ...cause, push: { overwrite: 'own' } }, cursor: 'a' },
    ]);
    await store.outbox.take(lane, lease, 9);
    await store.outbox.spread('w', [{ no, to: to('two') }]);
    const parts = await store.outbox.take({ app, kind: 'webhook' }, lease, 9);
    assert.deepEqual(
      parts.map(({ device, causeNo, cause: { push } }) => [device?.install, causeNo, push]),
      [
        ['one', no, { overwrite: 'own' }],
        ['two', no, undefined],
      ],
    );
    await store.outbox.done(
      'w',
      parts.map((part) => part.no),
    );
  });

  test('[CORE-407] what goes upstream waits for the application’s own server where it wants to be told, in order', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a');
    const draft = (text: string) => ({ conversation: 1, who: 'a', content: { type: 'text', text } as const });
    const put = (text: string, tell?: boolean) => store.services.putUpstream(app, draft(text), clock.ms, tell);
    const [first] = [await put('one', true), await put('two'), await put('three', true)];
    assert.equal(words(await store.services.waiting(app, 9)), 'one three');
    assert.equal(words(await store.services.waiting(app, 1)), 'one');
    await store.services.handOn(app + 1, [first.no]);
    await store.services.handOn(app, [first.no]);
    assert.equal(words(await store.services.waiting(app, 9)), 'three');
    assert.equal((await store.services.upstream(app, { limit: 9 })).length, 3);
  });

  test('[CORE-407] an application keeps facts of its own with a file', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith();
    const path = `${app.toString(16).padStart(8, '0')}/fedcba9876543210.png`;
    const plain = { type: 'image/png', bytes: 1, name: 'x', width: null, height: null, thumb: null, crc32: null };
    const media: Media = { ...plain, path, app, createdAt: clock.ms, attributes: { owner: 'a', of: { 鸿: 1 } } };
    await store.media.put(media);
    assert.deepEqual(await store.media.byPath(path), media);
  });
}
