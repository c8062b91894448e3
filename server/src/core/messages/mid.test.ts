import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { midOf, noOfMid } from './mid.ts';

const app = { idKey: randomBytes(16).toString('hex') };

test('[CORE-228] a message id is 22 characters that lead back to the number, in its own app alone', () => {
  const other = { idKey: randomBytes(16).toString('hex') };
  const seen = new Set<string>();
  for (const no of [1, 2, 65_536, 10_000_001, Number.MAX_SAFE_INTEGER]) {
    const mid = midOf(app, { no });
    assert.match(mid, /^[A-Za-z0-9_-]{22}$/);
    assert.equal(noOfMid(app, mid), no);
    assert.equal(noOfMid(other, mid), undefined);
    seen.add(mid.slice(0, 4));
  }
  assert.equal(seen.size, 5, 'neighbours do not look alike');
});

test('[CORE-228] what was not made here names nothing; imported ids are kept, passing messages have one each', () => {
  for (const mid of [
    '',
    'x',
    'A'.repeat(22),
    'A'.repeat(21),
    `${'A'.repeat(21)}=`,
    randomBytes(16).toString('base64url'),
  ])
    assert.equal(noOfMid(app, mid), undefined, mid);
  assert.equal(midOf(app, { no: 5, foreignId: 'theirs' }), 'theirs');
  assert.notEqual(midOf(app, { no: 0 }), midOf(app, { no: 0 }));
  const passing = { no: 0, ts: 7, conversation: 1, sender: 'a' };
  assert.equal(midOf(app, passing), midOf(app, { ...passing }), 'everybody calls it alike');
  for (const other of [{ ts: 8 }, { conversation: 2 }, { sender: 'b' }])
    assert.notEqual(midOf(app, passing), midOf(app, { ...passing, ...other }));
  assert.equal(noOfMid(app, midOf(app, passing)), undefined);
});
