import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { done, refused } from '../../../../test/kit/rest.ts';
import { openWorld, type World } from '../../../../test/kit/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
  for (let i = 0; i < 30; i++) {
    const id = `u${String(i).padStart(2, '0')}`;
    const attributes = {
      age: i % 3 === 0 ? 46 : 200 + i,
      name: `n${i % 5}`,
      ...(i < 4 ? { city: 'shanghai' } : {}),
      ...(i === 2 ? { vip: true, tags: ['x', 'y'] } : {}),
    };
    done(await world.rest('PUT', `/ctx/${id}/attributes`, attributes));
  }
});
after(() => world.close());

const ids = async (query: string, path = '/ctx'): Promise<string[]> =>
  done(await world.rest('GET', `${path}?${query}`)).map(({ id }: { id: string }) => id);

test('[ML-32] a filter finds those whose attribute equals it, as outlines', async () => {
  assert.deepEqual((await ids('city=shanghai')).sort(), ['u00', 'u01', 'u02', 'u03']);
  const [outline] = done(await world.rest('GET', '/ctx?city=shanghai&_limit=1'));
  assert.deepEqual(Object.keys(outline).sort(), ['attributes', 'id', 'online', 'ts']);
  assert.equal(outline.online, false);
  assert.deepEqual(await ids('city=Shanghai'), []);
  assert.deepEqual(await ids('city=shang'), []);
});

test('[ML-33] a number is found by its text, an array by an element, and only exactly', async () => {
  assert.equal((await ids('age=46&_limit=100')).length, 10);
  assert.deepEqual(await ids('age=4'), []);
  assert.deepEqual(await ids('vip=true'), ['u02']);
  assert.deepEqual(await ids('tags=y'), ['u02']);
});

test('[ML-34] all filters must hold; of a repeated one the last counts', async () => {
  assert.deepEqual((await ids('city=shanghai&age=46')).sort(), ['u00', 'u03']);
  assert.deepEqual((await ids('city=nowhere&city=shanghai&age=46')).sort(), ['u00', 'u03']);
});

test('[ML-35] 20 by default, 100 at most, and as many left out as asked', async () => {
  assert.equal((await ids('')).length, 20);
  assert.equal((await ids('_limit=30')).length, 30);
  assert.equal((await ids('_skip=25')).length, 5);
  assert.equal((await ids('_limit=0')).length, 20);
  assert.equal((await ids('_limit=-5')).length, 20);
  for (let i = 0; i < 80; i++) done(await world.rest('POST', `/ctx/filler${i}/attributes`, {}));
  assert.equal((await ids('_limit=1000')).length, 100);
});

test('[ML-36] names sort, a minus descends, missing values come first', async () => {
  const found = done(await world.rest('GET', '/ctx?_sort=-age,name&_limit=30&_skip=0'));
  const rows = found.map(({ attributes }: { attributes: { age?: number; name?: string } }) => [
    attributes.age,
    attributes.name,
  ]);
  const sorted = rows
    .filter(([age]: [number]) => age !== undefined)
    .toSorted((a: [number, string], b: [number, string]) => b[0] - a[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0));
  assert.deepEqual(
    rows.filter(([age]: [number]) => age !== undefined),
    sorted,
  );
  const byId = await ids('city=shanghai&_sort=id');
  assert.deepEqual(byId, ['u00', 'u01', 'u02', 'u03']);
  assert.deepEqual(await ids('city=shanghai&_sort=-id'), byId.toReversed());
  assert.deepEqual(await ids('city=shanghai&_sort=+id'), byId);
  assert.deepEqual(await ids('city=shanghai&_sort=%2Bid'), byId);
  assert.deepEqual(await ids('city=shanghai&_sort=vip,-id'), ['u03', 'u01', 'u00', 'u02']);
});

test('[ML-37] [ML-38] names with an underscore are no filters, numbers that are none are absent', async () => {
  assert.equal((await ids('_=123')).length, 20);
  assert.equal((await ids('_skip=undefined&_limit=NaN&_sort=')).length, 20);
});

test('[ML-60] groups are found by their attributes, by name too, in full', async () => {
  const group = done(await world.rest('POST', '/groups', { owner: 'u00', members: ['u01'], name: 'Hikers' }));
  done(await world.rest('POST', `/groups/${group}/attributes`, { company: 'x' }));
  done(await world.rest('POST', '/groups', { owner: 'u02', name: 'Others' }));
  assert.deepEqual(await ids('company=x', '/groups'), [group]);
  assert.deepEqual(await ids('name=Hikers', '/groups'), [group]);
  assert.deepEqual(await ids('name=Hikers&company=y', '/groups'), []);
  assert.deepEqual(await ids('company=x', '/rooms'), []);
  const [found] = done(await world.rest('GET', '/groups?company=x'));
  assert.deepEqual(
    { ...found, ts: 0 },
    { id: group, owner: 'u00', members: ['u01'], attributes: { company: 'x', name: 'Hikers' }, ts: 0, name: 'Hikers' },
  );
  assert.deepEqual((await ids('_sort=-owner', '/groups')).at(-1), group);
});

test('[ML-252] a search takes at most 16 filters', async () => {
  const filters = (n: number) => Array.from({ length: n }, (_, i) => `f${i}=1`).join('&');
  assert.deepEqual(await ids(filters(16)), []);
  refused(await world.rest('GET', `/ctx?${filters(17)}`), 400, 5010);
});
