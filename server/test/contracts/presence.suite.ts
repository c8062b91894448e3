// What presence promises, whatever keeps it.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { Presence } from '../../src/core/ports/presence.ts';

/** `app`: a number that nobody else has used. */
export type PresenceBench = { readonly presence: Presence; readonly app: number; close(): Promise<void> };

export function presenceContract(name: string, open: () => Promise<PresenceBench>): void {
  describe(`presence on ${name}`, () => {
    let bench: PresenceBench;
    let presence: Presence;
    let app: number;
    beforeEach(async () => {
      bench = await open();
      ({ presence, app } = bench);
    });
    afterEach(() => bench.close());

    test('[CORE-370] the first session of a principal is told from the others, and so is the last to leave', async () => {
      assert.deepEqual(await presence.enter(app, 'ann', 's1', false), { first: true });
      assert.deepEqual(await presence.enter(app, 'ann', 's2', false), { first: false });
      assert.equal(await presence.count(app, 'ann'), 2);
      assert.deepEqual(await presence.leave(app, 'ann', 's1'), { last: false, toAll: false });
      assert.deepEqual(await presence.leave(app, 'ann', 's1'), { last: false, toAll: false });
      assert.deepEqual(await presence.leave(app, 'ann', 's2'), { last: true, toAll: false });
      assert.deepEqual(await presence.leave(app, 'ann', 's2'), { last: false, toAll: false });
      assert.deepEqual(await presence.leave(app, 'bob', 's9'), { last: false, toAll: false });
      assert.deepEqual(await presence.enter(app, 'ann', 's3', false), { first: true });
    });

    test('[CORE-370] of many that come and go at once exactly one is first and one is last', async () => {
      const sessions = Array.from({ length: 40 }, (_, n) => `s${n}`);
      const entered = await Promise.all(sessions.map((session) => presence.enter(app, 'ann', session, false)));
      assert.equal(entered.filter(({ first }) => first).length, 1);
      const left = await Promise.all(sessions.map((session) => presence.leave(app, 'ann', session)));
      assert.equal(left.filter(({ last }) => last).length, 1);
      assert.equal(await presence.count(app, 'ann'), 0);
    });

    test('[CORE-371] a time that was for everybody at one of its sessions ends for everybody, and the next begins anew', async () => {
      await presence.enter(app, 'ann', 's1', false);
      await presence.enter(app, 'ann', 's2', true);
      await presence.leave(app, 'ann', 's2');
      assert.deepEqual(await presence.leave(app, 'ann', 's1'), { last: true, toAll: true });
      await presence.enter(app, 'ann', 's3', false);
      assert.deepEqual(await presence.leave(app, 'ann', 's3'), { last: true, toAll: false });
    });

    test('[CORE-372] who of many is online is told at once, each app apart', async () => {
      const people = Array.from({ length: 700 }, (_, n) => `p${n}`);
      const there = people.filter((_, n) => n % 7 === 0);
      await Promise.all(there.map((who) => presence.enter(app, who, `s ${who}`, false)));
      await presence.enter(app, 'p0', 'another', false);
      assert.deepEqual([...(await presence.online(app, people))].sort(), [...there].sort());
      assert.deepEqual(await presence.online(app, []), new Set());
      assert.deepEqual(await presence.online(app + 1, people), new Set());
      assert.deepEqual([await presence.countOnline(app), await presence.countOnline(app + 1)], [100, 0]);
      await presence.leave(app, 'p0', 'another');
      await presence.leave(app, 'p7', 's p7');
      assert.deepEqual(await presence.online(app, ['p0', 'p7', 'p14']), new Set(['p0', 'p14']));
      assert.equal(await presence.countOnline(app), 99);
    });

    test('[CORE-229] [CORE-373] rooms know who attends, each principal once, until his last session there is gone', async () => {
      for (const [who, session] of [
        ['ann', 's1'],
        ['ann', 's2'],
        ['bob', 's3'],
      ] as const)
        await presence.enter(app, who, session, false);
      assert.equal(await presence.attend(app, 5, 's1', 'ann'), true);
      assert.equal(await presence.attend(app, 5, 's1', 'ann'), false);
      await presence.attend(app, 5, 's2', 'ann');
      await presence.attend(app, 5, 's3', 'bob');
      await presence.attend(app, 6, 's3', 'bob');
      assert.equal((await presence.attendees(app, 5, 1)).who.length, 1);
      assert.deepEqual(await presence.attendees(app, 5, 0), { total: 2, who: [] });
      assert.deepEqual((await presence.attending(app, 's3')).sort(), [5, 6]);
      await presence.leave(app, 'ann', 's1');
      assert.deepEqual((await presence.attendees(app, 5, 9)).who.sort(), ['ann', 'bob']);
      assert.equal(await presence.unattend(app, 5, 's2'), true);
      assert.equal(await presence.unattend(app, 5, 's2'), false);
      assert.deepEqual(await presence.attendees(app, 5, 9), { total: 1, who: ['bob'] });
      await presence.leave(app, 'bob', 's3');
      assert.deepEqual(await presence.attendees(app, 5, 9), { total: 0, who: [] });
      assert.deepEqual(await presence.attending(app, 's3'), []);
      assert.deepEqual(await presence.attendees(app + 1, 5, 9), { total: 0, who: [] });
    });

    test('[CORE-373] a session that has left attends nothing any more', async () => {
      await presence.enter(app, 'ann', 's1', false);
      await presence.leave(app, 'ann', 's1');
      assert.equal(await presence.attend(app, 5, 's1', 'ann'), false);
      assert.deepEqual(await presence.attendees(app, 5, 9), { total: 0, who: [] });
    });
  });
}
