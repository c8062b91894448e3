// What may exist once, or so often, on PostgreSQL: stores of several nodes race for it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { testDatabaseUrl } from '../kit/postgres.ts';
import { openStores, type Stores } from '../kit/stores.ts';
import { freshId, refusal, wide } from './store.suite.ts';

const fine = 'nothing was refused';

describe('races on PostgreSQL', { skip: testDatabaseUrl ? false : 'HONGYAN_TEST_DATABASE_URL is not set' }, () => {
  let stores: Stores;
  before(async () => {
    stores = await openStores();
  });
  after(() => stores.close());

  test('[CORE-302] one user, one pair, one thread, one unique set, one id, for any number of racers', async () => {
    const app = await stores.app();
    const created = await stores.race(16, (store) => store.users.ensure(app, ['b', 'a', 'c'], 1));
    assert.deepEqual(created.flat().toSorted(), ['a', 'b', 'c']);
    const pairs = await stores.race(16, (store, n) =>
      store.conversations.claimPair(app, n % 2 ? 'a' : 'b', n % 2 ? 'b' : 'a', 1),
    );
    assert.equal(new Set(pairs.map(({ no }) => no)).size, 1);
    assert.equal(pairs.filter((pair) => pair.created).length, 1);
    const draft = { kind: 'group', name: null, attributes: {}, creator: 'a', owner: null, keeps: true } as const;
    const sets = await stores.race(16, (store) =>
      store.conversations.create(app, { ...draft, id: freshId(), members: ['a', 'b', 'c'], unique: true }, wide, 1),
    );
    assert.equal(new Set(sets.map(({ no }) => no)).size, 1);
    const ids = await stores.race(8, (store) =>
      refusal(store.conversations.create(app, { ...draft, id: 'same', members: ['a'] }, wide, 1)),
    );
    assert.deepEqual(ids.toSorted(), [...Array(7).fill('conflict id'), fine]);
    const puts = await stores.race(8, (store) =>
      store.apps.put({ id: 'raced', clientKey: 'c', masterKey: 'm', idKey: '0'.repeat(32) }),
    );
    assert.equal(new Set(puts.map(({ no }) => no)).size, 1);
  });

  test('[CORE-302] limits of members and of memberships are exact', async () => {
    const users = Array.from({ length: 40 }, (_, n) => `u${n}`);
    const app = await stores.app('a', ...users);
    const { no } = await stores.group(app, ['a'], freshId());
    const limits = { membersMax: 21, membershipsMax: 3 };
    const rule = { mode: 'per-id' } as const;
    const outcomes = await stores.race(8, (store, n) =>
      store.conversations.changeMembers(app, no, { add: users.slice(n * 5, n * 5 + 5), rule }, limits, 1),
    );
    assert.equal(outcomes.flatMap(({ added }) => added).length, 20);
    assert.equal((await stores.node(1).conversations.roster(app, no)).length, 21);
    assert.equal((await stores.node(2).conversations.open(app, String(no)))?.memberCount, 21);

    const busy = await stores.app('a', 'z');
    const groups = await Promise.all(Array.from({ length: 6 }, () => stores.group(busy, ['a'], freshId())));
    const joined = await stores.race(12, (store, n) => {
      const at = groups[n >> 1]?.no ?? 0;
      return n % 2
        ? refusal(store.conversations.changeMembers(busy, at, { add: ['z'] }, limits, 1))
        : refusal(
            store.conversations.create(
              busy,
              {
                id: freshId(),
                kind: 'group',
                name: null,
                attributes: {},
                creator: 'z',
                owner: 'z',
                members: ['z'],
                keeps: true,
              },
              limits,
              1,
            ),
          );
    });
    assert.equal(joined.filter((one) => one === fine).length, 3, joined.join());
    assert.equal((await stores.node(0).conversations.of(busy, 'z', 'group')).length, 3);
  });

  test('[CORE-302] blocks, friends, codes and tokens: bounds and single use hold', async () => {
    const app = await stores.app('a');
    const blocked = await stores.race(20, (store, n) =>
      refusal(store.blocks.put(app, 'a', [`x${n}`], { max: 7, strict: false }, 1)),
    );
    assert.equal(blocked.filter((one) => one === fine).length, 7);
    assert.equal((await stores.node(0).blocks.list(app, 'a', { skip: 0, limit: 100 })).total, 7);
    const friends = await stores.race(16, (store, n) =>
      store.friends.join(app, n % 2 ? 'p' : 'q', [n % 2 ? 'q' : 'p'], 1),
    );
    assert.equal(new Set(friends.map(([friendship]) => friendship?.id)).size, 1);
    const used = await stores.race(16, (store) => store.accounts.useOnce(app, 'token', 100, 1));
    assert.equal(used.filter(Boolean).length, 1);
    await stores.node(0).accounts.putCode(app, { purpose: 'login', phone: '1', digest: 'd', expiresAt: 100 }, [], 1);
    const codes = await stores.race(16, (store) =>
      store.accounts.useCode(app, { purpose: 'login', phone: '1', digest: 'd' }, 5, 2),
    );
    assert.equal(codes.filter(Boolean).length, 1);
    const pace = { key: 'sms', free: 5, windowMs: 1_000 };
    const codesPut = await stores.race(16, (store, n) =>
      refusal(store.accounts.putCode(app, { purpose: 'login', phone: `${n}`, digest: 'd', expiresAt: 100 }, [pace], 1)),
    );
    assert.equal(codesPut.filter((one) => one === fine).length, 5);
  });

  test('[CORE-302] a pair is opened to a third, or talked in by its address: never both', async () => {
    for (let round = 0; round < 12; round++) {
      const app = await stores.app('a', 'b', 'c');
      const draft = { kind: 'group', name: null, attributes: {}, creator: 'a', owner: null, keeps: true } as const;
      const made = { ...draft, id: freshId(), members: ['a', 'b'], unique: true };
      const { no } = await stores.node(0).conversations.create(app, made, wide, 1);
      const [pair, opened] = await Promise.all([
        stores.node(round).conversations.claimPair(app, 'a', 'b', 1),
        refusal(stores.node(round + 1).conversations.changeMembers(app, no, { add: ['c'] }, wide, 1)),
      ]);
      if (opened === fine) assert.notEqual(pair.no, no, 'their talk is another conversation from then on');
      else assert.deepEqual([opened, pair.no], ['wrong-kind', no]);
    }
  });

  test('[CORE-302] a job of the outbox is handed to one node, and a cause goes when its last part is done', async () => {
    const app = await stores.app('a');
    const content = { type: 'text', text: 'hi' } as const;
    const to = { kind: 'user', id: 'a' } as const;
    for (let n = 0; n < 60; n++) await stores.node(0).outbox.put(app, { type: 'announcement', content, ts: n, to });
    const lane = { app, kind: 'notify' } as const;
    const taken = await stores.race(12, (store, n) => store.outbox.take(lane, { by: `n${n}`, ms: 60_000 }, 10));
    const numbers = taken.flat().map(({ no }) => no);
    assert.equal(numbers.length, 60);
    assert.equal(new Set(numbers).size, 60);
    const holder = taken.findIndex((jobs) => jobs.length > 0);
    const [cause] = taken[holder] ?? [];
    assert.ok(cause);
    const devices = Array.from({ length: 8 }, (_, n) => ({ install: `i${n}`, who: 'a', kind: 'webhook' as const }));
    await stores.node(1).outbox.spread(`n${holder}`, [{ no: cause.no, to: devices }]);
    const parts = await stores.node(2).outbox.take({ app, kind: 'webhook' }, { by: 'w', ms: 60_000 }, 10);
    assert.equal(parts.length, 8);
    await stores.race(8, (store, n) => store.outbox.done('w', [parts[n]?.no ?? 0]));
    const left = await stores.nodes[0]?.pool.query('select count(*)::int as count from outbox where no = $1', [
      cause.no,
    ]);
    assert.equal(left?.rows[0].count, 0);
  });
});
