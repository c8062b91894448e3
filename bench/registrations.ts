// Do 500 registrations in one request hold up those who are in, and how long do they take? Every password becomes a slow hash
// before the answer, so most of it is arithmetic; what counts for others is the time from a text to its callback.
//
//   node server/bin/node24.js bench/registrations.ts [--users 500] [--talkers 20] [--rounds 3]
//
// In turns, with the same talk: nothing else, and one such request. Shown are medians over the rounds. Compare the lines
// with each other, not with another machine's.
import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connectChat } from '../server/test/kit/chat-client.ts';
import { openChildServer } from '../server/test/kit/child.ts';

const { values: args } = parseArgs({
  options: {
    users: { type: 'string', default: '500' },
    talkers: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '3' },
  },
});
const users = Math.min(Number(args.users), 500);
const talkers = Math.min(Number(args.talkers), 200);
const rounds = Math.min(Number(args.rounds), 20);
const app = { id: 'b'.repeat(24), key: 'd0d0d0d0d0d0d0d0d0d0d0d0', master: 'd1d1d1d1d1d1d1d1d1d1d1d1' };
/** Each talker says a text so often. */
const everyMs = 50;
const aloneMs = 3_000;

const server = await openChildServer({ apps: `${app.id}:${app.key}:${app.master}` });
try {
  await main(server.base);
} finally {
  await server.close();
}

type Client = Awaited<ReturnType<typeof connectChat>>;
type Window = { readonly acks: readonly number[]; readonly tookMs: number };

async function main(base: string): Promise<void> {
  const headers = { 'x-ml-appid': app.id, 'x-ml-apikey': app.key, 'content-type': 'application/json' };
  for (let n = 0; n < talkers; n += 1)
    await fetch(`${base}/ctx/from${n}/friends/to${n}`, { method: 'POST', headers, body: '{}' });
  const sign = () => `${createHash('md5').update(`1${app.key}`).digest('hex')},1`;
  const clients = await Promise.all(
    Array.from({ length: talkers }, (_, n) => connectChat(base, { app: app.id, sign: sign(), client: `from${n}` })),
  );
  await during(clients, () => wait(1_000));
  const alone: Window[] = [];
  const beside: Window[] = [];
  for (let round = 0; round < rounds; round += 1) {
    alone.push(await during(clients, () => wait(aloneMs)));
    beside.push(await during(clients, () => register(base, round)));
  }
  show('talk alone', alone);
  show(`+ ${users} registered`, beside);
  await Promise.all(clients.map((client) => client.close()));
}

async function register(base: string, round: number): Promise<void> {
  const body = Array.from({ length: users }, (_, n) => ({ username: `user${round}x${n}`, password: `pw-${n}` }));
  const authorization = `Basic ${Buffer.from(`${app.id}:${app.master}`).toString('base64')}`;
  const answer = await fetch(`${base}/v1/users/`, {
    method: 'POST',
    headers: { authorization },
    body: JSON.stringify(body),
  });
  const made = (await answer.json()) as { error?: object }[];
  if (answer.status !== 201 || made.some(({ error }) => error)) throw new Error(`registration: ${answer.status}`);
}

/** Ack times, sorted, while the work goes on. */
async function during(clients: readonly Client[], work: () => Promise<unknown>): Promise<Window> {
  const acks: number[] = [];
  let over = false;
  const talk = async (client: Client, n: number) => {
    await wait((everyMs * n) / clients.length);
    while (!over) {
      const from = performance.now();
      await client.sayAndWait({ to: { id: `to${n}`, type: 0 }, content: { media: 0, body: 'x'.repeat(100) } });
      acks.push(performance.now() - from);
      await wait(Math.max(0, everyMs - (performance.now() - from)));
    }
  };
  const talking = clients.map(talk);
  const from = performance.now();
  await work();
  const tookMs = performance.now() - from;
  over = true;
  await Promise.all(talking);
  return { acks: acks.sort((a, b) => a - b), tookMs };
}

function show(name: string, windows: readonly Window[]): void {
  const at = (share: number) =>
    median(windows.map(({ acks }) => acks[Math.floor(share * (acks.length - 1))] ?? 0)).toFixed(1);
  const took = (median(windows.map(({ tookMs }) => tookMs)) / 1_000).toFixed(1);
  process.stdout.write(
    `${name.padEnd(18)} ${took} s  ack p50 ${at(0.5)} ms  p95 ${at(0.95)} ms  p99 ${at(0.99)} ms  max ${at(1)} ms\n`,
  );
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
