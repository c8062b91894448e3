// The life of this node among the others: its name, its lease, and whose lease has run out. All times are the database's,
// so the nodes' clocks do not matter.
import { randomUUID } from 'node:crypto';
import { Expelled } from './apply.ts';
import type { Client } from './client.ts';
import { makeTables } from './tables.ts';

export type PresenceTimes = {
  readonly heartbeatMs: number;
  /** Several heartbeats: one that is lost takes nobody out. */
  readonly leaseMs: number;
  /** How long sessions count that were told to go elsewhere. */
  readonly heldMs: number;
};

export const usualTimes: PresenceTimes = { heartbeatMs: 3_000, leaseMs: 12_000, heldMs: 10_000 };

export class Node {
  readonly #client: Client;
  readonly #times: PresenceTimes;
  /** Another one after every join: what an earlier life has left is not mistaken for this one's. */
  #name = '';
  #epoch: string | undefined;
  /** On the monotonic clock, ms. */
  #heardAtMs = Number.NEGATIVE_INFINITY;
  #judgesFromMs = Number.POSITIVE_INFINITY;

  constructor(client: Client, times: PresenceTimes) {
    this.#client = client;
    this.#times = times;
  }

  get name(): string {
    return this.#name;
  }

  /** The lease holds, as far as this node knows. */
  get isAlive(): boolean {
    return performance.now() - this.#heardAtMs < this.#times.leaseMs;
  }

  /** Takes a new name. `wiped`: the tables have been emptied since the join before, by a crash of PostgreSQL. */
  async join(): Promise<{ wiped: boolean }> {
    await makeTables(this.#client);
    await this.#client.all('insert into presence_epoch (no, epoch) values (1, $1) on conflict do nothing', [
      randomUUID(),
    ]);
    const [row] = await this.#client.all<{ epoch: string }>('select epoch from presence_epoch');
    const name = randomUUID();
    await this.#client.all(
      "insert into presence_nodes (node, lease_until) values ($1, now() + $2 * interval '1 millisecond')",
      [name, this.#times.leaseMs],
    );
    const wiped = this.#epoch !== undefined && this.#epoch !== row?.epoch;
    this.#name = name;
    this.#epoch = row?.epoch;
    this.#heard();
    return { wiped };
  }

  /**
   * Renews the lease. Answers nodes to be taken out, and in how many ms the next lease ends if nobody renews it. Throws
   * Expelled when this node has been taken out itself.
   */
  async beat(): Promise<{ dead: { node: string; parted: boolean }[]; nextEndMs: number }> {
    const name = this.#name;
    const mine = await this.#client.all(
      `update presence_nodes set lease_until = now() + $2 * interval '1 millisecond'
       where node = $1 and taken_by is null returning node`,
      [name, this.#times.leaseMs],
    );
    if (mine.length === 0) throw new Expelled('this node has been taken out');
    this.#heard();
    const others = await this.#client.all<{ node: string; left_ms: number; parted: boolean; busy: boolean }>(
      `select node, parted, (extract(epoch from lease_until - now()) * 1000)::float8 as left_ms,
         coalesce(taken_until > now(), false) as busy from presence_nodes where node <> $1`,
      [name],
    );
    const judges = performance.now() >= this.#judgesFromMs;
    return {
      dead: others.filter(({ left_ms, busy }) => judges && left_ms <= 0 && !busy),
      nextEndMs: Math.min(...others.map(({ left_ms }) => (left_ms > 0 ? left_ms : Number.POSITIVE_INFINITY))),
    };
  }

  /** What this node has left counts for so long, then another takes it out; with nothing left it is gone at once. */
  async part(heldMs: number, leftSomething: boolean): Promise<void> {
    await this.#client.all('delete from presence_duties where node = $1', [this.#name]);
    if (leftSomething)
      await this.#client.all(
        `update presence_nodes set parted = true, lease_until = now() + $2 * interval '1 millisecond' where node = $1 and taken_by is null`,
        [this.#name, heldMs],
      );
    else await this.#client.all('delete from presence_nodes where node = $1 and taken_by is null', [this.#name]);
  }

  /**
   * Who could not be heard himself must not judge: when PostgreSQL comes back, everybody's lease has run out, and the first
   * to renew his would take out all the others.
   */
  #heard(): void {
    const nowMs = performance.now();
    if (nowMs - this.#heardAtMs > this.#times.leaseMs / 2) this.#judgesFromMs = nowMs + 2 * this.#times.heartbeatMs;
    this.#heardAtMs = nowMs;
  }
}
