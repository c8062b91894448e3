// Registration, profiles, lists and the end of a user, of the store's contract.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conversationSubject } from '../../src/core/subjects.ts';
import { type Bench, gathered, refusal, text } from './store.suite.ts';

export function peopleCases(bench: Bench): void {
  test('[CORE-208] 500 users are registered in one write, each by itself; who is there stays as he is', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('u7');
    const users = Array.from({ length: 500 }, (_, n) => ({ id: `u${n}`, profile: { nickname: `N${n}` } }));
    users[499] = { id: 'u0', profile: { nickname: 'twice' } };
    const outcomes = await store.users.register(app, users, clock.ms);
    assert.deepEqual(
      outcomes.flatMap((outcome, n) => (outcome === 'exists' ? [n] : [])),
      [7, 499],
    );
    const [first, known, nobody] = await store.users.byIds(app, ['u0', 'u7', 'u499']);
    assert.deepEqual([first?.profile, known?.profile, nobody], [{ nickname: 'N0' }, {}, undefined]);
    const [a, b] = await Promise.all([
      store.users.register(app, [{ id: 'race' }], clock.ms),
      store.users.register(app, [{ id: 'race' }], clock.ms),
    ]);
    assert.deepEqual([...(a ?? []), ...(b ?? [])].sort(), ['created', 'exists'], 'one of two racers makes him');
  });

  test('[CORE-209] a profile changes by its top-level names; null takes one away; only then its time moves', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a');
    const before = await store.users.byId(app, 'a');
    await store.users.setProfile(app, 'a', { nickname: 'Ann', extras: { k: [1] }, gender: 1 }, clock.ms + 5);
    await store.users.setProfile(app, 'a', { gender: null, nickname: 'Anna' }, clock.ms + 9);
    const after = await store.users.byId(app, 'a');
    assert.deepEqual(after?.profile, { nickname: 'Anna', extras: { k: [1] } });
    assert.deepEqual([after?.profileAt, after?.seenAt], [clock.ms + 9, before?.seenAt]);
    await store.users.mark(app, 'a', { admin: true });
    await store.users.mark(app, 'a', { disabled: true });
    const marked = await store.users.byId(app, 'a');
    assert.deepEqual([marked?.admin, marked?.disabled, marked?.profileAt], [true, true, after?.profileAt]);
    assert.equal(await refusal(store.users.setProfile(app, 'nobody', {}, 1)), 'user-not-found');
    assert.equal(await refusal(store.users.mark(app, 'nobody', { admin: true })), 'user-not-found');
    const huge = { extras: 'x'.repeat(70_000) };
    assert.equal(await refusal(store.users.setProfile(app, 'a', huge, 1)), 'too-long attributes');
  });

  test('[CORE-210] users are listed by creation with their number, admins apart where it is asked', async () => {
    const { store } = bench;
    const { no: app } = await bench.app();
    for (const [n, id] of ['c', 'a', 'b', 'd'].entries()) await store.users.ensure(app, [id], 100 + n);
    await store.users.mark(app, 'b', { admin: true });
    const ids = async (page: Parameters<typeof store.users.list>[1]) => {
      const { total, users } = await store.users.list(app, page);
      return [total, ...users.map(({ id }) => id)];
    };
    assert.deepEqual(await ids({ skip: 0, limit: 3 }), [4, 'c', 'a', 'b']);
    assert.deepEqual(await ids({ skip: 3, limit: 3 }), [4, 'd']);
    assert.deepEqual(await ids({ skip: 9, limit: 3 }), [4]);
    assert.deepEqual(await ids({ skip: 0, limit: 9, admin: true }), [1, 'b']);
    assert.deepEqual(await ids({ skip: 0, limit: 9, admin: false }), [3, 'c', 'a', 'd']);
  });

  test('[CORE-211] who is erased is out of everything at once, and a later user of his name begins anew', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b', 'c');
    const owned = await gathered(bench, app, ['a', 'c', 'b'], { name: 'Owned' });
    const alone = await gathered(bench, app, ['a']);
    const room = await gathered(bench, app, ['b', 'a'], { kind: 'room' });
    const pair = await store.conversations.claimPair(app, 'a', 'b', clock.ms);
    const said = await store.messages.append(text(app, pair.no, 'a', 'between us'));
    await store.friends.join(app, 'a', ['b', 'c'], clock.ms);
    await store.blocks.put(app, 'b', ['a'], { max: 9, strict: true }, clock.ms);
    await store.quiets.change(app, 'a', { add: [conversationSubject(owned.no)], remove: [], strict: true }, clock.ms);
    await store.users.bindInstall(app, 'a', 'phone', clock.ms);
    await store.users.setAttributes(app, 'a', { mode: 'replace', values: { city: 'Rome' } }, clock.ms);

    const erased = await store.users.erase(app, 'a', clock.ms);
    assert.deepEqual(
      erased.left.map(({ no, owner, ownerChanged, deleted }) => [no, owner, ownerChanged, deleted]),
      [
        [owned.no, 'c', true, false],
        [alone.no, null, false, true],
        [room.no, null, false, false],
      ],
    );
    assert.deepEqual([erased.friends, erased.talkedWith], [['b', 'c'], ['b']]);
    assert.equal(await store.users.byId(app, 'a'), undefined);
    assert.equal(await store.conversations.open(app, alone.id), undefined);
    assert.deepEqual(await store.conversations.roster(app, owned.no), ['c', 'b']);
    assert.deepEqual(await store.friends.ids(app, 'b'), []);
    assert.deepEqual((await store.blocks.list(app, 'b', { skip: 0, limit: 9 })).blocks, []);
    const rome = { filters: [{ name: 'city', value: 'Rome' }], sort: [], skip: 0, limit: 9 };
    assert.deepEqual(await store.users.find(app, rome), []);
    assert.equal((await store.messages.page(app, pair.no, {}, 9))[0]?.ts, said.ts, 'what he said stays');
    assert.equal(await refusal(store.users.erase(app, 'a', clock.ms)), 'user-not-found');

    await store.users.ensure(app, ['a'], clock.ms);
    assert.deepEqual(await store.conversations.numbersOf(app, 'a'), []);
    assert.deepEqual(await store.users.installs(app, 'a'), []);
    assert.deepEqual(await store.conversations.talks(app, 'a', { limit: 9 }), []);
    assert.notEqual((await store.conversations.claimPair(app, 'b', 'a', clock.ms)).no, pair.no);
  });

  test('[CORE-212] strictly, friends that are and friends that are not refuse the whole; notes are one person’s own', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b', 'c', 'd');
    await store.friends.join(app, 'a', ['b'], clock.ms, true);
    assert.equal(await refusal(store.friends.join(app, 'a', ['c', 'b'], clock.ms, true)), 'already friend');
    assert.deepEqual(await store.friends.ids(app, 'a'), ['b']);
    await store.friends.join(app, 'c', ['a'], clock.ms, true);
    assert.equal(await refusal(store.friends.part(app, 'a', ['b', 'd'], true)), 'absent friend');
    assert.deepEqual(await store.friends.ids(app, 'a'), ['b', 'c']);
    await store.friends.note(app, 'a', [{ other: 'b', note: { name: 'Bobby', others: 'tall' } }]);
    await store.friends.note(app, 'a', [{ other: 'b', note: { others: '' } }]);
    const notes = async (who: string) => (await store.friends.list(app, who)).map(({ note }) => note);
    assert.deepEqual([await notes('a'), await notes('b')], [[{ name: 'Bobby' }, {}], [{}]]);
    const mixed = [
      { other: 'c', note: { name: 'C' } },
      { other: 'd', note: { name: 'D' } },
    ];
    assert.equal(await refusal(store.friends.note(app, 'a', mixed)), 'absent friend');
    assert.deepEqual(await notes('a'), [{ name: 'Bobby' }, {}], 'all or nothing');
    assert.deepEqual(await store.friends.part(app, 'a', ['b', 'd', 'c']), ['b', 'c']);
  });

  test('[CORE-213] blocks are all or nothing, bounded, and of whoever made them alone', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b', 'c');
    const lax = { max: 3, strict: false };
    const strict = { max: 3, strict: true };
    assert.deepEqual(await store.blocks.put(app, 'a', ['b', 'b'], strict, clock.ms), ['b']);
    assert.equal(await refusal(store.blocks.put(app, 'a', ['c', 'b'], strict, clock.ms)), 'already block');
    assert.deepEqual(await store.blocks.put(app, 'a', ['b', 'c'], lax, clock.ms + 1), ['c']);
    assert.equal(await refusal(store.blocks.put(app, 'a', ['x', 'y'], lax, clock.ms)), 'full blocks');
    const { total, blocks } = await store.blocks.list(app, 'a', { skip: 1, limit: 1 });
    assert.deepEqual([total, blocks], [2, [{ target: 'c', since: clock.ms + 1 }]]);
    assert.deepEqual(await store.blocks.among(app, 'a', ['c', 'd']), ['c']);
    assert.deepEqual(await store.blocks.among(app, 'c', ['a']), []);
    assert.deepEqual(await store.blocks.blockers(app, 'b', ['a', 'c']), ['a']);
    assert.equal(await refusal(store.blocks.lift(app, 'a', ['b', 'x'], { strict: true })), 'absent block');
    assert.deepEqual(await store.blocks.lift(app, 'a', ['b', 'x'], { strict: false }), ['b']);
  });

  test('[CORE-214] being quiet changes all or nothing, and being quiet about everything counts for each', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b');
    const group = conversationSubject(10_000_123);
    const change = (who: string, add: string[], remove: string[], strict = true) =>
      store.quiets.change(app, who, { add, remove, strict }, clock.ms);
    assert.deepEqual(await change('a', ['b', group], []), { added: ['b', group], removed: [] });
    assert.equal(await refusal(change('a', [':*', 'b'], [])), 'already quiet');
    assert.equal(await refusal(change('a', [':*'], ['c'])), 'absent quiet');
    assert.deepEqual((await store.quiets.of(app, 'a')).sort(), [group, 'b'].sort(), 'nothing of either happened');
    await change('b', [':*'], []);
    assert.deepEqual((await store.quiets.among(app, group, ['a', 'b', 'c'])).sort(), ['a', 'b']);
    assert.deepEqual(await store.quiets.about(app, group, { skip: 0, limit: 9 }), ['a']);
    assert.deepEqual(await change('a', ['b'], ['c', group], false), { added: [], removed: [group] });
  });
}
