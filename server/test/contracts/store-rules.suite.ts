// Rules of member changes, of the store's contract.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conversationSubject } from '../../src/core/subjects.ts';
import { type Bench, gathered, refusal, wide } from './store.suite.ts';

export function ruleCases(bench: Bench): void {
  type Change = Parameters<typeof bench.store.conversations.changeMembers>[2];
  const changer =
    (app: number, no: number) =>
    (c: Change, limits = wide) =>
      bench.store.conversations.changeMembers(app, no, c, limits, bench.clock.ms);
  const roster = (app: number, no: number) => bench.store.conversations.roster(app, no);
  const brief = (refused: readonly { who: string; code: string; details: { what?: string } }[]) =>
    refused.map(({ who, code, details }) => [who, details.what ? `${code} ${details.what}` : code]);

  test('[CORE-203] by id: who is refused is named, the others change, and the limit is exact among racers', async () => {
    const users = Array.from({ length: 40 }, (_, n) => `u${n}`);
    const app = await bench.appWith('a', ...users);
    const { no } = await gathered(bench, app, ['a']);
    const change = changer(app, no);
    const limits = { membersMax: 21, membershipsMax: 9 };
    const rule = { mode: 'per-id', already: 'error' } as const;
    const calls = Array.from({ length: 8 }, (_, n) => change({ add: users.slice(n * 5, n * 5 + 5), rule }, limits));
    const outcomes = await Promise.all(calls);
    assert.equal(outcomes.flatMap(({ added }) => added).length, 20);
    const refused = outcomes.flatMap((outcome) => brief(outcome.refused));
    assert.equal(refused.length, 20);
    assert.ok(refused.every(([, why]) => why === 'full members'));
    assert.equal((await roster(app, no)).length, 21);
    assert.equal((await bench.store.conversations.open(app, String(no)))?.memberCount, 21);
    const mixed = await change({ remove: ['a', 'u0', 'nobody'], rule: { ...rule, absent: 'error' } }, limits);
    assert.deepEqual(mixed.removed, ['u0']);
    assert.deepEqual(brief(mixed.refused), [
      ['a', 'owner-stays'],
      ['nobody', 'not-a-member'],
    ]);
    assert.deepEqual(brief((await change({ add: ['a'], rule })).refused), [['a', 'already member']]);
  });

  test('[CORE-204] add, then remove: what was added stays when the removal is refused', async () => {
    const app = await bench.appWith('a', 'b', 'c', 'd');
    const { no } = await gathered(bench, app, ['a', 'b']);
    const change = changer(app, no);
    const rule = { mode: 'add-then-remove', already: 'error', absent: 'error', ownerLeaves: 'successor' } as const;
    const half = await change({ add: ['c'], remove: ['b', 'nobody'], rule });
    assert.deepEqual([half.added, half.removed, brief(half.refused)], [['c'], [], [['nobody', 'not-a-member']]]);
    assert.deepEqual(await roster(app, no), ['a', 'b', 'c']);
    assert.equal(await refusal(change({ add: ['d', 'b'], remove: ['c'], rule })), 'already member');
    assert.deepEqual(await roster(app, no), ['a', 'b', 'c'], 'a refused addition refuses all');
    const whole = await change({ add: ['d'], remove: ['a', 'c'], rule });
    assert.deepEqual([whole.added, whole.removed, whole.owner, whole.ownerChanged], [['d'], ['a', 'c'], 'b', true]);
    const both = await change({ add: ['c'], remove: ['c'], rule });
    assert.deepEqual(
      [both.added, both.removed, both.ts],
      [[], [], 0],
      'who comes and goes in one step was never there',
    );
    const small = { membersMax: 2, membershipsMax: 9 };
    assert.equal(
      await refusal(change({ add: ['c'], remove: ['d'], rule }, small)),
      'full members',
      'adding comes first',
    );
  });

  test('[CORE-205] an owner who leaves is followed by whoever has been in longest, by nobody, or stays', async () => {
    const { store } = bench;
    const app = await bench.appWith('a', 'b', 'c', 'd');
    const { no } = await gathered(bench, app, ['a', 'c', 'b']);
    const change = changer(app, no);
    assert.equal(await refusal(change({ remove: ['a'] })), 'owner-stays');
    const left = await change({ remove: ['a', 'c'], add: ['d'], rule: { ownerLeaves: 'successor' } });
    assert.deepEqual([left.owner, left.ownerChanged], ['b', true]);
    const members = (await store.conversations.withMembers(app, no))?.members;
    assert.deepEqual(
      members?.map(({ who, role }) => `${who} ${role}`),
      ['b owner', 'd member'],
    );
    const vacant = await change({ remove: ['b'], rule: { ownerLeaves: 'vacant' } });
    assert.deepEqual([vacant.owner, (await store.conversations.open(app, String(no)))?.creator], [null, 'a']);
    const alone = await change({ remove: ['d'], rule: { ownerLeaves: 'successor' } });
    assert.deepEqual([alone.owner, alone.deleted], [null, false]);
    assert.equal(await refusal(change({ owner: 'a', ownerAmong: true })), 'not-a-member');
  });

  test('[CORE-205] where roles count, a member removes himself, a manager plain members, and an owner of three stays', async () => {
    const { store } = bench;
    const app = await bench.appWith('o', 'm', 'n', 'x', 'y');
    const { no } = await gathered(bench, app, ['o', 'm', 'n', 'x', 'y']);
    assert.deepEqual(await store.conversations.setRole(app, no, ['m', 'n'], 'manager'), ['m', 'n']);
    const change = changer(app, no);
    const as = (by: string, remove: string[]) =>
      change({ remove, rule: { mode: 'per-id', roles: true, ownerLeaves: 'successor', by } });
    const refused = async (by: string, who: string) => brief((await as(by, [who])).refused)[0]?.[1];
    assert.equal(await refused('x', 'y'), 'forbidden');
    assert.equal(await refused('m', 'n'), 'forbidden');
    assert.equal(await refused('m', 'o'), 'owner-stays');
    assert.equal(await refused('o', 'o'), 'owner-stays');
    assert.equal(await refused('m', 'y'), undefined);
    assert.equal(await refused('x', 'x'), undefined);
    assert.equal(await refused('o', 'm'), undefined);
    assert.equal(await refused('o', 'o'), undefined, 'one of two may go');
    assert.deepEqual(await roster(app, no), ['n']);
    assert.equal((await store.conversations.open(app, String(no)))?.owner, 'n');
  });

  test('[CORE-206] who is blocked is not let in; who blocked the conversation comes by himself only', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b', 'c');
    const { no } = await gathered(bench, app, ['a']);
    const change = changer(app, no);
    const subject = conversationSubject(no);
    await store.blocks.put(app, subject, ['b'], { max: 9, strict: false }, clock.ms);
    await store.blocks.put(app, 'c', [subject], { max: 9, strict: false }, clock.ms);
    const error = { mode: 'per-id', blocked: 'error', by: 'a' } as const;
    assert.deepEqual(brief((await change({ add: ['b', 'c'], rule: error })).refused), [
      ['b', 'blocked'],
      ['c', 'blocked'],
    ]);
    const silent = await change({ add: ['b', 'c'], rule: { blocked: 'skip' } });
    assert.deepEqual([silent.added, silent.refused, silent.ts], [[], [], 0]);
    assert.deepEqual((await change({ add: ['c'], rule: { ...error, by: 'c' } })).added, ['c']);
    assert.equal(await refusal(change({ add: ['b'], rule: { blocked: 'error' } })), 'blocked');
    assert.deepEqual((await change({ add: ['b'] })).added, ['b'], 'a door that does not look lets him in');
  });

  test('[CORE-207] a conversation that its last member left ends, where the rule says so', async () => {
    const { store } = bench;
    const app = await bench.appWith('a', 'b');
    const { no, id } = await gathered(bench, app, ['a', 'b']);
    const rule = { ownerLeaves: 'successor', whenEmpty: 'delete' } as const;
    const change = changer(app, no);
    assert.equal((await change({ remove: ['a'], rule })).deleted, false);
    const last = await change({ remove: ['b'], rule });
    assert.deepEqual([last.deleted, last.removed], [true, ['b']]);
    assert.equal(await store.conversations.open(app, id), undefined);
    assert.equal(await refusal(change({ add: ['a'] })), 'conversation-not-found');
    const kept = await gathered(bench, app, ['a']);
    assert.equal((await changer(app, kept.no)({ remove: ['a'], rule: { ownerLeaves: 'successor' } })).deleted, false);
    assert.ok(await store.conversations.open(app, kept.id));
  });
}
