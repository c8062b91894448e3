import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { days, done, refused, talk, to } from '../../../../test/kit/rest.ts';
import { openWorld, type World } from '../../../../test/kit/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
  for (const id of ['a', 'b', 'c', 'd']) done(await world.rest('POST', `/ctx/${id}/attributes`, {}));
});
after(() => world.close());

const list = async (who: string, query = '') => done(await world.rest('GET', `/ctx/${who}/strangers${query}`));
const bodies = (page: { content: { body: string } }[]) => page.map(({ content }) => content.body);

test('[ML-51] [ML-52] the first word between strangers makes them strangers to each other', async () => {
  assert.deepEqual(await list('a'), []);
  await talk(world, 'a', to('b'), 'hi');
  assert.deepEqual(await list('a'), ['b']);
  assert.deepEqual(await list('b'), ['a']);
  world.clock.advance(1_000);
  const [said] = await talk(world, 'c', to('a'), 'hello');
  assert.deepEqual(await list('a'), ['c', 'b']);
  const [first, ...others] = await list('a', '?detail&skip=0&limit=1');
  assert.deepEqual(others, []);
  assert.deepEqual(
    { ...first, ts: 0 },
    { id: 'c', online: false, ts: 0, recent: { speaker: 'c', content: { media: 0, body: 'hello' }, ts: said?.ts } },
  );
  assert.deepEqual(await list('a', '?skip=1'), ['b']);
  assert.deepEqual(await list('a', '?_skip=1&_limit=5'), ['b']);
  assert.deepEqual(await list('a', '?ids=b,nobody'), ['b']);
});

test('[ML-53] one stranger: who spoke first, and what was said last', async () => {
  const one = done(await world.rest('GET', '/ctx/a/strangers/b'));
  assert.deepEqual(
    [one.id, one.from, one.to, one.online, typeof one.ts, one.recent.content.body],
    ['b', 'a', 'b', false, 'number', 'hi'],
  );
  const back = done(await world.rest('GET', '/ctx/b/strangers/a'));
  assert.deepEqual([back.id, back.from, back.to], ['a', 'a', 'b']);
  refused(await world.rest('GET', '/ctx/a/strangers/d'), 404, 5004);
  refused(await world.rest('GET', '/ctx/a/strangers/nobody'), 404, 5004);
});

test('[ML-54] their talk has both sides, for a year', async () => {
  await talk(world, 'b', to('a'), 'hi too');
  world.clock.advance(days(30));
  assert.deepEqual(bodies(done(await world.rest('GET', '/ctx/a/strangers/b/chats'))), ['hi', 'hi too']);
  assert.deepEqual(bodies(done(await world.rest('GET', '/ctx/b/strangers/a/chats?limit=1'))), ['hi too']);
  assert.deepEqual(done(await world.rest('GET', '/ctx/a/strangers/d/chats')), []);
  done(await world.rest('DELETE', '/ctx/a/strangers/b/chats'), 204);
  assert.deepEqual(done(await world.rest('GET', '/ctx/a/strangers/b/chats')), []);
  assert.equal(done(await world.rest('GET', '/ctx/b/strangers/a/chats')).length, 2);
});

test('[ML-258] becoming friends starts a history anew, and the older one stays readable', async () => {
  await talk(world, 'd', to('b'), 'before');
  done(await world.rest('POST', '/ctx/d/friends/b'));
  assert.deepEqual(done(await world.rest('GET', '/ctx/d/friends/b/chats')), []);
  await talk(world, 'd', to('b'), 'after');
  assert.deepEqual(bodies(done(await world.rest('GET', '/ctx/d/friends/b/chats'))), ['after']);
  assert.deepEqual(bodies(done(await world.rest('GET', '/ctx/d/strangers/b/chats'))), ['before']);
  assert.deepEqual(await list('d'), []);
});
