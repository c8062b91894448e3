// Group commit: writes that arrive while a commit is in progress share the next one, and each caller hears only after
// its own commit. The number and size of what shares a commit is bounded, and so is what may wait.
import { ImError, type ImErrorCode, type ImErrorDetails } from '../core/errors.ts';
import { limits } from '../core/limits.ts';

export type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: ImErrorCode; readonly message: string; readonly details: ImErrorDetails }
  | { readonly ok: false; readonly code: 'broken'; readonly message: string };

/** In the order of the batch. `failed`: nothing of it was kept, as far as anybody knows. */
export type BatchAnswer = { readonly answers: Answer[] } | { readonly failed: string };

export type Committer<Write> = {
  /** `bytes`: what the write weighs in a batch, roughly. */
  submit(write: Write, bytes: number): Promise<unknown>;
  /** Refuses further writes and resolves when everything that was waiting has been answered. */
  drain(): Promise<void>;
};

export type CommitterOptions<Write> = {
  /** Commits a batch. Never rejects for a reason inside the store. */
  commit(batch: readonly Write[]): Promise<BatchAnswer>;
  /** Batches that may be under way at once: the second lets the writer go on without waiting for this thread. */
  depth: number;
  committed?(writes: number, ms: number): void;
};

type Waiting<Write> = {
  readonly write: Write;
  readonly bytes: number;
  resolve(value: unknown): void;
  reject(error: Error): void;
};

export const unavailable = (why: string, cause?: unknown) =>
  new ImError('unavailable', 'the store cannot take this now', { why }, { cause });

export function openCommitter<Write>(options: CommitterOptions<Write>): Committer<Write> {
  const queue: Waiting<Write>[] = [];
  let underWay = 0;
  let scheduled = false;
  let closed = false;
  let drained: (() => void) | undefined;

  /** The next batch, bounded in number and size; at least one write. */
  function takeBatch(): Waiting<Write>[] {
    let bytes = 0;
    let count = 0;
    while (count < queue.length && count < limits.commitBatchMax) {
      bytes += queue[count]?.bytes ?? 0;
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

  async function send(batch: Waiting<Write>[]): Promise<void> {
    underWay++;
    const started = performance.now();
    let answer: BatchAnswer;
    try {
      answer = await options.commit(batch.map((one) => one.write));
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
    // After what else this turn brought: it shares the next commit, which costs the same for one as for many.
    schedule();
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(flush);
  }

  return {
    submit(write, bytes) {
      if (closed) return Promise.reject(unavailable('closed'));
      if (queue.length >= limits.commitQueueMax) return Promise.reject(unavailable('busy'));
      return new Promise((resolve, reject) => {
        queue.push({ write, bytes, resolve, reject });
        // Ahead of an answer a batch goes out when it is full. Else it goes a moment later, so that what arrives in the
        // same turn of the event loop shares the commit.
        if (underWay === 0) schedule();
        else flush();
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

function settle(one: Waiting<unknown>, answer: Answer | undefined): void {
  if (answer === undefined) one.reject(unavailable('commit failed'));
  else if (answer.ok) one.resolve(answer.value);
  else if (answer.code === 'broken') one.reject(new Error(answer.message));
  else one.reject(new ImError(answer.code, answer.message, answer.details));
}
