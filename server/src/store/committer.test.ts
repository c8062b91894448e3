import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../core/limits.ts';
import { type BatchAnswer, type Committer, openCommitter } from './committer.ts';

/** A committer whose batches wait until they are let go; each write is its own answer. */
function held(depth = 1): { committer: Committer<unknown>; batches: unknown[][]; release(): void; fail(): void } {
  const batches: unknown[][] = [];
  const waiting: ((answer: BatchAnswer) => void)[] = [];
  const committer = openCommitter<unknown>({
    depth,
    commit(batch) {
      batches.push([...batch]);
      return new Promise((resolve) => waiting.push(resolve));
    },
  });
  const release = () =>
    waiting.shift()?.({
      answers: (batches[batches.length - waiting.length - 1] ?? []).map((value) => ({ ok: true, value })),
    });
  return { committer, batches, release, fail: () => waiting.shift()?.({ failed: 'disk full' }) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
/** The next batch goes out a turn after the answer to the one before. */
const answered = async () => {
  await turn();
  await turn();
};

test('[CORE-42] what arrives during a commit shares the next, up to so many writes', async () => {
  const { committer, batches, release } = held();
  const first = committer.submit(0, 10);
  await turn();
  const rest = Array.from({ length: limits.commitBatchMax + 5 }, (_, n) => committer.submit(n + 1, 10));
  await turn();
  assert.deepEqual(
    batches.map((batch) => batch.length),
    [1],
  );
  release();
  assert.equal(await first, 0);
  await turn();
  assert.deepEqual(
    batches.map((batch) => batch.length),
    [1, limits.commitBatchMax],
  );
  release();
  await answered();
  release();
  assert.deepEqual(
    await Promise.all(rest),
    rest.map((_, n) => n + 1),
  );
  assert.deepEqual(
    batches.map((batch) => batch.length),
    [1, limits.commitBatchMax, 5],
  );
});

test('[CORE-42] and up to so many bytes, a single large write excepted', async () => {
  const { committer, batches } = held();
  const large = limits.commitBatchBytesMax / 2 - 100;
  for (let n = 0; n < 3; n++) void committer.submit(n, large);
  await turn();
  assert.deepEqual(
    batches.map((batch) => batch.length),
    [2],
  );
  const alone = held();
  void alone.committer.submit(0, limits.commitBatchBytesMax * 2);
  await turn();
  assert.equal(alone.batches.length, 1);
});

test('[CORE-42] a full batch is sent ahead of the answer, a small one is not', async () => {
  const { committer, batches } = held(2);
  for (let n = 0; n < limits.commitBatchMax * 2 + 1; n++) void committer.submit(n, 10);
  await turn();
  assert.deepEqual(
    batches.map((batch) => batch.length),
    [limits.commitBatchMax, limits.commitBatchMax],
  );
});

test('[CORE-43] above the bound of waiting writes callers hear `unavailable` at once', async () => {
  const { committer, batches, release } = held();
  const first = committer.submit(0, 10);
  await turn();
  const waiting = Array.from({ length: limits.commitQueueMax }, () => committer.submit(1, 10));
  await assert.rejects(committer.submit(2, 10), { code: 'unavailable', details: { why: 'busy' } });
  release();
  await first;
  while (batches.flat().length < limits.commitQueueMax + 1) {
    release();
    await turn();
  }
  release();
  assert.equal((await Promise.all(waiting)).length, limits.commitQueueMax);
});

test('[CORE-41] when a commit fails every caller of it hears `unavailable`', async () => {
  const { committer, fail } = held();
  const writes = [1, 2].map((n) => committer.submit(n, 10));
  await turn();
  fail();
  for (const outcome of await Promise.allSettled(writes)) {
    assert.equal(outcome.status === 'rejected' && outcome.reason.code, 'unavailable');
  }
});

test('[CORE-43] closing answers what waits and refuses what comes after', async () => {
  const { committer, release } = held();
  const write = committer.submit(1, 10);
  const drained = committer.drain();
  await assert.rejects(committer.submit(2, 10), { code: 'unavailable', details: { why: 'closed' } });
  await turn();
  release();
  assert.equal(await write, 1);
  await drained;
});
