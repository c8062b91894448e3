import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFrontier } from './frontier.ts';

test('[CORE-223] in a crowd two receipts are enough: whoever said a message, one of the two is another', () => {
  const frontier = openFrontier({ now: () => 0 });
  const known = (who: string, ts: number) => frontier.known(1, 5, who, ts);
  assert.equal(known('a', 10), false);
  frontier.moved(1, 5, 'a', 10);
  assert.equal(known('b', 10), false, 'a may have said it himself');
  frontier.moved(1, 5, 'b', 8);
  assert.deepEqual([known('c', 8), known('c', 9), known('b', 8)], [true, false, false]);
  frontier.moved(1, 5, 'a', 20);
  assert.equal(known('c', 9), false, 'one person further on does not count twice');
  frontier.moved(1, 5, 'c', 15);
  assert.deepEqual([known('d', 15), known('d', 16)], [true, false]);
  assert.equal(frontier.known(1, 6, 'd', 1), false);
});
