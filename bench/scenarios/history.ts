// What is stored, and how long it takes to find: pages of history, unread counts, attribute search, starting and logging
// in, at three sizes of the store.
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cities, type History, makeHistory, reader } from '../kit/history.ts';
import { ask, type HttpRequest } from '../kit/http-client.ts';
import type { Page } from '../kit/page.ts';
import { makeFolder } from '../kit/peer.ts';
import { cpuSeconds } from '../kit/proc.ts';
import type { Scale } from '../kit/scale.ts';
import { quantile, slope } from '../kit/statistics.ts';
import { type Hongyan, headers, startHongyan } from '../peers/hongyan.ts';
import { measure } from './idle.ts';

type Found = { readonly [what: string]: number };

export async function history(page: Page, scale: Scale): Promise<void> {
  const root = scale.data ?? (await makeFolder());
  const found: { messages: number; figures: Found }[] = [];
  try {
    for (const part of scale.peers ? [100, 10, 1] : [1]) {
      const size = {
        messages: scale.messages / part,
        conversations: scale.conversations,
        users: scale.users / part,
      };
      const made = await makeHistory(join(root, `history-${size.messages}`), size);
      found.push({ messages: size.messages, figures: await figuresOf(made, scale.asks) });
    }
  } finally {
    if (scale.data === undefined) await rm(root, { recursive: true, force: true });
  }
  const largest = found.at(-1)?.figures ?? {};
  page.heading(
    `History: up to ${scale.messages} messages in ${scale.conversations} conversations, ${scale.users} users`,
  );
  page.say(
    'Milliseconds as a client on the same machine sees them, one request at a time; the slope is that of the logarithms (0: flat). Cold: the kernel has forgotten the file, and the server has just started; then the kernel reads it once, and the rest is warm.',
  );
  page.table(
    ['what', ...found.map(({ messages }) => `${messages} messages`), 'slope'],
    Object.keys(largest).map((what) => {
      const points = found.map(({ messages, figures }) => [messages, figures[what] ?? Number.NaN] as const);
      return [what, ...points.map(([, value]) => value.toFixed(2)), points.length > 1 ? slope(points).toFixed(2) : '·'];
    }),
  );
  for (const what of ['ready after ms', 'MaxLeap page p99', 'LeanCloud page p99', 'search p50', 'unread p50'])
    page.note(`history.${what}`, largest[what]);
}

async function figuresOf({ folder, groups }: History, asks: number): Promise<Found> {
  const fewer = asks / 5;
  // The kernel keeps none of the file: a start after a reboot.
  await promisify(execFile)('dd', [`if=${folder}/hongyan.db`, 'iflag=nocache', 'count=0']);
  const started = performance.now();
  const server = await startHongyan({ HONGYAN_DATA: folder });
  const ready = performance.now() - started;
  try {
    const busy = (): string => groups[Math.floor(Math.random() ** 2 * groups.length)] as string;
    const maxleap = (): HttpRequest => ({
      method: 'GET',
      path: `/groups/${busy()}/chats?limit=20`,
      headers: headers.maxleap(),
    });
    const old = (): HttpRequest => ({
      ...maxleap(),
      path: `/groups/${busy()}/chats?limit=20&ts=${Date.now() - Math.floor(Math.random() * 4 * 86_400_000)}`,
    });
    const leancloud = (): HttpRequest => ({
      method: 'GET',
      path: `/1.2/rtm/conversations/${busy()}/messages?limit=20`,
      headers: headers.leancloud,
    });
    const unread = (): HttpRequest => ({
      method: 'GET',
      path: `/1.2/rtm/clients/${reader.who}/unread-count`,
      headers: headers.leancloud,
    });
    const talks = (): HttpRequest => ({
      method: 'GET',
      path: `/ctx/${reader.who}/conversations?limit=100`,
      headers: headers.maxleap(),
    });
    const search = (): HttpRequest => ({
      method: 'GET',
      path: `/ctx?city=city-${Math.floor(Math.random() * cities)}&limit=20`,
      headers: headers.maxleap(),
    });
    const cold = await timed('cold page', server, maxleap, fewer);
    await warmUp(folder);
    return {
      'ready after ms': ready,
      ...cold,
      ...(await timed('MaxLeap page', server, maxleap, asks)),
      ...(await timed('MaxLeap page, anywhere', server, old, asks)),
      ...(await timed('LeanCloud page', server, leancloud, asks)),
      ...(await timed('unread', server, unread, fewer)),
      ...(await timed('talks of 200 groups', server, talks, fewer)),
      ...(await timed('search', server, search, fewer)),
      'CPU ms a login': await loginCost(server),
    };
  } finally {
    await server.stop();
  }
}

/** The kernel has the whole file. */
async function warmUp(folder: string): Promise<void> {
  await promisify(execFile)('dd', [`if=${folder}/hongyan.db`, 'of=/dev/null', 'bs=1M']);
}

async function timed(what: string, { port, pids }: Hongyan, next: () => HttpRequest, countMax: number): Promise<Found> {
  const slowBefore = await slowerThan3Ms(port);
  const before = cpuSeconds(pids);
  const { times, failed } = await ask(port, next, { connections: 1, countMax });
  if (failed !== '') throw new Error(`${what}: ${failed}`);
  const cpu = ((cpuSeconds(pids) - before) * 1_000) / times.length;
  const slow = (await slowerThan3Ms(port)) - slowBefore;
  return {
    [`${what} p50`]: quantile(times, 0.5),
    [`${what} p99`]: quantile(times, 0.99),
    ...(what.includes('page') ? { [`${what} % above 3 ms in the server`]: (slow * 100) / times.length } : {}),
    [`${what} CPU ms`]: cpu,
  };
}

/** Requests so far that took longer by the server's own clock, from the first byte to the answer's last. */
async function slowerThan3Ms(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const sum = (pattern: RegExp): number =>
    [...text.matchAll(pattern)].reduce((all, [, count]) => all + Number(count), 0);
  const all = sum(/^hongyan_http_request_seconds_count{method="GET",status="2xx"} (\d+)/gm);
  return all - sum(/^hongyan_http_request_seconds_bucket{le="0.003",method="GET",status="2xx"} (\d+)/gm);
}

const loginCost = async (server: Hongyan): Promise<number> => {
  const { loginsPerCpu } = await measure(
    async () => ({ ...server, pids: server.pids, close: async () => {} }),
    'maxleap',
    { sessions: 1_000, settleMs: 2_000, beatMs: 0 },
  );
  return 1_000 / loginsPerCpu;
};
