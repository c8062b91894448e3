// Group commit: writes that arrive while a commit is in progress share the next one, and each caller hears only after
// its own commit. The number and size of what shares a commit is bounded, and so is what may wait.
import { ImError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import type { Answer, BatchAnswer } from './writer.ts';

/** Takes a batch, as the text of a JSON array of Write, and commits it. Never rejects for a reason inside the store. */
export type CommitBatch = (batch: string) => Promise<BatchAnswer>;

export type Committer = {
  submit(slice: string, call: string, args: unknown[]): Promise<unknown>;
  /** Refuses further writes and resolves when everything that was waiting has been answered. */
  drain(): Promise<void>;
};

export type CommitterOptions = {
  commit: CommitBatch;
  now(): number;
  /** Batches that may be under way at once: the second lets the writer go on without waiting for this thread. */
  depth: number;
  committed?(writes: number, ms: number): void;
  /** The writer works on this thread: between two batches the event loop gets its turn. */
  inline?: boolean;
};

type Waiting = { text: string; resolve(value: unknown): void; reject(error: Error): void };

const unavailable = (why: string, cause?: unknown) =>
  new ImError('unavailable', 'the store cannot take this now', { why }, { cause });

export function openCommitter(options: CommitterOptions): Committer {
  const queue: Waiting[] = [];
  let underWay = 0;
  let scheduled = false;
  let closed = false;
  let drained: (() => void) | undefined;

  /** The next batch, bounded in number and size; at least one write. */
  function takeBatch(): Waiting[] {
    let bytes = 0;
    let count = 0;
    while (count < queue.length && count < limits.commitBatchMax) {
      bytes += queue[count]?.text.length ?? 0;
      if (count > 0 && bytes > limits.commitBatchBytesMax) break;
      count++;
    }
    return queue.splice(0, count);
  }

  function flush(): void {
    scheduled = false;
    // Ahead of an answer only full batches are sent: a small one would rather wait and grow.
    while (
      queue.length > 0 &&
      (underWay === 0 || (underWay < options.depth && queue.length >= limits.commitBatchMax))
    ) {
      void send(takeBatch());
    }
    if (closed && underWay === 0 && queue.length === 0) drained?.();
  }

  async function send(batch: Waiting[]): Promise<void> {
    underWay++;
    const started = performance.now();
    let answer: BatchAnswer;
    try {
      answer = await options.commit(`[${batch.map((one) => one.text).join(',')}]`);
    } catch (error) {
      answer = { failed: (error as Error).message };
    }
    underWay--;
    if ('failed' in answer) {
      const cause = new Error(answer.failed);
      for (const one of batch) one.reject(unavailable('commit failed', cause));
    } else {
      options.committed?.(batch.length, performance.now() - started);
      for (const [n, one] of batch.entries()) settle(one, answer.answers[n]);
    }
    if (options.inline) schedule();
    else flush();
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(flush);
  }

  return {
    submit(slice, call, args) {
      if (closed) return Promise.reject(unavailable('closed'));
      if (queue.length >= limits.commitQueueMax) return Promise.reject(unavailable('busy'));
      while (args.length > 0 && args.at(-1) === undefined) args.pop();
      return new Promise((resolve, reject) => {
        queue.push({ text: JSON.stringify([slice, call, options.now(), args]), resolve, reject });
        // Ahead of an answer a batch goes out when it is full. Else it goes a moment later, so that what arrives in the
        // same turn of the event loop shares the commit.
        if (underWay === 0) schedule();
        else if (!options.inline) flush();
      });
    },
    drain() {
      closed = true;
      return new Promise((resolve) => {
        drained = resolve;
        flush();
      });
    },
  };
}

function settle(one: Waiting, answer: Answer | undefined): void {
  if (answer === undefined) one.reject(unavailable('commit failed'));
  else if (answer.ok) one.resolve(answer.value);
  else if (answer.code === 'broken') one.reject(new Error(answer.message));
  else one.reject(new ImError(answer.code, answer.message, answer.details));
}
