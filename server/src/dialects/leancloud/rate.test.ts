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
