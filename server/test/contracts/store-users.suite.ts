// Users and installs of the store's contract.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../../src/core/limits.ts';
import { type Bench, refusal } from './store.suite.ts';

export function userCases(bench: Bench): void {
  test('[CORE-7] users are created once, whoever races', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a');
    const racers = Array.from({ length: 20 }, () => store.users.ensure(app, ['a', 'b', 'c', 'b'], clock.ms));
    assert.deepEqual((await Promise.all(racers)).flat().sort(), ['b', 'c']);
    assert.deepEqual((await store.users.existing(app, ['c', 'nobody', 'a', 'a'])).sort(), ['a', 'c']);
    assert.deepEqual(await store.users.byId(app, 'b'), {
      ...{ id: 'b', attributes: {}, profile: {}, kindNo: null, admin: false, disabled: false },
      ...{ createdAt: clock.ms, profileAt: clock.ms, seenAt: clock.ms, home: null },
    });
    assert.equal(await store.users.byId(app, 'B'), undefined, 'ids are case-sensitive');
    assert.deepEqual(await store.users.ensure(app, [], 1), []);
    const many = Array.from({ length: 3_000 }, (_, n) => `u${n}`);
    assert.equal((await store.users.ensure(app, many, 1)).length, 3_000);
    assert.equal((await store.users.existing(app, many)).length, 3_000);
  });

  test('[CORE-8] a login creates the user, moves `seenAt` and binds the install', async () => {
    const { store } = bench;
    const app = await bench.appWith();
    await store.users.login(app, 'a', 100);
    await store.users.login(app, 'a', 200, 'phone');
    const user = await store.users.byId(app, 'a');
    assert.deepEqual([user?.createdAt, user?.seenAt, user?.profileAt], [100, 200, 100]);
    assert.deepEqual(await store.users.installs(app, 'a'), ['phone']);
  });

  test('[CORE-9] attributes are merged, replaced or removed by their top-level names, and `seenAt` moves', async () => {
    const { store } = bench;
    const app = await bench.appWith('a');
    const change = (c: Parameters<typeof store.users.setAttributes>[2]) =>
      store.users.setAttributes(app, 'a', c, 7_000);
    await change({ mode: 'merge', values: { deep: { x: 1 }, b: [1, 'two', null] } });
    await change({ mode: 'merge', values: { deep: { y: 2 }, c: '鸿雁' } });
    assert.deepEqual((await store.users.byId(app, 'a'))?.attributes, {
      deep: { y: 2 },
      b: [1, 'two', null],
      c: '鸿雁',
    });
    await change({ mode: 'merge', values: JSON.parse('{"__proto__": {"admin": true}}') });
    const odd = (await store.users.byId(app, 'a'))?.attributes ?? {};
    assert.deepEqual(Object.keys(odd), ['deep', 'b', 'c', '__proto__']);
    assert.equal((odd as { admin?: unknown }).admin, undefined);
    await change({ mode: 'remove', name: '__proto__' });
    await change({ mode: 'remove', name: 'b' });
    await change({ mode: 'remove', name: 'never there' });
    assert.deepEqual((await store.users.byId(app, 'a'))?.attributes, { deep: { y: 2 }, c: '鸿雁' });
    await change({ mode: 'replace', values: { only: true } });
    const user = await store.users.byId(app, 'a');
    assert.deepEqual([user?.attributes, user?.seenAt], [{ only: true }, 7_000]);
  });

  test('[CORE-9] attributes that would grow too large, or of a user that does not exist, are refused', async () => {
    const { store } = bench;
    const app = await bench.appWith('a');
    const half = { mode: 'merge', values: { one: 'x'.repeat(limits.attributesBytesMax / 2) } } as const;
    await store.users.setAttributes(app, 'a', half, 1);
    const other = { mode: 'merge', values: { two: half.values.one } } as const;
    assert.equal(await refusal(store.users.setAttributes(app, 'a', other, 1)), 'too-long attributes');
    assert.deepEqual(Object.keys((await store.users.byId(app, 'a'))?.attributes ?? {}), ['one']);
    assert.equal(await refusal(store.users.setAttributes(app, 'nobody', half, 1)), 'user-not-found');
    assert.equal(await refusal(store.users.setKindNo(app, 'nobody', 1, 1)), 'user-not-found');
    await store.users.setKindNo(app, 'a', -3, 9);
    assert.equal((await store.users.byId(app, 'a'))?.kindNo, -3);
  });

  test('[CORE-10] an install belongs to one user; the oldest binding above the limit is dropped', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b');
    await store.users.bindInstall(app, 'a', 'shared', clock.ms);
    await store.users.bindInstall(app, 'b', 'shared', clock.ms);
    assert.deepEqual(await store.users.installs(app, 'a'), []);
    assert.deepEqual(await store.users.installs(app, 'b'), ['shared']);
    const many = Array.from({ length: limits.installsPerUserMax }, (_, n) => `i${n}`);
    for (const install of many) await store.users.bindInstall(app, 'a', install, clock.ms);
    assert.deepEqual(await store.users.installs(app, 'a'), many);
    await store.users.bindInstall(app, 'a', 'i0', clock.ms);
    await store.users.bindInstall(app, 'a', 'new', clock.ms);
    assert.deepEqual(await store.users.installs(app, 'a'), [...many.slice(2), 'i0', 'new']);
    await store.users.unbindInstalls(app, 'b', ['new', 'unknown']);
    await store.users.unbindInstalls(app, 'a', ['new', 'i0', ...many.slice(2, 19)]);
    assert.deepEqual(await store.users.installs(app, 'a'), ['i19']);
    await store.users.unbindInstalls(app, 'a', []);
  });
}
