// Conversations of the store's contract: how they come, are found, change and go.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bench, freshId, gathered, refusal, text, wide } from './store.suite.ts';

export function conversationCases(bench: Bench): void {
  test('[CORE-18] every conversation has a number above 10000000 that is never given twice, and is found by it or by its id', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b');
    const one = await gathered(bench, app, ['a', 'b'], { name: 'One', attributes: { k: 'v' } });
    assert.ok(one.no > 10_000_000);
    const open = await store.conversations.open(app, one.id);
    assert.deepEqual(open, {
      ...{
        no: one.no,
        id: one.id,
        kind: 'group',
        name: 'One',
        attributes: { k: 'v' },
        creator: 'a',
        owner: 'a',
        memberMax: null,
      },
      ...{ description: null, avatar: null, open: false, columns: {}, memberCount: 2, unique: false, pairTalk: false },
      ...{ keeps: true, createdAt: clock.ms, updatedAt: clock.ms, infoAt: clock.ms, expiresAt: null, lastTs: 0 },
    });
    assert.deepEqual(await store.conversations.open(app, String(one.no)), open);
    for (const unknown of ['', `0${one.no}`, `${one.no}.0`, '99999999999999999999', 'x']) {
      assert.equal(await store.conversations.open(app, unknown), undefined);
    }
    await store.conversations.erase(app, one.no, clock.ms);
    assert.equal(await store.conversations.open(app, one.id), undefined);
    assert.equal(await store.conversations.open(app, String(one.no)), undefined);
    const two = await gathered(bench, app, ['a']);
    assert.ok(two.no > one.no);
    const again = {
      id: one.id,
      kind: 'group',
      name: null,
      attributes: {},
      creator: 'a',
      owner: 'a',
      members: [],
      keeps: true,
    } as const;
    assert.equal(await refusal(store.conversations.create(app, again, wide, 1)), 'conflict id');
  });

  test('[CORE-19] a pair has one direct conversation, whoever asks and however many ask at once', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b');
    assert.equal(await store.conversations.ofPair(app, 'a', 'b'), undefined);
    const racers = Array.from({ length: 50 }, (_, n) =>
      n % 2
        ? store.conversations.claimPair(app, 'a', 'b', clock.ms)
        : store.conversations.claimPair(app, 'b', 'a', clock.ms),
    );
    const claims = await Promise.all(racers);
    assert.equal(new Set(claims.map((claim) => claim.no)).size, 1);
    assert.equal(claims.filter((claim) => claim.created).length, 1);
    const direct = await store.conversations.ofPair(app, 'b', 'a');
    assert.match(direct?.id ?? '', /^[0-9a-f]{24}$/);
    assert.deepEqual([direct?.no, direct?.kind, direct?.keeps, direct?.owner], [claims[0]?.no, 'direct', true, null]);
    assert.deepEqual((await store.conversations.roster(app, direct?.no ?? 0)).sort(), ['a', 'b']);
    const passenger = await store.conversations.claimPair(app, ':b', 'a', clock.ms);
    assert.notEqual(passenger.no, direct?.no, 'a passenger is not the user of the same id');
    assert.deepEqual(await store.conversations.numbersOf(app, 'a'), [], 'sessions listen to groups and rooms only');
  });

  test('[CORE-20] a group is created with its members or not at all', async () => {
    const { store } = bench;
    const app = await bench.appWith('a', 'b', 'c');
    const group = (members: string[], owner: string | null = 'a') =>
      ({
        id: freshId(),
        kind: 'group',
        name: null,
        attributes: {},
        creator: 'a',
        owner,
        members,
        keeps: true,
      }) as const;
    const { no } = await store.conversations.create(
      app,
      group(['c', 'b', 'c']),
      { membersMax: 3, membershipsMax: 2 },
      5,
    );
    const joined = { joinedAt: 5, since: 0, shield: false };
    assert.deepEqual((await store.conversations.withMembers(app, no))?.members, [
      { who: 'a', role: 'owner', listed: false, ...joined },
      { who: 'c', role: 'member', listed: true, ...joined },
      { who: 'b', role: 'member', listed: true, ...joined },
    ]);
    const tight = { membersMax: 2, membershipsMax: 1 };
    assert.equal(await refusal(store.conversations.create(app, group(['b', 'c']), tight, 5)), 'full members');
    assert.equal(await refusal(store.conversations.create(app, group([], 'b'), tight, 5)), 'full memberships');
    const room = { ...group(['a'], null), kind: 'room' } as const;
    await store.conversations.create(app, room, tight, 5);
    assert.deepEqual(await store.conversations.idsOf(app, 'a', 'room'), [room.id]);
    assert.equal((await store.conversations.of(app, 'b', 'group')).length, 1);
    const none = await store.conversations.create(app, group([], null), wide, 5);
    assert.deepEqual(await store.conversations.roster(app, none.no), []);
  });

  test('[CORE-20] somebody’s conversations come in the order of joining, complete', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b');
    const one = await gathered(bench, app, ['b']);
    const two = await gathered(bench, app, ['a', 'b']);
    const room = await gathered(bench, app, ['a'], { kind: 'room' });
    await store.conversations.changeMembers(app, one.no, { add: ['a'] }, wide, clock.ms);
    assert.deepEqual(await store.conversations.idsOf(app, 'a', 'group'), [two.id, one.id]);
    assert.deepEqual(
      await store.conversations.of(app, 'a', 'group'),
      await Promise.all([two, one].map(({ no }) => store.conversations.withMembers(app, no))),
    );
    assert.deepEqual((await store.conversations.numbersOf(app, 'a')).sort(), [one.no, two.no, room.no].sort());
  });

  test('[CORE-21] name and attributes change alone; `updatedAt` moves only when something did', async () => {
    const { store } = bench;
    const app = await bench.appWith('a');
    const { no, id } = await gathered(bench, app, ['a'], { name: 'Old', attributes: { k: 1 } });
    await store.conversations.change(app, no, { name: 'New' }, 9_000_000_000_000);
    await store.conversations.change(app, no, { attributes: { mode: 'merge', values: { l: 2 } } }, 9_000_000_000_001);
    await store.conversations.change(app, no, {}, 9_000_000_000_002);
    await store.conversations.change(
      app,
      no,
      { name: 'New', attributes: { mode: 'merge', values: { l: 2 } } },
      9_000_000_000_003,
    );
    const now = await store.conversations.open(app, id);
    assert.deepEqual([now?.name, now?.attributes, now?.updatedAt], ['New', { k: 1, l: 2 }, 9_000_000_000_001]);
    await store.conversations.change(app, no, { name: null }, 9_000_000_000_004);
    assert.equal((await store.conversations.open(app, id))?.name, null);
    assert.equal(await refusal(store.conversations.change(app, 1, {}, 1)), 'conversation-not-found');
    const large = { mode: 'merge', values: { x: 'x'.repeat(70_000) } } as const;
    assert.equal(
      await refusal(store.conversations.change(app, no, { name: 'Half', attributes: large }, 1)),
      'too-long attributes',
    );
    assert.equal((await store.conversations.open(app, id))?.name, null);
  });

  test('[CORE-22] a member has attributes inside a conversation, which end with the membership', async () => {
    const { store } = bench;
    const app = await bench.appWith('a', 'b');
    const { no } = await gathered(bench, app, ['a', 'b']);
    assert.deepEqual(await store.conversations.card(app, no, 'b'), {});
    await store.conversations.setCard(app, no, 'b', { mode: 'merge', values: { nick: 'bee', x: 1 } });
    await store.conversations.setCard(app, no, 'b', { mode: 'remove', name: 'x' });
    assert.deepEqual(await store.conversations.card(app, no, 'b'), { nick: 'bee' });
    assert.deepEqual(await store.conversations.card(app, no, 'a'), {});
    await store.conversations.changeMembers(app, no, { remove: ['b'] }, wide, 1);
    assert.equal(await store.conversations.card(app, no, 'b'), undefined);
    assert.equal(
      await refusal(store.conversations.setCard(app, no, 'b', { mode: 'merge', values: {} })),
      'not-a-member',
    );
    await store.conversations.changeMembers(app, no, { add: ['b'] }, wide, 1);
    assert.deepEqual(await store.conversations.card(app, no, 'b'), {});
  });

  test('[CORE-23] an erased conversation is gone at once, its messages in slices; a second erasing finds nothing', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b');
    while (!(await store.conversations.eraseSlice(1_000)).done);
    const { no, id } = await gathered(bench, app, ['a', 'b'], { name: 'Gone' });
    for (let n = 0; n < 5; n++) await store.messages.append(text(app, no, 'a', String(n), { ref: `r${n}` }));
    assert.deepEqual(await store.conversations.erase(app, no, clock.ms), { members: ['a', 'b'] });
    assert.equal(await store.conversations.withMembers(app, no), undefined);
    assert.deepEqual(await store.conversations.roster(app, no), []);
    assert.deepEqual(
      [await store.conversations.numbersOf(app, 'a'), await store.conversations.idsOf(app, 'b', 'group')],
      [[], []],
    );
    assert.deepEqual(await store.messages.page(app, no, {}, 10), []);
    assert.equal(await refusal(store.messages.append(text(app, no, 'a', 'late'))), 'conversation-not-found');
    assert.equal(
      await refusal(store.messages.append(text(app, no, 'a', '1', { ref: 'r1' }))),
      'conversation-not-found',
    );
    assert.equal(await refusal(store.conversations.erase(app, no, clock.ms)), 'conversation-not-found');
    assert.deepEqual(await store.conversations.eraseSlice(2), { done: false });
    assert.deepEqual(await store.conversations.eraseSlice(2), { done: false });
    assert.deepEqual(await store.conversations.eraseSlice(2), { done: true });
    assert.equal((await store.messages.expire(app, Number.MAX_SAFE_INTEGER, 10)).removed, 0);
    assert.equal(await store.conversations.open(app, id), undefined);
  });
}
