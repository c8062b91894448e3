// Do logins hold up those who are in? Friends say texts with a callback, a few at a time, while others log in by name and
// password as fast as they are told to. Hashing a password takes about five milliseconds of a core and is queued, so of what
// is offered above that the server refuses the rest; what counts is the time from a text to its callback.
//
//   node server/bin/node24.js bench/logins.ts [--logins 300] [--talkers 20] [--seconds 2] [--rounds 5]
//
// Five kinds of window, in turns, each with the same talk: nothing else; as many cheap requests a second as there will be
// logins (what the HTTP alone costs); as many requests that store something (a login does); the same while this process, and
// not the server, hashes as many passwords (what a busy core costs its neighbours, whoever keeps it busy); the logins. Shown
// are medians over the rounds. Compare the lines with each other, not with another machine's.
import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openPasswords } from '../server/src/accounts/passwords.ts';
import { connectChat } from '../server/test/kit/chat-client.ts';
import { openChildServer } from '../server/test/kit/child.ts';

const { values: args } = parseArgs({
  options: {
    logins: { type: 'string', default: '300' },
    talkers: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '5' },
  },
});
const [perSecond, talkers, seconds, rounds] = [args.logins, args.talkers, args.seconds, args.rounds].map(Number) as [
  number,
  number,
  number,
  number,
];
const app = { id: 'bench-app', key: 'd0d0d0d0d0d0d0d0d0d0d0d0', master: 'd1d1d1d1d1d1d1d1d1d1d1d1' };
const accounts = 50;
/** Each talker says a text so often. */
const everyMs = 50;
const headers = { 'x-ml-appid': app.id, 'x-ml-apikey': app.key, 'content-type': 'application/json' };

const server = await openChildServer({ apps: `${app.id}:${app.key}:${app.master}` });
try {
  await main(server.base);
} finally {
  await server.close();
}

type Client = Awaited<ReturnType<typeof connectChat>>;

async function main(base: string): Promise<void> {
  const post = (path: string, body: object) =>
    fetch(base + path, { method: 'POST', headers, body: JSON.stringify(body) });
  for (let n = 0; n < accounts; n += 1) await post('/2.0/users', { username: `user${n}`, password: 'p4ssword' });
  for (let n = 0; n < talkers; n += 1) await post(`/ctx/from${n}/friends/to${n}`, {});
  const sign = () => `${createHash('md5').update(`1${app.key}`).digest('hex')},1`;
  const clients = await Promise.all(
    Array.from({ length: talkers }, (_, n) => connectChat(base, { app: app.id, sign: sign(), client: `from${n}` })),
  );
  let next = 0;
  const logIn = () => post('/2.0/login', { username: `user${next++ % accounts}`, password: 'p4ssword' });
  const look = () => fetch(`${base}/2.0/nothing`, { headers });
  const write = () => post(`/ctx/user${next++ % accounts}/attributes`, { n: next });
  const passwords = openPasswords();
  const stored = await passwords.hash({ plain: 'p4ssword' });
  const writeAndHash = async () => {
    // What is too much is refused here as there.
    passwords.verify(stored, { plain: 'p4ssword' }).catch(() => {});
    return write();
  };
  const kinds = [
    { name: 'talk alone', rows: [] as number[][], statuses: new Map<number, number>() },
    { name: `+ ${perSecond}/s requests`, task: look, rows: [] as number[][], statuses: new Map<number, number>() },
    { name: `+ ${perSecond}/s writes`, task: write, rows: [] as number[][], statuses: new Map<number, number>() },
    { name: '+ hashes elsewhere', task: writeAndHash, rows: [] as number[][], statuses: new Map<number, number>() },
    { name: `+ ${perSecond}/s logins`, task: logIn, rows: [] as number[][], statuses: new Map<number, number>() },
  ];
  await measure(clients, new Map());
  for (let round = 0; round < rounds; round += 1)
    for (const { task, rows, statuses } of kinds) {
      const acks = await measure(clients, statuses, task);
      rows.push([0.5, 0.95, 0.99, 1].map((share) => acks[Math.floor(share * (acks.length - 1))] ?? 0));
    }
  for (const { name, rows, statuses } of kinds) {
    const [p50, p95, p99, max] = [0, 1, 2, 3].map((column) => median(rows.map((row) => row[column] ?? 0)).toFixed(1));
    const counts = [...statuses].map(([status, n]) => `${status}: ${(n / seconds / rounds).toFixed(0)}/s`).join(', ');
    process.stdout.write(
      `${name.padEnd(18)} ack p50 ${p50} ms  p95 ${p95} ms  p99 ${p99} ms  max ${max} ms  ${counts}\n`,
    );
  }
  await Promise.all([passwords.close(), ...clients.map((client) => client.close())]);
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Ack times of one window, sorted; `statuses` counts how the tasks were answered. */
async function measure(
  clients: readonly Client[],
  statuses: Map<number, number>,
  task?: () => Promise<Response>,
): Promise<number[]> {
  const end = performance.now() + seconds * 1_000;
  const acks: number[] = [];
  const tasks: Promise<void>[] = [];
  const run = async (work: () => Promise<Response>) => {
    const answer = await work();
    await answer.arrayBuffer();
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
  };
  const talk = async (client: Client, n: number) => {
    await wait((everyMs * n) / clients.length);
    while (performance.now() < end) {
      const from = performance.now();
      await client.sayAndWait({ to: { id: `to${n}`, type: 0 }, content: { media: 0, body: 'x'.repeat(100) } });
      acks.push(performance.now() - from);
      await wait(Math.max(0, everyMs - (performance.now() - from)));
    }
  };
  const offer = async () => {
    const start = performance.now();
    for (let n = 0; task && performance.now() < end; n += 1) {
      tasks.push(run(task));
      await wait(Math.max(0, start + (n * 1_000) / perSecond - performance.now()));
    }
  };
  await Promise.all([...clients.map(talk), offer()]);
  await Promise.all(tasks);
  return acks.sort((a, b) => a - b);
}
