import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { leancloud } from '../../../test/kit/leancloud.ts';
import { openWorld } from '../../../test/kit/world.ts';

const world = await openWorld({ settings: { 'leancloud.rateLimits': true } });
after(() => world.close());
const call = leancloud(world);

it('[LC-118] the 1,801st word of a minute is too many, and the next minute begins anew', async () => {
  // Words without a text are refused after they were counted, and cost the test nothing.
  const path = '/1.2/rtm/conversations/65a0c0ffee0000000000abcd/messages';
  const say = () => call('POST', path, {});
  for (let n = 0; n < 1_800; n += 50) {
    const answers = await Promise.all(Array.from({ length: 50 }, say));
    assert.ok(answers.every(({ status }) => status === 404));
  }
  const { status, body } = await say();
  assert.deepEqual([status, body], [429, { code: 429, error: 'Too many requests.' }]);
  assert.equal((await call('GET', path)).status, 403);
  world.clock.advance(60_000);
  assert.equal((await say()).status, 404);
});

it('[LC-295] words to everybody have their own figures, by the minute and by the day', async () => {
  const say = () => call('POST', '/1.2/rtm/broadcasts', {}, { master: true });
  // A day ends at midnight, and this one is not to end meanwhile.
  world.clock.advance(86_400_000 - (world.clock.now() % 86_400_000));
  for (let minute = 0; minute < 3; minute += 1) {
    for (let n = 0; n < 10; n += 1) assert.equal((await say()).status, 400);
    assert.equal((await say()).status, 429);
    world.clock.advance(60_000);
  }
  assert.equal((await say()).status, 429);
  world.clock.advance(86_400_000);
  assert.equal((await say()).status, 400);
});

it('[LC-321] changes of what a service said to all its subscribers count as words to all of them', async () => {
  const services = '/1.2/rtm/service-conversations';
  const as = (method: string, path: string, body: object) => call(method, path, body, { master: true });
  const { objectId: id } = (await as('POST', services, {})).body;
  world.clock.advance(86_400_000);
  const said = (await as('POST', `${services}/${id}/messages`, { from_client: 'a', message: 'm', to_clients: ['A'] }))
    .body;
  const path = `${services}/${id}/messages/${said['msg-id']}`;
  const change = { from_client: 'a', timestamp: said.timestamp, message: 'n' };
  for (let n = 0; n < 30; n += 1) assert.equal((await as('PUT', path, change)).status, 404);
  assert.equal((await as('PUT', path, change)).status, 429);
  assert.equal((await as('POST', `${services}/${id}/broadcasts`, {})).status, 429);
  assert.equal((await as('PUT', path, { ...change, to_clients: ['A'] })).status, 200, 'to some it is ordinary');
  const patch = { from_peer: 'a', conv_id: id, msg_id: said['msg-id'], timestamp: said.timestamp, message: 'o' };
  assert.equal((await as('POST', '/1.1/rtm/patch/message', patch)).status, 429);
  assert.equal((await as('POST', '/1.1/rtm/patch/message', { ...patch, to_peers: 'A' })).status, 200);
});
