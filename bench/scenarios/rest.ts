// The hot requests of each door over kept connections: requests per CPU-second of the server.
import { ask, type HttpRequest } from '../kit/http-client.ts';
import type { Page } from '../kit/page.ts';
import { cpuSeconds } from '../kit/proc.ts';
import type { Scale } from '../kit/scale.ts';
import { median, quantile } from '../kit/statistics.ts';
import { type Hongyan, headers, startHongyan, times } from '../peers/hongyan.ts';

const connections = 16;
const people = 50;
const historyLength = 50;
const text = 'x'.repeat(200);

/** `yyyy-MM-dd HH:mm:ss` */
const secondsOf = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

export type Hot = readonly [name: string, next: () => HttpRequest];

/** The hot requests of each door, on a group of `people` (a multiple of five) at each; made by its own requests. */
export async function furnish(server: Hongyan, people: number): Promise<Hot[]> {
  const members = Array.from({ length: people }, (_, n) => `u-${n}`);
  const group = String(await server.post('/groups', { owner: 'u-0', members }));
  const { objectId: conversation } = (await server.lc('/1.2/rtm/conversations', { m: members })) as {
    objectId: string;
  };
  await times(people / 5, (n) =>
    server.jm(
      '/v1/users/',
      members.slice(n * 5, n * 5 + 5).map((u) => ({ username: `jm-${u}`, password: 'p4ssword' })),
    ),
  );
  const { gid } = (await server.jm('/v1/groups/', {
    owner_username: 'jm-u-0',
    name: 'bench',
    members_username: members.slice(1).map((u) => `jm-${u}`),
  })) as { gid: number };
  const lc = (method: string, path: string, body?: unknown) => (): HttpRequest => ({
    method,
    path,
    headers: headers.leancloud,
    body,
  });
  const jm = (method: string, path: string, body?: unknown) => (): HttpRequest => ({
    method,
    path,
    headers: headers.jmessage,
    body,
  });
  const ml = (path: string) => (): HttpRequest => ({ method: 'GET', path, headers: headers.maxleap() });
  const said = { from_client: 'u-1', message: JSON.stringify({ _lctype: -1, _lctext: text }) };
  const mail = {
    version: 1,
    target_type: 'single',
    target_id: 'jm-u-1',
    from_type: 'admin',
    from_id: 'bench-admin',
    msg_type: 'text',
    msg_body: { text },
  };
  await server.jm('/v1/admins/', { username: 'bench-admin', password: 'p4ssword' });
  // A history of each door's own group; MaxLeap's is filled through a door that has a request for it.
  await times(historyLength, () => server.lc(`/1.2/rtm/conversations/${group}/messages`, said));
  await times(historyLength, () => server.lc(`/1.2/rtm/conversations/${conversation}/messages`, said));
  await times(historyLength, () =>
    server.jm('/v1/messages', { ...mail, target_type: 'group', target_id: String(gid) }),
  );
  const { objectId: user } = (await server.lc('/1.1/users', { username: 'lc-u-1', password: 'p4ssword' })) as {
    objectId: string;
  };
  const [from, to] = [-1, 1].map((days) => encodeURIComponent(secondsOf(Date.now() + days * 86_400_000)));
  return [
    ['LeanCloud: send', lc('POST', `/1.2/rtm/conversations/${conversation}/messages`, said)],
    ['JMessage: send', jm('POST', '/v1/messages', mail)],
    ['LeanCloud: history', lc('GET', `/1.2/rtm/conversations/${conversation}/messages?limit=20`)],
    ['JMessage: history', jm('GET', `/v2/groups/${gid}/messages?count=20&begin_time=${from}&end_time=${to}`)],
    ['MaxLeap: history', ml(`/groups/${group}/chats?limit=20`)],
    ['MaxLeap: user', ml('/ctx/u-1')],
    ['LeanCloud: user', lc('GET', `/1.1/users/${user}`)],
    ['JMessage: user', jm('GET', '/v1/users/jm-u-1')],
    ['MaxLeap: group with members', ml(`/groups/${group}`)],
    ['LeanCloud: members', lc('GET', `/1.2/rtm/conversations/${conversation}/members`)],
    ['JMessage: members', jm('GET', `/v1/groups/${gid}/members/`)],
  ];
}

export type Measured = { readonly perCpu: number; readonly perS: number; readonly p50: number; readonly p99: number };

/** One request over and over, for `ms`. */
export async function hammer(server: Hongyan, [name, next]: Hot, ms: number): Promise<Measured & { count: number }> {
  const before = cpuSeconds(server.pids);
  const { count, seconds, times: each, failed } = await ask(server.port, next, { connections, ms });
  if (failed !== '') throw new Error(`${name}: ${failed}`);
  const cpu = cpuSeconds(server.pids) - before;
  return { count, perCpu: count / cpu, perS: count / seconds, p50: quantile(each, 0.5), p99: quantile(each, 0.99) };
}

export async function rest(page: Page, { rounds, windowMs, warmMs }: Scale): Promise<void> {
  const server = await startHongyan();
  try {
    const rows = [];
    for (const hot of await furnish(server, people)) {
      const [name] = hot;
      await hammer(server, hot, warmMs);
      const found: Measured[] = [];
      for (let n = 0; n < rounds; n += 1) found.push(await hammer(server, hot, windowMs));
      const of = (pick: (one: Measured) => number): number => median(found.map(pick));
      rows.push([
        name,
        of((f) => f.perCpu).toFixed(0),
        of((f) => f.perS).toFixed(0),
        of((f) => f.p50).toFixed(1),
        of((f) => f.p99).toFixed(1),
      ]);
      page.note(
        `rest.${name} per CPU-s`,
        of((f) => f.perCpu),
      );
    }
    page.heading(`REST: ${connections} connections, groups of ${people}`);
    page.say(
      'MaxLeap has no request that sends: its clients talk over the socket. Histories are pages of 20; JMessage counts all of the span with each.',
    );
    page.table(['request', 'requests / CPU-s', 'per s', 'p50 ms', 'p99 ms'], rows);
  } finally {
    await server.close();
  }
}
