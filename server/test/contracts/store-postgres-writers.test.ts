// What only many writers can show: the order of what is said, and conversations that stay whole.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ImError } from '../../src/core/errors.ts';
import { testDatabaseUrl } from '../kit/postgres.ts';
import { openStores, type Stores } from '../kit/stores.ts';
import { freshId, refusal, text, wide } from './store.suite.ts';

const fine = 'nothing was refused';

describe('PostgreSQL under many writers', {
  skip: testDatabaseUrl ? false : 'HONGYAN_TEST_DATABASE_URL is not set',
}, () => {
  let stores: Stores;
  before(async () => {
    stores = await openStores();
  });
  after(() => stores.close());

  test('[CORE-301] eight writers, fifty conversations: one strict order in each, numbers with it, nothing lost', async () => {
    const app = await stores.app('a');
    const groups = await Promise.all(Array.from({ length: 50 }, () => stores.group(app, ['a'], freshId())));
    await stores.race(8, async (store, writer) => {
      for (let n = 0; n < 1_000; n += 20) {
        const some = Array.from({ length: 20 }, (_, i) => (writer * 7 + n + i) % groups.length);
        await Promise.all(some.map((g) => store.messages.append(text(app, groups[g]?.no ?? 0, 'a', `${writer}`))));
      }
    });
    const all = await Promise.all(groups.map(({ no }) => stores.history(app, no)));
    assert.equal(all.flat().length, 8_000);
    assert.equal(new Set(all.flat().map(({ no }) => no)).size, 8_000);
    for (const messages of all)
      for (let n = 1; n < messages.length; n++) {
        const [a, b] = [messages[n - 1], messages[n]];
        assert.ok(a && b && a.ts < b.ts && a.no < b.no, 'the order of times is the order of numbers');
      }
  });

  test('[CORE-301] what one caller says in a conversation without waiting is stored in that order', async () => {
    const app = await stores.app('a');
    const { no } = await stores.group(app, ['a'], freshId());
    const said = Array.from({ length: 500 }, (_, n) => `${n}`);
    await Promise.all(said.map((words) => stores.node(1).messages.append(text(app, no, 'a', words))));
    assert.deepEqual(
      (await stores.history(app, no)).map(({ content }) => (content.type === 'text' ? content.text : '')),
      said,
    );
  });

  test('[CORE-301] a reference is one message, whichever node it is sent through; other content is a conflict', async () => {
    const app = await stores.app('a');
    const { no } = await stores.group(app, ['a'], freshId());
    for (let ref = 0; ref < 40; ref++) {
      const answers = await stores.race(8, (store) =>
        store.messages.append(text(app, no, 'a', 'x', { ref: `${ref}` })),
      );
      assert.equal(answers.filter(({ fresh }) => fresh).length, 1);
      assert.equal(new Set(answers.map(({ ts, no }) => `${ts} ${no}`)).size, 1);
    }
    const outcomes = await stores.race(8, (store, n) =>
      refusal(store.messages.append(text(app, no, 'a', `${n}`, { ref: 'r' }))),
    );
    assert.deepEqual(outcomes.toSorted(), [...Array(7).fill('conflict reference'), fine]);
    assert.equal((await stores.history(app, no)).length, 41);
  });

  test('[CORE-303] edits, recalls, clearing, appends and erasure of one conversation at once leave it whole', async () => {
    const app = await stores.app('a', 'b');
    const { no } = await stores.group(app, ['a', 'b'], freshId());
    const first = await Promise.all(
      Array.from({ length: 40 }, (_, n) => stores.node(n).messages.append(text(app, no, 'a', `${n}`))),
    );
    const change = { by: 'a', content: { type: 'text', text: 'changed' } } as const;
    const outcomes = await stores.race(160, async (store, n) => {
      const ts = first[n >> 2]?.ts ?? 0;
      if (n % 4 === 0) return refusal(store.messages.edit(app, no, ts, change));
      if (n % 4 === 1) return refusal(store.messages.recall(app, no, ts, { by: 'a', again: 'ok' }));
      if (n % 4 === 2) return refusal(store.marks.delivered(app, no, n % 8 === 2 ? 'b' : 'c', ts));
      return refusal(store.messages.append(text(app, no, 'b', 'more')));
    });
    assert.deepEqual(
      [...new Set(outcomes)].toSorted().filter((one) => one !== 'already-recalled'),
      [fine],
    );
    const head = await stores.nodes[0]?.pool.query('select ts, last_ts from heads where no = $1', [no]);
    const rows = await stores.nodes[0]?.pool.query(
      'select count(distinct p)::int as places, count(p)::int as all from (select ts as p from messages where conv = $1 union all select edited_ts from messages where conv = $1) s',
      [no],
    );
    assert.equal(rows?.rows[0].places, rows?.rows[0].all, 'every message and every change has a place of its own');
    const newest = (await stores.history(app, no)).at(-1);
    assert.equal(head?.rows[0].last_ts, newest?.ts);
    const ends = await stores.race(12, async (store, n) =>
      n === 6
        ? refusal(store.conversations.erase(app, no, 1))
        : refusal(store.messages.append(text(app, no, 'a', 'late'))),
    );
    assert.ok(
      ends.every((one) => one === fine || one === 'conversation-not-found'),
      ends.join(),
    );
    await assert.rejects(
      stores.node(0).messages.append(text(app, no, 'a', 'too late')),
      (error) => error instanceof ImError,
    );
  });

  test('[CORE-308] what the database cannot take spoils nobody else’s commit', async () => {
    const app = await stores.app('a');
    const { no } = await stores.group(app, ['a'], freshId());
    const drafts = Array.from({ length: 30 }, (_, n) => text(app, no, 'a', `${n}`));
    // A number that no column holds.
    drafts[7] = { ...text(app, no, 'a', 'odd'), flags: 0.5 };
    const outcomes = await Promise.all(
      drafts.map((draft) =>
        stores
          .node(0)
          .messages.append(draft)
          .then(
            () => true,
            () => false,
          ),
      ),
    );
    assert.deepEqual(
      outcomes.flatMap((kept, n) => (kept ? [] : [n])),
      [7],
    );
    assert.equal((await stores.history(app, no)).length, 29);
  });

  test('[CORE-303] calls that nobody has thought about have the store for themselves', async () => {
    const app = await stores.app('a');
    const temporary = {
      kind: 'temporary',
      name: null,
      attributes: {},
      creator: 'a',
      owner: null,
      keeps: true,
    } as const;
    for (let n = 0; n < 20; n++)
      await stores
        .node(n)
        .conversations.create(app, { ...temporary, id: `_tmp:${freshId()}`, members: ['a'], expiresAt: 5 }, wide, 1);
    const expired = await stores.race(8, (store) => store.conversations.expire(10, 5));
    const numbers = expired.flat().map(({ no }) => no);
    assert.equal(new Set(numbers).size, numbers.length, 'each ends once');
    assert.equal(numbers.length, 20);
  });
});
