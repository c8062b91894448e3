// Who may serve a database. Nodes that a bus connects hold it together; a server without a bus holds it alone, for it
// would not hear of what another one does. The lock is PostgreSQL's, of a transaction that stays open and does nothing else:
// it ends with the connection, however that ends, behind a pooler as well. It holds up no vacuum, for it has no snapshot.
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '../../core/ports/log.ts';

export type Hold = {
  /** False while the connection is away, and for good when somebody else has taken the database meanwhile. */
  held(): boolean;
  release(): Promise<void>;
};

export type HoldOptions = { readonly url: string; readonly alone: boolean; readonly log: Log };

/** How long a server waits at its start for one that is ending. */
const patienceMs = 3_000;
const againMs = 500;
/** Of a machine that vanished PostgreSQL learns within half a minute, instead of hours. */
const begin = `begin; set local idle_in_transaction_session_timeout = 0;
  set local tcp_keepalives_idle = 10; set local tcp_keepalives_interval = 5; set local tcp_keepalives_count = 3`;

/** Throws when another server has it. */
export async function holdDatabase({ url, alone, log }: HoldOptions): Promise<Hold> {
  let client: pg.Client | undefined;
  let released = false;

  async function take(): Promise<boolean> {
    const trial = new pg.Client({ connectionString: url, application_name: 'hongyan hold', keepAlive: true });
    trial.on('error', () => {});
    try {
      await trial.connect();
      await trial.query(begin);
      const lock = alone ? 'pg_try_advisory_xact_lock' : 'pg_try_advisory_xact_lock_shared';
      const { rows } = await trial.query(`select ${lock}(hashtextextended('hongyan serves', 0)) as taken`);
      if (rows[0]?.taken && !released) {
        client = trial;
        trial.once('end', () => void takeAgain());
        return true;
      }
    } catch (error) {
      await trial.end().catch(() => {});
      throw error;
    }
    await trial.end();
    return false;
  }

  async function takeAgain(): Promise<void> {
    client = undefined;
    for (let told = false; !released && client === undefined; ) {
      await wait(againMs, undefined, { ref: false });
      // Not to be reached: the store says so itself.
      const taken = released || (await take().catch(() => undefined));
      if (taken === false && !told) {
        told = true;
        log.error({}, 'another server has taken the database while it was away: this one does not serve it any more');
      }
    }
  }

  for (const untilMs = performance.now() + patienceMs; !(await take()); await wait(againMs))
    if (performance.now() > untilMs)
      throw new Error(
        'another server is using the database: set HONGYAN_NATS_URL for every node that shares it, or stop the other one',
      );
  return {
    held: () => client !== undefined,
    async release() {
      released = true;
      await client?.end().catch(() => {});
    },
  };
}
