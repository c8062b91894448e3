// Apps, passengers, words and uploads of the store's contract.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSettings } from '../../src/core/apps/settings.ts';
import type { Media } from '../../src/core/attachments/media.ts';
import { limits } from '../../src/core/limits.ts';
import { type Bench, gathered, refusal, text } from './store.suite.ts';

export function appCases(bench: Bench): void {
  test('[CORE-1] an app is added once; putting it again changes its keys and nothing else', async () => {
    const { store } = bench;
    const first = await store.apps.put({
      id: 'shop',
      clientKey: 'c1',
      masterKey: 'm1',
      idKey: 'a'.repeat(32),
      name: 'Shop',
      extraKeys: ['x'],
    });
    assert.deepEqual(first.settings, defaultSettings);
    const again = await store.apps.put({ id: 'shop', clientKey: 'c2', masterKey: 'm2', idKey: 'b'.repeat(32) });
    assert.deepEqual({ ...again, updatedAt: 0 }, { ...first, clientKey: 'c2', masterKey: 'm2', updatedAt: 0 });
    assert.deepEqual(await store.apps.byId('shop'), again);
    assert.equal((await store.apps.list()).filter((app) => app.id === 'shop').length, 1);
    assert.equal(await store.apps.byId('no such app'), undefined);
  });

  test('[CORE-1] only settings that differ from their default are kept, and an unknown app cannot be changed', async () => {
    const { store } = bench;
    const app = await bench.app();
    const changed = await store.apps.change(app.id, { name: 'Renamed', overrides: { keepDays: 30 } });
    assert.deepEqual(changed.overrides, { keepDays: 30 });
    assert.deepEqual(changed.settings, { ...defaultSettings, keepDays: 30 });
    assert.equal(changed.name, 'Renamed');
    assert.equal(changed.idKey, app.idKey);
    assert.deepEqual(await store.apps.byId(app.id), changed);
    assert.equal(await refusal(store.apps.change('no such app', { name: 'x' })), 'app-not-found');
  });

  test('[CORE-2] a removed app has no credentials from the first call on; its rows go in slices', async () => {
    const { store } = bench;
    const app = await bench.app();
    await store.users.ensure(app.no, ['a', 'b', 'c'], 1);
    await store.users.setAttributes(app.no, 'a', { mode: 'replace', values: { city: 'Xi’an' } }, 1);
    const { no } = await gathered(bench, app.no, ['a', 'b']);
    for (let n = 0; n < 10; n++) await store.messages.append(text(app.no, no, 'a', String(n)));
    assert.deepEqual(await store.apps.remove(app.id, 4), { done: false });
    assert.equal(await store.apps.byId(app.id), undefined);
    let calls = 1;
    while (!(await store.apps.remove(app.id, 4)).done) calls++;
    assert.ok(calls >= 4, `ten messages and the rest went in ${calls} calls`);
    assert.deepEqual(await store.users.existing(app.no, ['a', 'b', 'c']), []);
    assert.deepEqual(await store.conversations.numbersOf(app.no, 'a'), []);
    assert.deepEqual(await store.apps.remove(app.id, 4), { done: true });
  });

  test('[CORE-2] an app that comes back under the same id is a new one with a new number', async () => {
    const { store } = bench;
    const app = await bench.app();
    await store.users.ensure(app.no, ['a'], 1);
    while (!(await store.apps.remove(app.id, 100)).done);
    const again = await store.apps.put({ id: app.id, clientKey: 'c', masterKey: 'm', idKey: 'c'.repeat(32) });
    assert.ok(again.no > app.no);
    assert.equal(await store.users.byId(again.no, 'a'), undefined);
  });

  test('[CORE-3] the same ids in two apps are two of everything', async () => {
    const { store, clock } = bench;
    const [one, two] = [await bench.appWith('a', 'b'), await bench.appWith('a', 'b')];
    await store.users.setAttributes(one, 'a', { mode: 'merge', values: { only: 'here' } }, clock.ms);
    assert.deepEqual((await store.users.byId(two, 'a'))?.attributes, {});
    const search = { filters: [{ name: 'only', value: 'here' }], sort: [], skip: 0, limit: 10 };
    assert.deepEqual(await store.users.find(two, search), []);
    await store.friends.join(one, 'a', ['b'], clock.ms);
    assert.equal(await store.friends.between(two, 'a', 'b'), undefined);
    const group = await gathered(bench, one, ['a', 'b'], { name: 'here' });
    assert.equal(await store.conversations.open(two, group.id), undefined);
    assert.equal(await store.conversations.open(two, String(group.no)), undefined);
    assert.equal(await store.conversations.withMembers(two, group.no), undefined);
    assert.deepEqual(await store.conversations.roster(two, group.no), []);
    assert.equal(await refusal(store.messages.append(text(two, group.no, 'a', 'x'))), 'conversation-not-found');
    assert.equal(
      await refusal(
        store.conversations.changeMembers(two, group.no, { add: ['b'] }, { membersMax: 9, membershipsMax: 9 }, 1),
      ),
      'conversation-not-found',
    );
    assert.equal(await refusal(store.conversations.erase(two, group.no, 1)), 'conversation-not-found');
    await store.messages.append(text(one, group.no, 'a', 'x'));
    assert.deepEqual(await store.messages.page(two, group.no, {}, 10), []);
    assert.deepEqual(await store.messages.newest(two, [{ conversation: group.no }]), [null]);
    assert.deepEqual(await store.messages.expire(two, Number.MAX_SAFE_INTEGER, 10), { done: true, removed: 0 });
    assert.equal((await store.messages.page(one, group.no, {}, 10)).length, 1);
  });

  test('[CORE-4] a passenger is created with its attributes; putting it again merges them', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('p');
    await store.passengers.put(app, 'p', { a: 1, b: 'x' }, clock.ms);
    await store.passengers.put(app, 'p', { b: 'y' }, clock.ms + 5);
    assert.deepEqual(await store.passengers.byId(app, 'p'), {
      id: 'p',
      attributes: { a: 1, b: 'y' },
      createdAt: clock.ms,
    });
    assert.deepEqual((await store.users.byId(app, 'p'))?.attributes, {});
    assert.equal(await store.passengers.byId(app, 'q'), undefined);
    const large = { a: 'x'.repeat(limits.attributesBytesMax) };
    assert.equal(await refusal(store.passengers.put(app, 'p', large, 1)), 'too-long attributes');
    assert.equal(await refusal(store.passengers.put(app, 'q', large, 1)), 'too-long attributes');
  });

  test('[CORE-5] an app has one list of words, in the order given, bounded in number and length', async () => {
    const { store } = bench;
    const app = await bench.appWith();
    await store.words.replace(app, ['b', 'a', 'b'], 1);
    await store.words.replace(app, ['z', '坏话', 'a', 'z'], 1);
    assert.deepEqual(await store.words.list(app), ['z', '坏话', 'a']);
    assert.equal(await refusal(store.words.replace(app, ['x'.repeat(limits.wordCharsMax + 1)], 1)), 'too-long word');
    const many = Array.from({ length: limits.wordsMax + 1 }, (_, n) => `w${n}`);
    assert.equal(await refusal(store.words.replace(app, many, 1)), 'full words');
    assert.deepEqual(await store.words.list(app), ['z', '坏话', 'a']);
    await store.words.replace(app, many.slice(1), 1);
    assert.equal((await store.words.list(app)).length, limits.wordsMax);
  });

  test('[CORE-5] single words are added, removed and put for others without losing anybody else’s', async () => {
    const { store } = bench;
    const app = await bench.appWith();
    await Promise.all(['a', 'b', 'c'].map((word) => store.words.add(app, [word, word], 10, 1)));
    assert.deepEqual((await store.words.list(app)).toSorted(), ['a', 'b', 'c']);
    await store.words.replace(app, ['c', 'a', 'b'], 5);
    await store.words.add(app, ['d', 'a'], 4, 7);
    assert.equal(await refusal(store.words.add(app, ['e', 'f'], 5, 8)), 'full words');
    assert.equal(await refusal(store.words.add(app, ['x'.repeat(limits.wordCharsMax + 1)], 10, 8)), 'too-long word');
    await store.words.add(app, ['a', 'd'], 1, 8);
    await store.words.rename(app, 'a', 'e', 9);
    await store.words.rename(app, 'absent', 'never', 9);
    await store.words.rename(app, 'b', 'd', 9);
    await store.words.remove(app, ['absent', 'c']);
    assert.deepEqual(await store.words.page(app, { skip: 0, limit: 9 }), {
      total: 2,
      words: [
        { word: 'e', since: 9 },
        { word: 'd', since: 7 },
      ],
    });
    await store.words.replace(app, ['d', 'n'], 11);
    assert.deepEqual(await store.words.page(app, { skip: 0, limit: 1 }), {
      total: 2,
      words: [{ word: 'd', since: 7 }],
    });
  });

  test('[CORE-6] what is known of an upload is found by its path, and by age', async () => {
    const { store } = bench;
    const app = await bench.appWith();
    const upload = (n: number): Media => ({
      ...{
        path: `${app}/${n}.png`,
        app,
        type: 'image/png',
        bytes: 10 + n,
        name: 'a.png',
        width: n,
        height: null,
        thumb: null,
        crc32: 4294967295,
      },
      createdAt: n,
    });
    for (const n of [3, 1, 2]) await store.media.put(upload(n));
    assert.deepEqual(await store.media.byPath(`${app}/3.png`), upload(3));
    assert.deepEqual(await store.media.olderThan(app, 3, 10), [upload(1), upload(2)]);
    assert.deepEqual(await store.media.olderThan(app, 9, 1), [upload(1)]);
    await store.media.remove([`${app}/1.png`, `${app}/2.png`, 'unknown']);
    assert.deepEqual(await store.media.olderThan(app, 9, 10), [upload(3)]);
  });
}
