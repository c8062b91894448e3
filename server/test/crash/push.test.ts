// A few rounds for every run of the suite; `npm run crash:push` does as many as one likes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pushRounds } from './push-rounds.ts';

test('[CORE-148] killed three times while it pushes, the server owes no device anything in the end', {
  timeout: 90_000,
}, async () => {
  const rounds = await pushRounds(3, () => {});
  for (const round of rounds) assert.deepEqual(round.faults, []);
  assert.ok(
    rounds.some((round) => round.openAtDeath > 0),
    'no crash came between a message and its push',
  );
});
