import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { days, done, refused, talk, to } from '../../../../test/kit/rest.ts';
import { openWorld, type World } from '../../../../test/kit/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
  done(await world.rest('POST', '/ctx/a/attributes', {}));
});
after(() => world.close());

test('[ML-77] a passenger is its attributes; the id is none of them', async () => {
  const answer = await world.rest('POST', '/passengers', { name: 'V', age: 28 });
  assert.match(answer.text, /^"[0-9a-f]{32}"$/);
  assert.deepEqual(done(await world.rest('GET', `/passengers/${answer.body}`), 200), { name: 'V', age: 28 });
  assert.deepEqual(done(await world.rest('POST', `/passengers/${answer.body}`), 200), { name: 'V', age: 28 });
  const empty = done(await world.rest('POST', '/passengers'));
  assert.deepEqual(done(await world.rest('GET', `/passengers/${empty}`)), {});
});

test('[ML-78] with an id that exists the attributes are merged', async () => {
  assert.equal((await world.rest('POST', '/passengers', { id: 'p1', x: 1 })).text, '"p1"');
  assert.equal((await world.rest('POST', '/passengers', { id: 'p1', y: 2 })).text, '"p1"');
  assert.deepEqual(done(await world.rest('GET', '/passengers/p1')), { x: 1, y: 2 });
  for (const id of ['a.b', '', 7, null, {}]) refused(await world.rest('POST', '/passengers', { id }), 400, 5001);
  refused(await world.rest('POST', '/passengers', { id: 'x'.repeat(129) }), 400, 5010);
  refused(await world.rest('POST', '/passengers', ['x']), 400, 5001);
});

test('[ML-79] an unknown passenger is not found, and a passenger is no user', async () => {
  refused(await world.rest('GET', '/passengers/none'), 404, 5004);
  refused(await world.rest('GET', '/passengers/a'), 404, 5004);
  done(await world.rest('POST', '/passengers', { id: 'p79' }));
  refused(await world.rest('GET', '/ctx/p79'), 404, 5004);
  assert.ok(!done(await world.rest('GET', '/ctx?_limit=100')).some(({ id }: { id: string }) => id.includes('p79')));
});

test('[ML-80] talk of a passenger and a user has both sides, for a year', async () => {
  done(await world.rest('POST', '/passengers', { id: 'p80' }));
  assert.deepEqual(done(await world.rest('GET', '/passengers/p80/chats/a')), []);
  await talk(world, ':p80', to('a'), 'hello');
  await talk(world, 'a', to(':p80'), 'welcome');
  world.clock.advance(days(30));
  const page = done(await world.rest('GET', '/passengers/p80/chats/a'));
  assert.deepEqual(
    page.map(({ speaker, content }: { speaker: string; content: { body: string } }) => [speaker, content.body]),
    [
      ['p80', 'hello'],
      ['a', 'welcome'],
    ],
  );
  assert.deepEqual(done(await world.rest('GET', `/passengers/p80/chats/a?ts=${page[1].ts}`)), [page[0]]);
  refused(await world.rest('GET', '/passengers/none/chats/a'), 404, 5004);
  refused(await world.rest('GET', '/passengers/p80/chats/nobody'), 404, 5004);
  assert.deepEqual(done(await world.rest('GET', '/ctx/a/strangers')), []);
  world.clock.advance(days(336));
  assert.deepEqual(done(await world.rest('GET', '/passengers/p80/chats/a')), []);
});
