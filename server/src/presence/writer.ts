// Comings and goings wait here for the database: in order, many in one transaction, tried again for as long as it is away.
import { setTimeout as wait } from 'node:timers/promises';
import { ImError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import type { Log } from '../core/ports/log.ts';
import { apply, Expelled } from './apply.ts';
import { type Client, Uncertain } from './client.ts';
import type { Node } from './node.ts';
import type { Answer, Change } from './plan.ts';

type Waiting = { readonly change: Change; done(answer: Answer): void; failed(error: unknown): void };

export type WriterParts = {
  readonly client: Client;
  readonly node: Node;
  readonly log: Log;
  /** What this node has to write again after it was taken out, and for how long nobody of it may leave. */
  rejoin(): Promise<{ again: Change[]; holdLeavesMs: number; answered(changes: Change[], answers: Answer[]): void }>;
};

const nothing: Answer = { turned: false, toAll: false, missing: false };

export class Writer {
  readonly #parts: WriterParts;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  #mustRejoin = false;
  #leavesFromMs = 0;
  /** Changes that go one by one, because one of them is refused by the database for what it is. */
  #single = 0;
  #closed = false;

  constructor(parts: WriterParts) {
    this.#parts = parts;
  }

  /** Answers after the commit. Throws `unavailable` when too much waits; a leave is always taken: no session has two. */
  push(change: Change): Promise<Answer> {
    if (this.#closed) return Promise.resolve(nothing);
    if (this.#waiting.length >= limits.presenceWaitingMax && change.kind !== 'leave')
      return Promise.reject(new ImError('unavailable', 'too much is waiting for the database'));
    return new Promise((done, failed) => {
      this.#waiting.push({ change, done, failed });
      this.#go();
    });
  }

  /** Somebody has taken this node out: it enters anew before anything else. */
  expelled(): void {
    this.#mustRejoin = true;
    this.#go();
  }

  /** What waits is written if that can be done soon. */
  async close(withinMs: number): Promise<void> {
    await Promise.race([this.#running, wait(withinMs, undefined, { ref: false })]);
    this.#closed = true;
    for (const { change, done, failed } of this.#waiting.splice(0)) {
      if (change.kind === 'enter') failed(new ImError('unavailable', 'this node is stopping'));
      else done(nothing);
    }
    await this.#running;
  }

  #go(): void {
    if (this.#closed) return;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      // Pushed in the very turn in which the loop ended.
      if (this.#waiting.length > 0 || this.#mustRejoin) this.#go();
    });
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#closed && (this.#mustRejoin || this.#waiting.length > 0); ) {
      try {
        await this.#step();
        failures = 0;
      } catch (error) {
        if (error instanceof Expelled) {
          this.#mustRejoin = true;
          continue;
        }
        if (failures === 0) this.#parts.log.warn({ err: error }, 'presence cannot be written');
        failures += 1;
        await wait(Math.min(1_000, 50 * 2 ** failures) * (0.5 + Math.random() / 2), undefined, { ref: false });
      }
    }
  }

  async #step(): Promise<void> {
    if (this.#mustRejoin) await this.#rejoin();
    const batch = this.#take();
    if (batch.length === 0) {
      if (this.#waiting.length > 0) await wait(50, undefined, { ref: false });
      return;
    }
    const { client, node } = this.#parts;
    try {
      const answers = await apply(
        client,
        node.name,
        batch.map(({ change }) => change),
      );
      for (const [n, { done }] of batch.entries()) done(answers[n] ?? nothing);
      this.#single = Math.max(0, this.#single - batch.length);
    } catch (error) {
      this.#putBack(batch, error);
      throw error;
    }
  }

  #take(): Waiting[] {
    const max = this.#single > 0 ? 1 : limits.presenceBatchMax;
    if (performance.now() >= this.#leavesFromMs) return this.#waiting.splice(0, max);
    const batch = this.#waiting.filter(({ change }) => change.kind !== 'leave').slice(0, max);
    const taken = new Set(batch);
    this.#waiting = this.#waiting.filter((one) => !taken.has(one));
    return batch;
  }

  #putBack(batch: Waiting[], error: unknown): void {
    if (error instanceof Uncertain)
      for (const { change } of batch) if (change.kind === 'enter' || change.kind === 'leave') change.unsure = true;
    const [only] = batch;
    if (batch.length === 1 && only && isRefusal(error)) {
      only.failed(error);
      this.#single = Math.max(0, this.#single - 1);
      return;
    }
    if (isRefusal(error)) this.#single = batch.length;
    this.#waiting = [...batch, ...this.#waiting];
  }

  async #rejoin(): Promise<void> {
    const { again, holdLeavesMs, answered } = await this.#parts.rejoin();
    this.#mustRejoin = false;
    this.#leavesFromMs = performance.now() + holdLeavesMs;
    // A leave that waits may find its row gone, although nobody was told of it.
    if (holdLeavesMs > 0) for (const { change } of this.#waiting) if (change.kind === 'leave') change.unsure = true;
    const { client, node } = this.#parts;
    for (let from = 0; from < again.length; from += limits.presenceBatchMax) {
      const some = again.slice(from, from + limits.presenceBatchMax);
      try {
        answered(some, await apply(client, node.name, some));
      } catch (error) {
        this.#mustRejoin = true;
        throw error;
      }
    }
    this.#parts.log.info({ changes: again.length, node: node.name }, 'presence entered anew');
  }
}

/** The database will say the same the next time: data it cannot hold, as opposed to trouble that passes. */
function isRefusal(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^(22|23)[0-9A-Z]{3}$/.test(code);
}
