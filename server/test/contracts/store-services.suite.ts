// Services, notices and counts, of the store's contract.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CoreEvent } from '../../src/core/events.ts';
import { conversationTopic, userTopic } from '../../src/core/ports/bus.ts';
import { type Bench, freshId, gathered, refusal, text, wide } from './store.suite.ts';

const unbounded = { membersMax: Number.MAX_SAFE_INTEGER, membershipsMax: 9 };
const words = (said: string) => ({ type: 'text', text: said }) as const;

export function serviceCases(bench: Bench): void {
  const service = (app: number) =>
    bench.store.conversations.create(
      app,
      {
        ...{ id: freshId(), kind: 'service', name: 'News', attributes: {}, creator: null, owner: null },
        ...{ members: [], keeps: true },
      },
      unbounded,
      bench.clock.ms,
    );

  test('[CORE-224] a service has one thread with each client, which names neither of them to others', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b');
    const { no, id } = await service(app);
    const threads = await Promise.all(
      ['a', 'a', 'b', 'a'].map((who) => store.conversations.claimThread(app, no, who, clock.ms)),
    );
    assert.equal(new Set(threads.map((thread) => thread.no)).size, 2);
    const [a, , b] = threads.map((thread) => thread.no) as [number, number, number];
    assert.deepEqual(await store.services.ofThreads(app, [b, no, a]), [
      { no, id, kind: 'service', who: 'b' },
      undefined,
      { no, id, kind: 'service', who: 'a' },
    ]);
    assert.equal(await refusal(store.conversations.claimThread(app, 1, 'a', 1)), 'conversation-not-found');
    assert.equal(
      await refusal(store.conversations.changeMembers(app, a, { add: ['b'] }, wide, 1)),
      'wrong-kind',
      'a thread keeps its two',
    );
    await store.conversations.changeMembers(app, no, { add: ['a', 'b'] }, unbounded, clock.ms);
    assert.deepEqual(await store.conversations.numbersOf(app, 'a'), [no], 'a subscriber hears the service');
  });

  test('[CORE-224] a broadcast is offered until it ends, so many a day; what goes upstream is kept for the application', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a');
    const { no } = await service(app);
    const draft = { conversation: no, sender: 'sys', content: words('hello'), validUntil: clock.ms + 100 };
    const first = await store.services.broadcast(app, draft, 2, clock.ms);
    const second = await store.services.broadcast(app, { ...draft, validUntil: clock.ms + 50 }, 2, clock.ms + 1);
    assert.equal(await refusal(store.services.broadcast(app, draft, 2, clock.ms + 2)), 'full broadcasts');
    assert.equal(
      await refusal(store.services.broadcast(app, { ...draft, conversation: 1 }, 9, 1)),
      'conversation-not-found',
    );
    const valid = async (now: number, more = {}) =>
      (await store.services.broadcasts(app, { limit: 9, ...more }, now)).map((one) => one.no);
    assert.deepEqual(await valid(clock.ms), [second.no, first.no]);
    assert.deepEqual(await valid(clock.ms + 50), [first.no]);
    assert.deepEqual(await valid(clock.ms, { after: clock.ms }), [second.no]);
    const told = async (more: object) =>
      (await store.services.told(app, no, { from: 'oldest', limit: 9, ...more })).map((one) => one.no);
    assert.deepEqual(await told({}), [first.no, second.no]);
    assert.deepEqual(await told({ from: 'newest', limit: 1 }), [second.no]);
    assert.deepEqual(await told({ after: { ts: first.createdAt } }), [second.no]);
    assert.deepEqual(await told({ after: { ts: first.createdAt, closed: true }, before: { ts: second.createdAt } }), [
      first.no,
    ]);
    assert.equal(await store.services.reachedTs(app, 'a'), undefined);
    for (const ts of [5, 3]) await store.services.reached(app, 'a', ts);
    assert.equal(await store.services.reachedTs(app, 'a'), 5, 'never back');
    const thread = await store.conversations.claimThread(app, no, 'a', clock.ms);
    assert.deepEqual(await store.services.threadsOf(app, 'a', [1, no]), [null, thread.no]);
    const changed = await store.services.changeBroadcast(app, first.no, { content: words('changed') });
    assert.deepEqual([changed.content, changed.createdAt], [words('changed'), clock.ms]);
    await store.services.endBroadcast(app, first.no);
    assert.equal(await refusal(store.services.endBroadcast(app, first.no)), 'message-not-found');
    assert.deepEqual(await store.services.expireBroadcasts(clock.ms + 51, 9), { done: true, removed: 1 });

    const up = await store.services.putUpstream(app, { conversation: no, who: 'a', content: words('hi') }, clock.ms);
    assert.deepEqual(await store.services.upstream(app, { conversation: no, limit: 9 }), [up]);
    assert.deepEqual(await store.services.upstream(app, { conversation: no, before: clock.ms, limit: 9 }), []);
  });

  test('[CORE-225] who was away finds what concerned him and his conversations since he joined; a page parts no millisecond', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b', 'c');
    const { no, id } = await gathered(bench, app, ['a', 'b']);
    const conversation = { no, id, kind: 'group' } as const;
    const start = clock.ms;
    const put = (ts: number, who: string[], ...topics: string[]) => {
      const event: CoreEvent = { type: 'members-added', app, conversation, who, ts, prev: 0 };
      return store.notices.put(app, topics, event, ts);
    };
    await put(start + 1, ['x'], conversationTopic(app, no));
    await put(start + 2, ['y'], conversationTopic(app, no), userTopic(app, 'c'));
    await put(start + 2, ['z'], conversationTopic(app, no));
    await put(start + 3, ['w'], userTopic(app, 'b'));
    const since = async (who: string, after: number, limit = 9) => {
      const { notices, more } = await store.notices.since(app, who, after, limit);
      return [more, ...notices.map(({ event }) => (event.type === 'members-added' ? event.who.join() : ''))];
    };
    assert.deepEqual(await since('a', start), [false, 'x', 'y', 'z']);
    assert.deepEqual(await since('b', start + 1), [false, 'y', 'z', 'w']);
    assert.deepEqual(await since('b', start, 2), [true, 'x', 'y', 'z']);
    assert.deepEqual(await since('c', 0), [false, 'y']);
    clock.ms = start + 3;
    await store.conversations.changeMembers(app, no, { add: ['c'] }, wide, clock.ms);
    assert.deepEqual(await since('c', 0), [false, 'y'], 'what was before he joined is not his');
    const { removed } = await store.notices.expire(start + 2, 100);
    assert.ok(removed >= 1);
    assert.deepEqual(await since('a', 0), [false, 'y', 'z']);
  });

  test('[CORE-226] people, groups and messages are counted over a stretch of time', async () => {
    const { store, clock } = bench;
    const { no: app } = await bench.app();
    const start = clock.ms;
    await store.users.ensure(app, ['a', 'b'], start);
    const { no } = await gathered(bench, app, ['a', 'b']);
    const pair = await store.conversations.claimPair(app, 'a', 'b', start);
    clock.ms = start + 1_000;
    await store.users.ensure(app, ['c'], clock.ms);
    await store.messages.append(text(app, no, 'a', 'x'));
    await store.messages.append(text(app, pair.no, 'a', 'y'));
    await store.messages.append(text(app, pair.no, 'b', 'z'));
    const later = { from: start + 1_000, to: start + 2_000 };
    assert.deepEqual(await store.statistics.people(app, later), { total: 3, created: 1, active: 1, speaking: 2 });
    assert.deepEqual(await store.statistics.groups(app, later), { total: 1, created: 0, active: 1 });
    assert.deepEqual(await store.statistics.messages(app, later), [
      { kind: 'direct', content: 'text', count: 2 },
      { kind: 'group', content: 'text', count: 1 },
    ]);
    assert.deepEqual(await store.statistics.messages(app, { from: start, to: start + 1_000 }), []);
  });
}
