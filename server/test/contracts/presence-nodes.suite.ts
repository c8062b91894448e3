// Several nodes on one database: races between them, a node that dies, one that was paused, a database that goes away.
import assert from 'node:assert/strict';
import { after, afterEach, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Moved } from '../../src/core/ports/presence.ts';
import type { PresenceTimes } from '../../src/presence/node.ts';
import { openPostgresPresence, type PostgresPresence } from '../../src/presence/postgres.ts';
import { eventually } from '../kit/eventually.ts';
import { execute, openOwnPostgres, type TestDatabase } from '../kit/postgres.ts';
import { type PresenceChild, startPresenceChild } from '../kit/presence-child.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { openTcpProxy } from '../kit/tcp-proxy.ts';

/** A sixth of the usual ones. */
const quick: PresenceTimes = { heartbeatMs: 500, leaseMs: 2_000, heldMs: 1_600 };

type Opened = PostgresPresence & { readonly moved: Moved[] };

export function nodesContract(database: Promise<TestDatabase>): void {
  describe('presence of several nodes on PostgreSQL', () => {
    const opened: PostgresPresence[] = [];
    const children: PresenceChild[] = [];
    let app = 1_000;
    afterEach(async () => {
      for (const child of children.splice(0)) child.kill();
      await Promise.all(opened.splice(0).map((one) => one.close()));
    });
    after(async () => (await database).drop());

    async function node(url?: string): Promise<Opened> {
      const presence = await openPostgresPresence({ url: url ?? (await database).url, log: quietLog, times: quick });
      const moved: Moved[] = [];
      presence.onMoved(async (some) => void moved.push(...some));
      opened.push(presence);
      return Object.assign(presence, { moved });
    }
    async function child(): Promise<PresenceChild> {
      const one = await startPresenceChild((await database).url, quick);
      children.push(one);
      return one;
    }
    const movedOf = (nodes: readonly Opened[], who: string): string[] =>
      nodes.flatMap(({ moved }) => moved.filter((one) => one.who === who).map(({ how, turned }) => `${how} ${turned}`));

    test('[CORE-374] two nodes that race for one principal find one first and one last, every time', async () => {
      const [a, b] = await Promise.all([node(), node()]);
      app += 1;
      for (let round = 0; round < 30; round += 1) {
        const calls = Array.from({ length: 6 }, (_, n) => ({ at: n % 2 ? a : b, session: `r${round} s${n}` }));
        const entered = await Promise.all(calls.map(({ at, session }) => at.enter(app, 'ann', session, false)));
        assert.equal(entered.filter(({ first }) => first).length, 1, `entering, round ${round}`);
        assert.equal(await a.count(app, 'ann'), 6);
        const left = await Promise.all(calls.map(({ at, session }) => at.leave(app, 'ann', session)));
        assert.equal(left.filter(({ last }) => last).length, 1, `leaving, round ${round}`);
      }
    });

    test('[CORE-374] comings and goings of many that cross between two nodes alternate for each of them', async () => {
      const [a, b] = await Promise.all([node(), node()]);
      app += 1;
      const people = Array.from({ length: 20 }, (_, n) => `p${n}`);
      const turns = new Map(people.map((who) => [who, 0]));
      await Promise.all(
        people.flatMap((who) =>
          [a, b].map(async (at, k) => {
            for (let n = 0; n < 10; n += 1) {
              const { first } = await at.enter(app, who, `${who} ${k} ${n}`, false);
              const { last } = await at.leave(app, who, `${who} ${k} ${n}`);
              turns.set(who, (turns.get(who) ?? 0) + Number(first) - Number(last));
            }
          }),
        ),
      );
      // As many firsts as lasts: nobody was announced twice, and nobody is left over.
      assert.deepEqual(
        [...turns.values()],
        people.map(() => 0),
      );
      assert.equal(await a.countOnline(app), 0);
    });

    test('[CORE-375] the people of a node that died go offline soon, told by exactly one of the others', async () => {
      const [a, b, dying] = await Promise.all([node(), node(), child()]);
      app += 1;
      const people = Array.from({ length: 1_200 }, (_, n) => `p${n}`);
      await dying.enter(app, people);
      await dying.attend(app, 5, people.slice(0, 3));
      await a.enter(app, 'p0', 'elsewhere', false);
      await a.attend(app, 5, 'elsewhere', 'p0');
      assert.equal((await b.online(app, people)).size, 1_200);
      dying.kill();
      const killedAt = performance.now();
      await eventually('nobody but p0 is there', async () => (await a.online(app, people)).size === 1, 8_000);
      await eventually('all are told', () => a.moved.length + b.moved.length >= 1_200, 8_000);
      const tookMs = performance.now() - killedAt;
      assert.ok(tookMs < quick.leaseMs + quick.heartbeatMs + 1_000, `${Math.round(tookMs)} ms`);
      const moved = [...a.moved, ...b.moved].filter((one) => one.app === app);
      assert.equal(moved.length, 1_200);
      assert.equal(new Set(moved.map(({ who }) => who)).size, 1_200);
      assert.ok(moved.every(({ who, how, turned }) => how === 'gone' && turned === (who !== 'p0')));
      assert.deepEqual(await b.attendees(app, 5, 9), { total: 1, who: ['p0'] });
      assert.equal(await b.countOnline(app), 1);
      assert.deepEqual(await a.enter(app, 'p1', 'new', false), { first: true });
    });

    test('[CORE-376] a node that was paused beyond its lease is taken out, and its people are back when it goes on', async () => {
      const [a, paused] = await Promise.all([node(), child()]);
      app += 1;
      await paused.enter(app, ['ann', 'bob']);
      await paused.attend(app, 7, ['bob']);
      await a.enter(app, 'bob', 'elsewhere', false);
      paused.pause();
      await eventually('ann is gone', () => movedOf([a], 'ann').includes('gone true'), 10_000);
      assert.deepEqual(
        [await a.online(app, ['ann', 'bob']), (await a.attendees(app, 7, 9)).total],
        [new Set(['bob']), 0],
      );
      paused.resume();
      await eventually('ann is back', async () => (await a.online(app, ['ann'])).has('ann'), 10_000);
      assert.equal((await a.attendees(app, 7, 9)).total, 1);
      assert.equal(await a.count(app, 'bob'), 2);
      assert.deepEqual(await eventually('it has told of it', () => paused.moved().length === 2 && paused.moved()), [
        'back ann true',
        'back bob false',
      ]);
      await paused.leave(app, 'ann');
      assert.deepEqual(await a.online(app, ['ann']), new Set());
    });

    test('[CORE-377] while the database is away sessions stay, and what waited is done in order afterwards', async () => {
      const { url } = await database;
      const { hostname, port } = new URL(url);
      const proxy = await openTcpProxy({ host: hostname, port: Number(port || 5432) });
      const behind = await node(Object.assign(new URL(url), { host: proxy.host }).href);
      const other = await node();
      app += 1;
      await behind.enter(app, 'ann', 'ann 1', false);
      await behind.enter(app, 'bob', 'bob 1', false);
      proxy.refuse();
      const waiting = Promise.all([
        behind.enter(app, 'cat', 'cat 1', false),
        behind.leave(app, 'ann', 'ann 1'),
        behind.enter(app, 'ann', 'ann 2', false),
        behind.leave(app, 'ann', 'ann 2'),
      ]);
      // Shorter than the lease: nobody takes it out meanwhile.
      await wait(quick.leaseMs / 2);
      proxy.pass();
      const before = performance.now();
      assert.deepEqual(await waiting, [
        { first: true },
        { last: true, toAll: false },
        { first: true },
        { last: true, toAll: false },
      ]);
      assert.ok(performance.now() - before < 4_000);
      assert.deepEqual(await other.online(app, ['ann', 'bob', 'cat']), new Set(['bob', 'cat']));
      assert.deepEqual(
        [...behind.moved, ...other.moved].filter((one) => one.app === app),
        [],
      );
      await proxy.close();
    });

    test('[CORE-378] when a crash of the database empties the tables, sessions are entered anew and nobody is told', async () => {
      const [a, b] = await Promise.all([node(), node()]);
      app += 1;
      const people = Array.from({ length: 1_100 }, (_, n) => `p${n}`);
      await Promise.all(people.map((who) => a.enter(app, who, who, false)));
      await b.enter(app, 'p0', 'elsewhere', true);
      await b.enter(app, 'last', 'last', true);
      await a.attend(app, 9, 'p1', 'p1');
      // What a crash does to tables that are not logged.
      await execute(
        (await database).url,
        'truncate presence_nodes, presence_epoch, presence_people, presence_sessions, presence_rooms, presence_duties',
      );
      const left = [b.leave(app, 'last', 'last'), a.leave(app, 'p0', 'p0')];
      await eventually('all are there again', async () => (await b.online(app, people)).size === 1_100, 10_000);
      // One who left meanwhile is told of; one who is still there on another node is not.
      assert.deepEqual(await Promise.all(left), [
        { last: true, toAll: true },
        { last: false, toAll: false },
      ]);
      assert.equal((await b.attendees(app, 9, 9)).total, 1);
      assert.equal(await b.countOnline(app), 1_100);
      assert.deepEqual(
        [...a.moved, ...b.moved].filter((one) => one.app === app),
        [],
      );
    });

    test('[CORE-381] PostgreSQL may be away for longer than every lease, in order or by a crash, and nobody seems to have left', async () => {
      const server = await openOwnPostgres();
      try {
        const [a, b] = await Promise.all([node(server.url), node(server.url)]);
        await a.enter(1, 'ann', 'ann 1', false);
        await b.enter(1, 'bob', 'bob 1', false);
        for (const how of ['fast', 'immediate'] as const) {
          await server.stop(how);
          await eventually('the leases have run out', () => !a.alive() && !b.alive(), 10_000);
          const late = a.enter(1, `late ${how}`, `late ${how}`, false);
          await server.start();
          await eventually(
            'all are there',
            async () => (await b.countOnline(1)) >= 3 && a.alive() && b.alive(),
            10_000,
          );
          assert.deepEqual(await late, { first: true });
          // Longer than anybody would wait before he takes out another.
          await wait(quick.leaseMs + 2 * quick.heartbeatMs);
          assert.equal((await a.online(1, ['ann', 'bob', `late ${how}`])).size, 3);
          assert.deepEqual(await a.leave(1, `late ${how}`, `late ${how}`), { last: true, toAll: false });
        }
        assert.deepEqual([...a.moved, ...b.moved], []);
      } finally {
        await Promise.all(opened.splice(0).map((one) => one.close()));
        await server.close();
      }
    });

    test('[CORE-379] of a node that stops, sessions count until they are elsewhere; who does not come back is told of', async () => {
      const [a, stopping] = await Promise.all([node(), node()]);
      app += 1;
      await stopping.enter(app, 'ann', 'ann 1', false);
      await stopping.enter(app, 'bob', 'bob 1', false);
      stopping.retire();
      assert.deepEqual(await stopping.leave(app, 'ann', 'ann 1'), { last: false, toAll: false, held: true });
      assert.deepEqual(await stopping.leave(app, 'bob', 'bob 1'), { last: false, toAll: false, held: true });
      await stopping.close();
      assert.deepEqual(await a.online(app, ['ann', 'bob']), new Set(['ann', 'bob']));
      assert.deepEqual(await a.enter(app, 'ann', 'ann 2', false), { first: false });
      const told = () => a.moved.filter((one) => one.app === app);
      await eventually('bob is told of', () => told().length >= 2, 8_000);
      assert.deepEqual(movedOf([a], 'bob'), ['gone true']);
      assert.deepEqual(movedOf([a], 'ann'), ['gone false']);
      assert.deepEqual(await a.leave(app, 'ann', 'ann 2'), { last: true, toAll: false });
    });

    test('[CORE-380] a duty is one node’s while it lives, and another’s soon after', async () => {
      const [a, b, c] = await Promise.all([node(), node(), child()]);
      assert.equal(await c.mine('callbacks'), true);
      assert.deepEqual(await Promise.all([a.duties.mine('callbacks'), b.duties.mine('callbacks')]), [false, false]);
      assert.equal(await a.duties.mine('another'), true);
      c.kill();
      const takers = async () => Promise.all([a.duties.mine('callbacks'), b.duties.mine('callbacks')]);
      const taken = await eventually('one has taken it', async () => {
        const both = await takers();
        return both.some(Boolean) && both;
      });
      assert.equal(taken.filter(Boolean).length, 1);
      assert.deepEqual(await takers(), taken);
      await (taken[0] ? a : b).close();
      await eventually('the other has it', () => (taken[0] ? b : a).duties.mine('callbacks'));
    });
  });
}
