import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { done, refused } from '../../../../test/kit/rest.ts';
import { openWorld, type World } from '../../../../test/kit/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

test('[ML-261] a member has attributes inside a group or room, also by the path without /ctx', async () => {
  const group = done(await world.rest('POST', '/groups', { owner: 'a', members: ['b'] }));
  const room = done(await world.rest('POST', '/rooms', { members: ['a', 'b'] }));
  for (const [path, alias] of [
    [`/ctx/b/groups/${group}`, `/b/groups/${group}`],
    [`/ctx/b/rooms/${room}`, `/b/rooms/${room}`],
  ] as const) {
    assert.deepEqual(done(await world.rest('GET', path), 200), {});
    assert.deepEqual(done(await world.rest('POST', alias, { nick: 'Bee', x: 1 }), 201), {});
    done(await world.rest('POST', path, { x: 2 }), 201);
    assert.deepEqual(done(await world.rest('GET', alias)), { nick: 'Bee', x: 2 });
    done(await world.rest('PUT', alias, { y: 1 }), 201);
    assert.deepEqual(done(await world.rest('GET', path)), { y: 1 });
    done(await world.rest('DELETE', alias), 204);
    assert.deepEqual(done(await world.rest('GET', path)), {});
    refused(await world.rest('POST', path, [1]), 400, 5001);
    refused(await world.rest('GET', path.replace('/b/', '/c/')), 404, 5004);
    refused(await world.rest('POST', path.replace('/b/', '/c/'), { a: 1 }), 404, 5004);
    refused(await world.rest('GET', path.replace(/[^/]+$/, 'none')), 404, 5004);
    refused(await world.rest('PATCH', alias), 405, 5009);
  }
  // The owner belongs to his group whether he is listed or not.
  done(await world.rest('POST', `/ctx/a/groups/${group}`, { x: 1 }), 201);
  refused(await world.rest('GET', `/b/things/${group}`), 404, 5009);
});
