// A few rounds of the crash test for every run of the suite, and proof that its eyes are open.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare, crashRounds } from './rounds.ts';

test('[CORE-38] killed three times while sixteen clients speak, nothing acknowledged is lost, doubled or out of order', {
  timeout: 90_000,
}, async () => {
  const rounds = await crashRounds(3, () => {});
  for (const round of rounds) {
    assert.deepEqual(round.faults, []);
    assert.ok(round.acknowledged > 0 && round.stored >= round.acknowledged);
  }
});

test('the comparison sees a loss, a double, a wrong time, a wrong speaker, a stranger and a wrong order', () => {
  const said = (n: number, ts?: number) => ({ place: 'p', sender: 'ann', n, body: `1/0/${n}`, ts });
  const stored = (n: number, ts: number, speaker = 'ann') => ({ speaker, content: { body: `1/0/${n}` }, ts });
  const sent = [said(1, 10), said(2, 20), said(3)];
  const good = [stored(1, 10), stored(2, 20)];
  assert.deepEqual(compare('p', sent, good), []);
  assert.deepEqual(compare('p', sent, [...good, stored(3, 30)]), []);
  const bad = [
    [stored(1, 10)],
    [...good, stored(2, 30)],
    [stored(1, 10), stored(2, 21)],
    [stored(1, 10), stored(2, 20, 'bob')],
    [...good, stored(4, 30)],
    [stored(2, 20), stored(1, 10)],
    [stored(1, 10), stored(3, 15), stored(2, 20)],
  ];
  for (const records of bad) assert.notEqual(compare('p', sent, records).length, 0, JSON.stringify(records));
});
