import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { done, refused } from '../../../../test/kit/rest.ts';
import { openWorld, type World } from '../../../../test/kit/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

test('[ML-22] an unknown user is not found', async () => {
  refused(await world.rest('GET', '/ctx/nobody'), 404, 5004);
  for (const list of ['friends', 'groups', 'rooms', 'strangers', 'attributes', 'friends/x', 'friends/x/chats']) {
    refused(await world.rest('GET', `/ctx/nobody/${list}`), 404, 5004);
  }
});

test('[ML-31] POST is GET while its body is empty; with a type it sets the number', async () => {
  done(await world.rest('POST', '/ctx/kim/friends/lee'));
  assert.equal((await world.rest('POST', '/ctx/kim')).text, (await world.rest('GET', '/ctx/kim')).text);
  const detail = done(await world.rest('GET', '/ctx/kim'));
  assert.deepEqual(Object.keys(detail).sort(), [
    'attributes',
    'friends',
    'groups',
    'id',
    'installs',
    'online',
    'rooms',
    'sessions',
    'ts',
  ]);
  assert.deepEqual(
    { ...detail, ts: 0 },
    {
      id: 'kim',
      ts: 0,
      online: false,
      sessions: 0,
      installs: [],
      friends: ['lee'],
      groups: [],
      rooms: [],
      attributes: {},
    },
  );
  done(await world.rest('POST', '/ctx/kim', { type: 3, other: 'ignored' }), 201);
  assert.equal(done(await world.rest('GET', '/ctx/kim')).type, 3);
  assert.equal(done(await world.rest('GET', '/ctx/lee/friends?detail'))[0].type, 3);
  done(await world.rest('POST', '/ctx/made', { type: 0 }), 201);
  assert.equal(done(await world.rest('GET', '/ctx/made')).type, 0);
  for (const type of ['3', 1.5, null, [1]]) refused(await world.rest('POST', '/ctx/kim', { type }), 400, 5001);
  refused(await world.rest('POST', '/ctx/unseen'), 404, 5004);
});

test('[ML-132] an install is unbound from its user', async () => {
  const { core, app } = world;
  await core.store.users.login(app.no, 'dev', core.clock.now(), 'i1');
  await core.store.users.login(app.no, 'dev', core.clock.now(), 'i2');
  assert.deepEqual(done(await world.rest('GET', '/ctx/dev')).installs, ['i1', 'i2']);
  done(await world.rest('DELETE', '/ctx/dev/installs', { installs: ['i1', 'unknown'] }), 204);
  assert.deepEqual(done(await world.rest('GET', '/ctx/dev')).installs, ['i2']);
  done(await world.rest('DELETE', '/ctx/dev/installs'), 204);
  done(await world.rest('DELETE', '/ctx/dev/installs', { installs: ['i1'] }), 204);
  done(await world.rest('DELETE', '/ctx/unseen/installs', { installs: ['i2'] }), 204);
  assert.deepEqual(done(await world.rest('GET', '/ctx/dev')).installs, ['i2']);
  refused(await world.rest('DELETE', '/ctx/dev/installs', { installs: 'i2' }), 400, 5001);
});

test('[ML-131] the same id in two apps is two users', async () => {
  const as = { as: world.other };
  done(await world.rest('POST', '/ctx/twin/attributes', { app: 1 }));
  done(await world.rest('POST', '/ctx/twin/friends/pal'));
  refused(await world.rest('GET', '/ctx/twin', undefined, as), 404, 5004);
  done(await world.rest('POST', '/ctx/twin/attributes', { app: 2 }, as));
  assert.deepEqual(done(await world.rest('GET', '/ctx/twin')).attributes, { app: 1 });
  assert.deepEqual(done(await world.rest('GET', '/ctx/twin', undefined, as)).friends, []);
  const group = done(await world.rest('POST', '/groups', { owner: 'twin' }));
  refused(await world.rest('GET', `/groups/${group}`, undefined, as), 404, 5004);
  refused(await world.rest('DELETE', `/groups/${group}`, undefined, as), 404, 5004);
  refused(await world.rest('POST', `/groups/${group}/members`, { members: ['twin'] }, as), 404, 5004);
  assert.deepEqual(done(await world.rest('GET', '/groups', undefined, as)), []);
  const passenger = done(await world.rest('POST', '/passengers', { x: 1 }));
  refused(await world.rest('GET', `/passengers/${passenger}`, undefined, as), 404, 5004);
  assert.equal(done(await world.rest('POST', '/ctx/twin/friends/pal', undefined, as)).ns, world.other.id);
});

test('[ML-251] an app may forbid that REST creates users', async () => {
  await world.set({ 'maxleap.autoCreateUsers': false });
  try {
    refused(await world.rest('POST', '/ctx/new1/attributes', { a: 1 }), 404, 5004);
    refused(await world.rest('PUT', '/ctx/new1/attributes', { a: 1 }), 404, 5004);
    refused(await world.rest('POST', '/ctx/new1', { type: 1 }), 404, 5004);
    refused(await world.rest('POST', '/ctx/new1/friends/new2'), 404, 5004);
    refused(await world.rest('POST', '/groups', { owner: 'new1' }), 404, 5004);
    refused(await world.rest('POST', '/rooms', { members: ['new1'] }), 404, 5004);
    refused(await world.rest('GET', '/ctx/new1'), 404, 5004);
  } finally {
    await world.set({ 'maxleap.autoCreateUsers': true });
  }
});
