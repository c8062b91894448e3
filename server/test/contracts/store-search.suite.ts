// Searches of the store's contract.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../src/core/json.ts';
import { limits } from '../../src/core/limits.ts';
import { type Bench, gathered, refusal } from './store.suite.ts';

/** `-age,name` as the doors write it; filters as name and value in turn. */
const search = (filters: Record<string, string> = {}, sort = '', skip = 0, limit = 100) => ({
  filters: Object.entries(filters).map(([name, value]) => ({ name, value })),
  sort: sort
    .split(',')
    .filter((key) => key !== '')
    .map((key) => ({ name: key.replace('-', ''), descending: key.startsWith('-') })),
  skip,
  limit,
});

export function searchCases(bench: Bench): void {
  /** Users with these attributes, seen one millisecond after the other. */
  async function people(
    attributes: Record<string, JsonObject>,
  ): Promise<(...args: Parameters<typeof search>) => Promise<string>> {
    const { store } = bench;
    const app = await bench.appWith();
    let seen = 1_000;
    for (const [id, values] of Object.entries(attributes)) {
      await store.users.ensure(app, [id], seen);
      await store.users.setAttributes(app, id, { mode: 'replace', values }, seen++);
    }
    return async (...args) => (await store.users.find(app, search(...args))).map((user) => user.id).join(' ');
  }

  test('[CORE-11] a filter finds equal strings, numbers and booleans by their text, and elements of arrays; all filters must hold', async () => {
    const find = await people({
      a: { age: 46, city: 'Paris', vip: true },
      b: { age: '46', city: 'Paris' },
      c: { age: [1, 46], city: 'paris' },
      d: { age: 460, nested: { age: 46 }, none: null },
    });
    assert.equal(await find({ age: '46' }), 'a b c');
    assert.equal(await find({ age: '46', city: 'Paris' }), 'a b');
    assert.equal(await find({ vip: 'true' }), 'a');
    assert.equal(await find({ city: 'PARIS' }), '');
    assert.equal(await find({ none: 'null' }), '');
    assert.equal(await find({ "city' or 1=1 --": 'x' }), '');
  });

  test('[CORE-11] the index follows every change; longer values and names with _ are not searchable', async () => {
    const { store } = bench;
    const app = await bench.appWith('a');
    const found = async (filters: Record<string, string>) => (await store.users.find(app, search(filters))).length;
    const longest = 'x'.repeat(limits.facetCharsMax);
    await store.users.setAttributes(
      app,
      'a',
      { mode: 'merge', values: { long: longest, longer: `${longest}x`, _hidden: 'x', k: 'v' } },
      1,
    );
    assert.deepEqual(
      [await found({ long: longest }), await found({ longer: `${longest}x` }), await found({ _hidden: 'x' })],
      [1, 0, 0],
    );
    await store.users.setAttributes(app, 'a', { mode: 'remove', name: 'k' }, 1);
    assert.deepEqual([await found({ k: 'v' }), await found({ long: longest })], [0, 1]);
    await store.users.setAttributes(app, 'a', { mode: 'replace', values: { k: ['v', 'w'] } }, 1);
    assert.deepEqual([await found({ k: 'w' }), await found({ k: 'v', long: longest })], [1, 0]);
  });

  test('[CORE-12] without an order `ts` ascending rules, then the id; pages neither skip nor repeat', async () => {
    const { store } = bench;
    const app = await bench.appWith();
    await store.users.ensure(app, ['c', 'a', 'b'], 5);
    await store.users.ensure(app, ['z'], 4);
    const page = async (sort: string, skip: number, limit: number) =>
      (await store.users.find(app, search({}, sort, skip, limit))).map((user) => user.id).join('');
    assert.equal(await page('', 0, 100), 'zabc');
    assert.equal((await page('', 0, 2)) + (await page('', 2, 2)) + (await page('', 4, 2)), 'zabc');
    assert.equal(await page('-ts', 0, 9), 'abcz');
    assert.equal(await page('-ts,-id', 0, 9), 'cbaz');
    assert.equal(await page('id', 1, 2), 'bc');
    assert.equal(await page('-id', 0, 9), 'zcba');
  });

  test('[CORE-12] numbers order as numbers when both are, else as strings; what is missing comes first; ties by `ts`', async () => {
    const find = await people({
      a: { age: 9, name: 'x' },
      b: { age: 10, name: 'y' },
      c: { age: 9, name: 'w' },
      d: { name: 'x' },
      e: { age: 10, name: 'a', id: 'zz', ts: 0 },
    });
    assert.equal(await find({}, 'age'), 'd a c b e');
    assert.equal(await find({}, '-age'), 'b e a c d');
    assert.equal(await find({}, '-age,name'), 'e b c a d');
    assert.equal(await find({}, 'name'), 'e c a d b');
    assert.equal(await find({}, 'nothing'), 'a b c d e');
    assert.equal(await find({ name: 'x' }, '-age'), 'a d');
    assert.equal(await find({}, 'age,id', 1, 2), 'a c');
    assert.equal(await find({}, '-id'), 'e d c b a', 'top-level fields win over attributes');
  });

  test('[CORE-13] an order that no index serves is refused above so many hits; a filter that finds fewer is served', async () => {
    const { store } = bench;
    const app = await bench.appWith();
    const ids = Array.from({ length: limits.queryScanMax + 1 }, (_, n) => `u${n}`);
    await store.users.ensure(app, ids, 1);
    assert.equal(await refusal(store.users.find(app, search({}, 'age'))), 'too-large search');
    await store.users.setAttributes(app, 'u77', { mode: 'merge', values: { rare: 'yes', age: 2 } }, 1);
    await store.users.setAttributes(app, 'u78', { mode: 'merge', values: { rare: 'yes', age: 1 } }, 1);
    assert.deepEqual(
      (await store.users.find(app, search({ rare: 'yes' }, 'age'))).map((user) => user.id),
      ['u78', 'u77'],
    );
    assert.equal((await store.users.find(app, search({}, '', limits.queryScanMax, 100)))[0]?.id, 'u9999');
    assert.equal((await store.users.find(app, search({}, '', 0, 5_000))).length, limits.pageMax);
  });

  test('[CORE-13] filters that each find many are answered exactly, in any order an index has', async () => {
    const { store } = bench;
    const app = await bench.appWith();
    const count = limits.queryScanMax + 2_500;
    const writes: Promise<unknown>[] = [];
    for (let n = 0; n < count; n++) {
      // Three users share each time, so that ties cross the borders of what one statement looks at.
      const ts = n - (n % 3);
      const values = { all: 'x', some: n % 2 ? 'odd' : 'even', last: n > 50 ? 'yes' : 'no' };
      const made = store.users.ensure(app, [`u${n}`], ts);
      writes.push(made.then(() => store.users.setAttributes(app, `u${n}`, { mode: 'replace', values }, ts)));
      if (n % 500 === 0 || n === count - 1) await Promise.all(writes.splice(0));
    }
    const ids = async (...args: Parameters<typeof search>) =>
      (await store.users.find(app, search(...args))).map((user) => Number(user.id.slice(1)));
    const wanted = Array.from({ length: count }, (_, n) => n).filter((n) => n > 50);
    const tie = (n: number) => n - (n % 3);
    const text = (a: number, b: number) => (`u${a}` < `u${b}` ? -1 : 1);
    const filters = { all: 'x', last: 'yes' };
    const ascending = wanted.toSorted((a, b) => tie(a) - tie(b) || text(a, b));
    assert.deepEqual(await ids(filters, '', 0, 100), ascending.slice(0, 100));
    assert.deepEqual(await ids(filters, '', 9_000, 100), ascending.slice(9_000, 9_100));
    const descending = wanted.toSorted((a, b) => tie(b) - tie(a) || text(a, b));
    assert.deepEqual(await ids(filters, '-ts', 3_950, 100), descending.slice(3_950, 4_050));
    const byId = wanted.toSorted((a, b) => text(b, a));
    assert.deepEqual(await ids(filters, '-id', 7_950, 100), byId.slice(7_950, 8_050));
    assert.deepEqual(await ids(filters, '', wanted.length - 1, 100), ascending.slice(-1));
    assert.deepEqual(await ids({ ...filters, some: 'odd' }, '-id', 5, 2), byId.filter((n) => n % 2).slice(5, 7));
  });

  test('[CORE-14] groups and rooms are found by name and attributes, apart from one another, with their members', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b');
    const one = await gathered(bench, app, ['a', 'b'], { name: 'Chess', attributes: { level: 2 } });
    clock.ms += 1;
    const two = await gathered(bench, app, ['b'], { name: 'Chess', attributes: { level: 1 } });
    const room = await gathered(bench, app, ['a'], { kind: 'room', name: 'Chess' });
    const find = async (kind: 'group' | 'room', ...args: Parameters<typeof search>) =>
      (await store.conversations.find(app, kind, search(...args))).map((found) => found.id);
    assert.deepEqual(await find('group', { name: 'Chess' }), [one.id, two.id]);
    assert.deepEqual(await find('room', { name: 'Chess' }), [room.id]);
    assert.deepEqual(await find('group', { name: 'Chess' }, 'level'), [two.id, one.id]);
    assert.deepEqual(await find('group', {}, '-owner'), [two.id, one.id]);
    assert.deepEqual(await find('group', {}, '-ts'), [two.id, one.id]);
    assert.deepEqual(await find('group', { level: '2' }), [one.id]);
    const [found] = await store.conversations.find(app, 'group', search({ level: '2' }));
    assert.deepEqual(found, await store.conversations.withMembers(app, one.no));
    await store.conversations.change(
      app,
      one.no,
      { name: 'Go', attributes: { mode: 'remove', name: 'level' } },
      clock.ms,
    );
    assert.deepEqual([await find('group', { name: 'Chess' }), await find('group', { level: '2' })], [[two.id], []]);
    await store.conversations.erase(app, two.no, clock.ms);
    assert.deepEqual(
      [await find('group', { name: 'Chess' }), await find('group'), await find('group', {}, 'level')],
      [[], [one.id], [one.id]],
    );
  });
}
