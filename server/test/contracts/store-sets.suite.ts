// The one conversation of a member set, of the store's contract.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NewConversation } from '../../src/core/conversations/conversation.ts';
import { type Bench, freshId, refusal, text, wide } from './store.suite.ts';

export function setCases(bench: Bench): void {
  const wish = (members: string[], more: Partial<NewConversation> = {}): NewConversation => ({
    id: freshId(),
    kind: 'group',
    name: null,
    attributes: {},
    creator: members[0] ?? null,
    owner: members[0] ?? null,
    members,
    keeps: true,
    unique: true,
    ...more,
  });
  const unique = (app: number, members: string[], more: Partial<NewConversation> = {}) =>
    bench.store.conversations.create(app, wish(members, more), wide, bench.clock.ms);
  const change = (app: number, no: number, c: Parameters<typeof bench.store.conversations.changeMembers>[2]) =>
    bench.store.conversations.changeMembers(app, no, c, wide, bench.clock.ms);

  test('[CORE-200] a member set has one unique conversation, in whatever order and however often it is asked for', async () => {
    const app = await bench.appWith('a', 'b', 'c');
    const racers = [
      ['a', 'b', 'c'],
      ['c', 'b', 'a'],
      ['b', 'a', 'c', 'a'],
    ];
    const made = await Promise.all(Array.from({ length: 24 }, (_, n) => unique(app, racers[n % 3] as string[])));
    assert.equal(new Set(made.map(({ no }) => no)).size, 1);
    assert.equal(made.filter(({ created }) => created).length, 1);
    const again = await unique(app, ['a', 'b', 'c'], { name: 'other', id: freshId() });
    assert.deepEqual(again, { no: made[0]?.no, id: made[0]?.id, created: false });
    const open = await bench.store.conversations.open(app, again.id);
    assert.deepEqual([open?.name, open?.unique, open?.kind], [null, true, 'group'], 'what is found stays as it is');
    assert.notEqual((await unique(app, ['a', 'b', 'c'], { unique: false })).no, again.no);
    assert.notEqual((await unique(app, ['a', 'b', 'c'], { kind: 'temporary' })).no, again.no, 'kinds are apart');
    const other = await bench.appWith('a', 'b', 'c');
    assert.notEqual((await unique(other, ['a', 'b', 'c'])).no, again.no, 'apps are apart');
  });

  test('[CORE-200] the unique conversation of two is their direct one, whoever asked first', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b', 'c');
    const byId = await unique(app, ['b', 'a'], { name: 'us', attributes: { k: 1 } });
    const open = await store.conversations.open(app, byId.id);
    assert.deepEqual([open?.kind, open?.name, open?.owner, open?.pairTalk], ['direct', 'us', null, false]);
    const byPair = await store.conversations.claimPair(app, 'a', 'b', clock.ms);
    assert.deepEqual([byPair.no, byPair.created], [byId.no, false]);
    assert.equal((await store.conversations.ofPair(app, 'b', 'a'))?.pairTalk, true);
    const first = await store.conversations.claimPair(app, 'a', 'c', clock.ms);
    assert.deepEqual(await unique(app, ['c', 'a']), { no: first.no, id: first.id, created: false });
  });

  test('[CORE-201] a claim goes with the members, and on a clash to the one that was talked in last', async () => {
    const { store } = bench;
    const app = await bench.appWith('a', 'b', 'c', 'd');
    const abc = await unique(app, ['a', 'b', 'c']);
    await change(app, abc.no, { add: ['d'] });
    assert.equal((await unique(app, ['a', 'b', 'c', 'd'])).no, abc.no);
    const fresh = await unique(app, ['a', 'b', 'c']);
    assert.ok(fresh.created, 'the former set is free again');
    await store.messages.append(text(app, fresh.no, 'a', 'newer'));
    await change(app, abc.no, { remove: ['d'] });
    assert.equal((await unique(app, ['a', 'b', 'c'])).no, fresh.no, 'who was talked in last keeps it');
    await change(app, fresh.no, { remove: ['c'] });
    assert.equal(await store.conversations.ofPair(app, 'a', 'b'), undefined, 'a group never becomes the talk of two');
    await change(app, fresh.no, { add: ['c'] });
    assert.equal((await unique(app, ['a', 'b', 'c'])).no, fresh.no);
    await store.conversations.erase(app, fresh.no, 1);
    assert.ok((await unique(app, ['a', 'b', 'c'])).created, 'an erased one has no claim');
  });

  test('[CORE-202] a third person makes a group of two people, unless they talked by their pair’s address', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b', 'c');
    const pair = await unique(app, ['a', 'b'], { name: 'us', attributes: { k: 'v' } });
    const said = await store.messages.append(text(app, pair.no, 'a', 'x'));
    const outcome = await change(app, pair.no, { add: ['c'] });
    assert.deepEqual([outcome.added, outcome.becameGroup, outcome.owner], [['c'], true, 'a']);
    const group = await store.conversations.withMembers(app, pair.no);
    assert.deepEqual([group?.kind, group?.id, group?.lastTs], ['group', pair.id, said.ts]);
    assert.deepEqual(
      group?.members.map(({ who }) => who),
      ['a', 'b', 'c'],
    );
    assert.deepEqual(await store.conversations.idsOf(app, 'b', 'group'), [pair.id]);
    assert.equal(await store.conversations.ofPair(app, 'a', 'b'), undefined);
    assert.equal((await unique(app, ['c', 'b', 'a'])).no, pair.no);
    const search = { filters: [{ name: 'k', value: 'v' }], sort: [], skip: 0, limit: 9 };
    assert.equal((await store.conversations.find(app, 'group', search)).length, 1, 'it can be searched for');

    const talked = await store.conversations.claimPair(app, 'a', 'b', clock.ms);
    assert.equal(await refusal(change(app, talked.no, { add: ['c'] })), 'wrong-kind');
    assert.equal(
      await refusal(change(app, talked.no, { remove: ['a'], rule: { ownerLeaves: 'successor' } })),
      'wrong-kind',
    );
    assert.equal((await change(app, talked.no, { add: ['a'] })).ts, 0, 'what changes nothing is no change');
  });
}
