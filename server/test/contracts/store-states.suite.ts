// What members are beside being in, and what conversations are, of the store's contract.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FieldStep } from '../../src/core/conversations/conversation.ts';
import { type Bench, freshId, gathered, refusal, text, wide } from './store.suite.ts';

export function stateCases(bench: Bench): void {
  test('[CORE-215] a silence ends by itself or lasts; leaving lifts it unless it sticks; a timed one shortens none', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b', 'c');
    const { no } = await gathered(bench, app, ['a', 'b', 'c']);
    const wish = { until: null, sticky: false, by: 'a', membersOnly: false, max: 3 };
    const silence = (who: string[], more: Partial<Omit<typeof wish, 'until'>> & { until?: number | null } = {}) =>
      store.conversations.silence(app, no, who, { ...wish, ...more }, clock.ms);
    const silenced = async (now = clock.ms, timed?: boolean) => {
      const { total, silences } = await store.conversations.silences(app, no, { skip: 0, limit: 9, timed }, now);
      return [total, ...silences.map(({ who, until }) => `${who} ${until ?? 'ever'}`)];
    };
    await silence(['b']);
    await silence(['b', 'outsider'], { until: clock.ms + 50, sticky: true });
    assert.deepEqual(await silenced(), [2, 'b ever', `outsider ${clock.ms + 50}`]);
    assert.deepEqual(await silenced(clock.ms + 50), [1, 'b ever'], 'its end is no part of it');
    assert.deepEqual(
      [await silenced(clock.ms, true), await silenced(clock.ms, false)],
      [
        [1, `outsider ${clock.ms + 50}`],
        [1, 'b ever'],
      ],
    );
    assert.equal(await refusal(silence(['a', 'stranger'], { membersOnly: true })), 'not-a-member');
    assert.equal(await refusal(silence(['a', 'c'], { max: 3 })), 'full silences');
    assert.equal((await silenced())[0], 2, 'all or nothing');
    await silence(['c']);
    await store.conversations.changeMembers(app, no, { remove: ['b', 'c'] }, wide, clock.ms);
    assert.deepEqual(await silenced(), [2, 'b ever', `outsider ${clock.ms + 50}`], 'c was lifted by leaving');
    assert.deepEqual(await store.conversations.unsilence(app, no, ['b', 'nobody'], clock.ms, true), []);
    assert.deepEqual(await store.conversations.unsilence(app, no, ['b', 'nobody'], clock.ms), ['b']);
    assert.deepEqual(await store.conversations.unsilence(app, no, ['outsider'], clock.ms + 60), [], 'it was over');
    assert.equal(await refusal(store.conversations.silence(app, 1, ['a'], wish, 1)), 'conversation-not-found');
  });

  test('[CORE-216] roles are members’ only and never the owner’s; a shield is one member’s own, all or nothing', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b', 'c');
    const one = await gathered(bench, app, ['a', 'b', 'c']);
    const two = await gathered(bench, app, ['a']);
    assert.deepEqual(await store.conversations.setRole(app, one.no, ['b', 'c'], 'manager'), ['b', 'c']);
    assert.deepEqual(await store.conversations.setRole(app, one.no, ['b', 'c'], 'manager'), []);
    assert.equal(await refusal(store.conversations.setRole(app, one.no, ['c', 'a'], 'member')), 'owner-stays');
    assert.equal(await refusal(store.conversations.setRole(app, one.no, ['c', 'x'], 'member')), 'not-a-member');
    const managers = await store.conversations.members(app, one.no, { limit: 9, roles: ['manager'] });
    assert.deepEqual([managers.total, managers.members.map(({ who }) => who)], [2, ['b', 'c']]);

    const shields = (add: number[], remove: number[]) =>
      store.conversations.setShields(app, 'b', { add, remove, strict: true });
    assert.equal(await refusal(shields([one.no, two.no], [])), 'not-a-member');
    await shields([one.no], []);
    assert.equal(await refusal(shields([one.no], [])), 'already shield');
    assert.deepEqual(await store.conversations.numbersOf(app, 'b'), [], 'no session of his listens to it');
    assert.equal((await store.conversations.among(app, one.no, ['b', 'x']))[0]?.shield, true);
    await shields([], [one.no]);
    assert.equal(await refusal(shields([], [one.no])), 'absent shield');
    assert.deepEqual(await store.conversations.numbersOf(app, 'b'), [one.no]);
    void clock;
  });

  test('[CORE-216] a member list comes in pages, in the order of joining or against it, with its length', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b', 'c', 'd');
    const { no } = await gathered(bench, app, ['a', 'b', 'c']);
    await store.conversations.changeMembers(app, no, { owner: 'd' }, wide, clock.ms);
    const page = async (p: Parameters<typeof store.conversations.members>[2]) => {
      const { total, members } = await store.conversations.members(app, no, p);
      return [total, ...members.map(({ who }) => who)];
    };
    assert.deepEqual(await page({ limit: 2 }), [3, 'a', 'b'], 'an unlisted owner is not shown');
    assert.deepEqual(await page({ limit: 2, after: 'b' }), [3, 'c']);
    assert.deepEqual(await page({ limit: 2, skip: 1, newestFirst: true }), [3, 'b', 'a']);
  });

  test('[CORE-217] steps on free facts are decided one after the other; one that does not fit undoes the rest', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a');
    const { no, id } = await gathered(bench, app, ['a'], { name: 'N', attributes: { k: 'v' } });
    const change = (steps: FieldStep[]) => store.conversations.change(app, no, { steps }, clock.ms + 7);
    const racers = Array.from({ length: 30 }, () =>
      change([
        { in: 'columns', path: ['score'], do: 'increment', by: 2 },
        { in: 'columns', path: ['tags'], do: 'add-unique', values: ['x'] },
      ]),
    );
    await Promise.all(racers);
    const steps: FieldStep[] = [
      { in: 'attributes', path: ['deep', 'er'], do: 'set', value: true },
      { in: 'attributes', path: ['k'], do: 'unset' },
      { in: 'columns', path: ['tags'], do: 'add', values: ['y', 'y', 'z'] },
      { in: 'columns', path: ['tags'], do: 'remove', values: ['y'] },
    ];
    const { conversation, moved } = await change(steps);
    assert.equal(moved, true);
    assert.deepEqual(conversation.attributes, { deep: { er: true } });
    assert.deepEqual(conversation.columns, { score: 60, tags: ['x', 'z'] });
    assert.deepEqual(await store.conversations.open(app, id), conversation);
    const wrong: FieldStep = { in: 'columns', path: ['tags'], do: 'increment', by: 1 };
    assert.equal(
      await refusal(change([{ in: 'columns', path: ['score'], do: 'increment', by: 1 }, wrong])),
      'invalid-argument tags',
    );
    assert.equal((await store.conversations.open(app, id))?.columns.score, 60);
    assert.equal((await change([{ in: 'columns', path: ['none'], do: 'unset' }])).moved, false);
    const k = { filters: [{ name: 'k', value: 'v' }], sort: [], skip: 0, limit: 9 };
    assert.deepEqual(await store.conversations.find(app, 'group', k), [], 'the search follows');
    const facts = { description: 'd', avatar: 'p', open: true, memberMax: 9 } as const;
    const { conversation: told } = await store.conversations.change(app, no, facts, clock.ms + 9);
    assert.deepEqual([told.description, told.avatar, told.open, told.memberMax, told.name], ['d', 'p', true, 9, 'N']);
    const still = await store.conversations.change(app, no, {}, clock.ms + 20);
    assert.deepEqual(
      [still.moved, still.conversation.updatedAt, still.conversation.infoAt],
      [false, clock.ms + 9, clock.ms + 20],
    );
  });

  test('[CORE-218] conversations are found by kind, id, member, time and one facet, in order, and counted', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b');
    const start = clock.ms;
    const made: { no: number; id: string }[] = [];
    for (let n = 0; n < 5; n++) {
      clock.ms = start + n;
      made.push(await gathered(bench, app, n % 2 ? ['a', 'b'] : ['a'], { name: n < 2 ? 'same' : null }));
    }
    const room = await gathered(bench, app, ['b'], { kind: 'room' });
    const nos = made.map(({ no }) => no);
    await store.messages.append(text(app, nos[1] as number, 'a', 'x'));
    const scan = async (
      filter: Parameters<typeof store.conversations.scan>[1],
      more: Partial<Parameters<typeof store.conversations.scan>[2]> = {},
    ) => {
      const order = { order: 'created', newestFirst: false, limit: 9, ...more } as const;
      const found = await store.conversations.scan(app, filter, order);
      assert.equal(
        found.more || found.conversations.length + (more.skip ?? 0) === (await store.conversations.count(app, filter)),
        true,
      );
      return found.conversations.map(({ no }) => nos.indexOf(no));
    };
    assert.deepEqual(await scan({ kinds: ['group'] }), [0, 1, 2, 3, 4]);
    assert.deepEqual(await scan({ kinds: ['group'] }, { newestFirst: true, skip: 1, limit: 2 }), [3, 2]);
    assert.deepEqual(await scan({ member: 'b', kinds: ['group'] }), [1, 3]);
    assert.deepEqual(await scan({ member: 'b' }, { order: 'talked', newestFirst: true }), [1, -1, 3]);
    assert.deepEqual(await scan({ ids: [made[2]?.id as string, 'x'] }), [2]);
    assert.deepEqual(await scan({ nos: [nos[4] as number, nos[0] as number] }), [0, 4]);
    assert.deepEqual(await scan({ nos: [] }), []);
    assert.deepEqual(await scan({ kinds: ['group'], createdFrom: start + 1, createdBefore: start + 3 }), [1, 2]);
    assert.deepEqual(await scan({ facet: { kind: 'group', name: 'name', value: 'same' } }), [0, 1]);
    const pair = await store.conversations.claimPair(app, 'a', 'b', clock.ms);
    await store.conversations.erase(app, nos[0] as number, clock.ms);
    assert.deepEqual(await scan({ kinds: ['group'] }), [1, 2, 3, 4]);
    assert.deepEqual(await store.conversations.keys(app, [pair.no, 1, nos[0] as number, room.no]), [
      { no: pair.no, id: pair.id, kind: 'direct', pair: ['a', 'b'] },
      undefined,
      { no: nos[0], id: made[0]?.id, kind: 'group' },
      { no: room.no, id: room.id, kind: 'room' },
    ]);
    const members = await store.conversations.membersOf(app, [nos[1] as number, room.no]);
    assert.deepEqual(
      members.map(({ members: all }) => all.map(({ who }) => who)),
      [['a', 'b'], ['b']],
    );
  });

  test('[CORE-219] a temporary conversation is taken away when its time is over; a deleted one keeps its messages as long as told', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b', 'c');
    const wish = {
      ...{
        id: freshId(),
        kind: 'temporary' as const,
        name: null,
        attributes: {},
        creator: 'a',
        owner: null,
        keeps: true,
      },
      ...{ members: ['a', 'b', 'c'], expiresAt: clock.ms + 10 },
    } as const;
    const { no, id } = await store.conversations.create(app, wish, wide, clock.ms);
    assert.equal((await store.conversations.expire(clock.ms + 9, 9)).length, 0);
    assert.deepEqual(await store.conversations.expire(clock.ms + 10, 9), [
      { app, no, id, kind: 'temporary', members: ['a', 'b', 'c'] },
    ]);
    assert.equal(await store.conversations.open(app, id), undefined);
    assert.equal((await store.conversations.expire(clock.ms + 10, 9)).length, 0);

    const numbered = await store.conversations.create(
      app,
      { ...wish, id: null, kind: 'group', expiresAt: undefined },
      wide,
      1,
    );
    assert.equal(numbered.id, String(numbered.no), 'its own number');
    const { no: message } = await store.messages.append(text(app, numbered.no, 'a', 'x'));
    await store.conversations.erase(app, numbered.no, clock.ms, 1_000);
    const gone = async () => {
      while (!(await store.conversations.eraseSlice(100)).done);
      return (await store.messages.byNo(app, message)) === undefined;
    };
    assert.equal(await gone(), false);
    clock.ms += 1_000;
    assert.equal(await gone(), true);
  });
}
