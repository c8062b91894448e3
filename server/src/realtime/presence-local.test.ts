import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openLocalPresence } from './presence-local.ts';

test('[CORE-229] a session attends rooms until it leaves; a principal is there as long as one of his sessions is', async () => {
  const presence = openLocalPresence();
  await presence.enter(1, 'ann', 's1', false);
  await presence.enter(1, 'ann', 's2', false);
  await presence.enter(1, 'bob', 's3', false);
  assert.equal(await presence.countOnline(1), 2);
  assert.equal(await presence.attend(1, 5, 's1', 'ann'), true);
  assert.equal(await presence.attend(1, 5, 's1', 'ann'), false);
  await presence.attend(1, 5, 's2', 'ann');
  await presence.attend(1, 5, 's3', 'bob');
  await presence.attend(2, 5, 's9', 'ann');
  assert.deepEqual(await presence.attendees(1, 5, 1), { total: 2, who: ['ann'] });
  assert.deepEqual(await presence.leave(1, 'ann', 's1'), { last: false, toAll: false });
  assert.deepEqual(await presence.attendees(1, 5, 9), { total: 2, who: ['ann', 'bob'] });
  assert.equal(await presence.unattend(1, 5, 's2'), true);
  assert.equal(await presence.unattend(1, 5, 's2'), false);
  assert.deepEqual(await presence.attendees(1, 5, 9), { total: 1, who: ['bob'] });
  await presence.leave(1, 'bob', 's3');
  assert.deepEqual(await presence.attendees(1, 5, 9), { total: 0, who: [] });
  assert.deepEqual(await presence.attending(1, 's3'), []);
  assert.equal(await presence.countOnline(1), 1);
  assert.equal((await presence.attendees(2, 5, 9)).total, 1, 'apps are apart');
});
