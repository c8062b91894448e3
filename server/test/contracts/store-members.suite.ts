// Member changes of the store's contract.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bench, gathered, refusal, text, wide } from './store.suite.ts';

export function memberCases(bench: Bench): void {
  /** `a*b(c)`: in the order of joining; * the owner, brackets: not listed. */
  const shown = async (app: number, no: number) =>
    ((await bench.store.conversations.withMembers(app, no))?.members ?? [])
      .map(({ who, role, listed }) => (listed ? who : `(${who})`) + (role === 'owner' ? '*' : ''))
      .join(' ');

  test('[CORE-24] adding and removing is idempotent for each person and takes a place in the conversation’s order', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b', 'c', 'd');
    const { no } = await gathered(bench, app, ['a', 'b']);
    const said = await store.messages.append(text(app, no, 'a', 'x'));
    const change = (c: Parameters<typeof store.conversations.changeMembers>[2]) =>
      store.conversations.changeMembers(app, no, c, wide, clock.ms);
    const quiet = {
      added: [],
      removed: [],
      owner: 'a',
      ownerChanged: false,
      refused: [],
      deleted: false,
      becameGroup: false,
      ts: 0,
      prev: 0,
    };
    const outcome = await change({ add: ['c', 'b', 'c', 'd'], remove: ['d', 'nobody'] });
    assert.deepEqual(outcome, { ...quiet, added: ['c'], ts: outcome.ts, prev: said.ts });
    assert.ok(outcome.ts > said.ts);
    assert.equal(
      (await store.conversations.withMembers(app, no))?.lastTs,
      said.ts,
      'a change of members is no message',
    );
    const next = await store.messages.append(text(app, no, 'a', 'y'));
    assert.ok(next.ts > outcome.ts);
    assert.equal(next.prev, outcome.ts);
    assert.deepEqual(await change({ add: ['b', 'c'], remove: ['d'] }), quiet);
    assert.deepEqual((await change({ remove: ['b', 'c'] })).removed.toSorted(), ['b', 'c']);
    assert.equal(await shown(app, no), 'a*');
    assert.equal(
      await refusal(store.conversations.changeMembers(app, 1, { add: ['b'] }, wide, 1)),
      'conversation-not-found',
    );
  });

  test('[CORE-25] the owner stays: removing him refuses the whole change', async () => {
    const { store } = bench;
    const app = await bench.appWith('a', 'b', 'c');
    const { no } = await gathered(bench, app, ['a', 'b']);
    assert.equal(
      await refusal(store.conversations.changeMembers(app, no, { add: ['c'], remove: ['b', 'a'] }, wide, 1)),
      'owner-stays',
    );
    assert.equal(await shown(app, no), 'a* b');
    await store.conversations.changeMembers(app, no, { owner: 'b', remove: ['a'] }, wide, 1);
    assert.equal(await shown(app, no), 'b*');
  });

  test('[CORE-25] a new owner who was no member joins unlisted; the former one is listed from then on', async () => {
    const { store } = bench;
    const app = await bench.appWith('a', 'b', 'c');
    const { no } = await gathered(bench, app, ['a', 'b']);
    const change = (c: Parameters<typeof store.conversations.changeMembers>[2]) =>
      store.conversations.changeMembers(app, no, c, wide, 1);
    const outcome = await change({ owner: 'c' });
    assert.deepEqual([outcome.added, outcome.removed, outcome.owner], [['c'], [], 'c']);
    assert.equal(await shown(app, no), 'a b (c)*');
    assert.deepEqual((await change({ owner: 'c' })).ts, 0);
    const listed = await change({ add: ['c'] });
    assert.deepEqual(listed.added, [], 'he was in already');
    assert.ok(listed.ts > 0);
    assert.equal(await shown(app, no), 'a b c*');
    await change({ owner: 'b' });
    assert.equal(await shown(app, no), 'a b* c');
    assert.equal((await store.conversations.withMembers(app, no))?.owner, 'b');
  });

  test('[CORE-26] a whole new list replaces the old one and cannot lose the owner', async () => {
    const { store } = bench;
    const app = await bench.appWith('a', 'b', 'c', 'd');
    const { no } = await gathered(bench, app, ['a', 'b', 'c']);
    const change = (c: Parameters<typeof store.conversations.changeMembers>[2]) =>
      store.conversations.changeMembers(app, no, c, wide, 1);
    const outcome = await change({ replace: ['c', 'd'] });
    assert.deepEqual([outcome.added, outcome.removed], [['d'], ['b']]);
    assert.equal(await shown(app, no), '(a)* c d');
    assert.equal((await change({ replace: ['d', 'c'] })).ts, 0);
    await change({ owner: 'b', replace: ['a', 'd'] });
    assert.equal(await shown(app, no), 'a d (b)*');
    await change({ owner: 'd', replace: [] });
    assert.equal(await shown(app, no), '(d)*');
  });

  test('[CORE-27] limits of members and memberships are exact, however many join at once', async () => {
    const { store } = bench;
    const users = Array.from({ length: 30 }, (_, n) => `u${n}`);
    const app = await bench.appWith('a', ...users);
    const { no } = await gathered(bench, app, ['a']);
    const limits = { membersMax: 11, membershipsMax: 2 };
    const joins = users.map((who) => refusal(store.conversations.changeMembers(app, no, { add: [who] }, limits, 1)));
    const outcomes = await Promise.all(joins);
    assert.equal(outcomes.filter((outcome) => outcome === 'full members').length, 20);
    const roster = await store.conversations.roster(app, no);
    assert.equal(roster.length, 11);
    const [, first = '', second = ''] = roster;
    const late = users.find((who) => !roster.includes(who)) ?? '';
    assert.equal(
      await refusal(store.conversations.changeMembers(app, no, { add: [late], remove: [first] }, limits, 1)),
      'nothing was refused',
    );
    const others = await Promise.all(Array.from({ length: 5 }, () => gathered(bench, app, ['a'])));
    const tight = { membersMax: 500, membershipsMax: 3 };
    const more = others.map((other) =>
      refusal(store.conversations.changeMembers(app, other.no, { add: [second] }, tight, 1)),
    );
    assert.equal((await Promise.all(more)).filter((outcome) => outcome === 'full memberships').length, 3);
    assert.equal((await store.conversations.idsOf(app, second, 'group')).length, 3);
    const rooms = await gathered(bench, app, [second], { kind: 'room' });
    assert.deepEqual(
      await store.conversations.idsOf(app, second, 'room'),
      [rooms.id],
      'rooms and groups are counted apart',
    );
  });

  test('[CORE-27] a list above the limit may shrink, and what is refused changes nothing', async () => {
    const { store } = bench;
    const app = await bench.appWith('a', 'b', 'c', 'd');
    const { no } = await gathered(bench, app, ['a', 'b', 'c']);
    const small = { membersMax: 2, membershipsMax: 9 };
    assert.equal(
      await refusal(store.conversations.changeMembers(app, no, { add: ['d'], owner: 'b' }, small, 1)),
      'full members',
    );
    assert.equal(await shown(app, no), 'a* b c');
    assert.deepEqual((await store.conversations.changeMembers(app, no, { remove: ['c'] }, small, 1)).removed, ['c']);
    assert.deepEqual((await store.conversations.changeMembers(app, no, { owner: 'b' }, small, 1)).owner, 'b');
  });
}
