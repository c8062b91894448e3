// The hot path: what arrives while a batch is under way shares the next, and a batch is one statement with a commit of
// its own. There are a few lanes, each with one batch under way: a conversation that somebody holds does not hold up all
// others, and those of one conversation are stored in the order in which they came.
import type { ImError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import type { Append, Appended } from '../../core/messages/message.ts';
import { type Answer, type BatchAnswer, type Committer, openCommitter, unavailable } from '../committer.ts';
import { type AppendRow, appendRow, usedReference } from '../sql/append-row.ts';
import { notFound } from '../sql/conversations.ts';
import { breath, told } from './again.ts';
import { appendKeys } from './keys.ts';
import { type Connection, isAgain, isLost, isUnable, type Pool } from './pool.ts';
import { textOf } from './statements.ts';
import type { GivenClock } from './writes.ts';

type Outcome = { outcome: 0 | 1 | 2 | 3; ts: number; no: number; prev: number };

const call = `select outcome, ts, no, prev from hongyan_append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`;

const numbers = (values: readonly number[]): string => `{${values}}`;
const quoted = (value: string | null): string =>
  value === null ? 'NULL' : `"${textOf(value).replace(/[\\"]/g, '\\$&')}"`;
const texts = (values: readonly (string | null)[]): string => `{${values.map(quoted).join(',')}}`;

/** For each the place, from 1, of the first in the batch with its reference; its own where it has none. */
function leaders(rows: readonly AppendRow[]): number[] {
  const first = new Map<string, number>();
  return rows.map(({ app, conv, sender, ref }, n) => {
    if (ref === null) return n + 1;
    const key = JSON.stringify([app, conv, sender, ref]);
    const leader = first.get(key) ?? n + 1;
    first.set(key, leader);
    return leader;
  });
}

async function send(connection: Connection, rows: readonly AppendRow[], now: number | null): Promise<Outcome[]> {
  const answer = await connection.query<Outcome>({
    name: 'append',
    text: call,
    values: [
      now,
      `{${appendKeys(rows.map(({ app }) => app))}}`,
      numbers(rows.map(({ app }) => app)),
      numbers(rows.map(({ conv }) => conv)),
      texts(rows.map(({ sender }) => sender)),
      texts(rows.map(({ sender_kind }) => sender_kind)),
      texts(rows.map(({ kind }) => kind)),
      texts(rows.map(({ content }) => content)),
      texts(rows.map(({ original }) => original)),
      numbers(rows.map(({ flags }) => flags)),
      texts(rows.map(({ mentions }) => mentions)),
      texts(rows.map(({ ref }) => ref)),
      texts(rows.map(({ digest }) => digest)),
      numbers(leaders(rows)),
      texts(rows.map(({ job }) => job)),
    ],
  });
  return answer.rows;
}

const refused = ({ code, message, details }: ImError): Answer => ({ ok: false, code, message, details });
const stored = ({ ts, no, prev }: Outcome, fresh: boolean): Answer => {
  const value: Appended = { ts, no, prev: fresh ? prev : 0, fresh };
  return { ok: true, value };
};
const answerTo = (outcome: Outcome): Answer => {
  if (outcome.outcome === 2) return refused(usedReference());
  if (outcome.outcome === 3) return refused(notFound());
  return stored(outcome, outcome.outcome === 0);
};

const failed = (error: unknown): Answer => {
  const said = told('messages.append', error);
  return 'code' in said ? refused(said as ImError) : { ok: false, code: 'broken', message: said.message };
};

type Tried = { readonly outcomes: Outcome[] } | { readonly problem: unknown; readonly sent: boolean };

async function tryOnce(pool: Pool, rows: readonly AppendRow[], given: GivenClock): Promise<Tried> {
  let connection: Connection | undefined;
  let tried: Tried;
  try {
    connection = await pool.connect();
    tried = { outcomes: await send(connection, rows, given?.() ?? null) };
  } catch (problem) {
    tried = { problem, sent: connection !== undefined };
  }
  connection?.release('problem' in tried && isLost(tried.problem));
  return tried;
}

/** Answers each row, whatever happens. */
async function commit(pool: Pool, rows: readonly AppendRow[], given: GivenClock): Promise<Answer[]> {
  const answers = new Map<AppendRow, Answer>();
  const settle = (some: readonly AppendRow[], answer: Answer): void => {
    for (const row of some) answers.set(row, answer);
  };
  const started = performance.now();
  let left = rows;
  for (let attempt = 1; left.length > 0; attempt++) {
    const tried = await tryOnce(pool, left, given);
    if ('outcomes' in tried) {
      for (const [n, row] of left.entries()) answers.set(row, answerTo(tried.outcomes[n] as Outcome));
      break;
    }
    const { problem, sent } = tried;
    if (sent && isLost(problem)) {
      // Kept or not: a reference tells when it is asked for again, nothing else does.
      const unsure = left.filter(({ ref }) => ref === null);
      settle(unsure, refused(unavailable('database', problem)));
      left = left.filter(({ ref }) => ref !== null);
    }
    const late = attempt >= limits.databaseTriesMax || performance.now() - started > limits.databaseConnectMsMax;
    if (isAgain(problem) && !late) await breath(attempt);
    else if (isUnable(problem) || left.length === 1) {
      settle(left, failed(problem));
      break;
    } else {
      // One that the database cannot take must not spoil the others' commit.
      for (const row of left) settle([row], (await commit(pool, [row], given))[0] as Answer);
      break;
    }
  }
  return rows.map((row) => answers.get(row) ?? failed(new Error('no answer')));
}

export type Appends = { append(draft: Append): Promise<Appended>; drain(): Promise<void> };

export function openAppends(pool: Pool, given: GivenClock, committed?: (writes: number, ms: number) => void): Appends {
  const lanes = Array.from({ length: limits.databaseAppendsMax }, () =>
    openCommitter<AppendRow>({
      depth: 1,
      commit: async (rows): Promise<BatchAnswer> => ({ answers: await commit(pool, rows, given) }),
      ...(committed ? { committed } : {}),
    }),
  );
  return {
    append(draft) {
      const row = appendRow(draft);
      const lane = lanes[row.conv % lanes.length] as Committer<AppendRow>;
      return lane.submit(row, row.content.length + (row.original?.length ?? 0)) as Promise<Appended>;
    },
    async drain() {
      await Promise.all(lanes.map((lane) => lane.drain()));
    },
  };
}
