// LeanCloud for tests: a Hongyan of its own whose LeanCloud door is asked, filled with an app's rows, and before it a small
// front that adds what a Hongyan does not hand out (users with their hashes, devices) and says "too many" now and then.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { openPasswords } from '../../src/accounts/passwords.ts';
import type { ImportJob } from '../../src/core/imports/source.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { systemClock } from '../../src/core/ports/clock.ts';
import { takesOf } from '../../src/dialects/leancloud/import/take.ts';
import { openThreadNames } from '../../src/dialects/leancloud/import/threads.ts';
import { openSqlite } from '../../src/store/sqlite/open.ts';
import { type ChildServer, openChildServer } from '../kit/child.ts';
import { run } from '../kit/command.ts';
import { quietLog } from '../kit/quiet-log.ts';
import {
  conversationId,
  conversationRow,
  installRow,
  isService,
  messageRows,
  type Size,
  userId,
  userRow,
} from './rows.ts';

export const appId = 'importedApp0001-gzGzoHsz';
export const appKey = 'importedKey00000000000001';
export const masterKey = 'importedMaster0000000001';
export const appsOf = `${appId}:${appKey}:${masterKey}`;

/** A server with the app, whose history goes back as far as there is any: these rows are of a fixed time. */
export async function openCopy(): Promise<ChildServer> {
  const server = await openChildServer({ apps: appsOf });
  const set = await run(['apps', 'set', appId, 'leancloud.historyDays=0'], { HONGYAN_DATA: server.dataDir });
  if (set.code !== 0) throw new Error(set.err);
  return server;
}

export type Source = {
  /** Where the importer asks. */
  readonly url: string;
  readonly server: ChildServer;
  /** Requests so far, by path without ids. */
  readonly requests: () => number;
  /** As the app itself, past the front. */
  call(method: string, path: string, body?: JsonObject): Promise<JsonObject>;
  /** Rows of `_User`, as they are now. */
  readonly users: JsonObject[];
  close(): Promise<void>;
};

const silent = { stage: () => {}, took: () => {}, reached: () => {}, say: () => {} };

export async function openSource(size: Size, options: { tooManyEvery?: number } = {}): Promise<Source> {
  const server = await openCopy();
  await server.stop();
  await fill(`${server.dataDir}/hongyan.db`, size);
  await server.start();
  const headers = { 'X-LC-Id': appId, 'X-LC-Key': `${masterKey},master`, 'Content-Type': 'application/json' };
  const call: Source['call'] = async (method, path, body) => {
    const response = await fetch(server.base + path, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const answer = (await response.json()) as JsonObject;
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  };
  await furnish(call, size);
  const users = Array.from({ length: size.users }, (_, n) => userRow(n));
  const installs = Array.from({ length: Math.ceil(size.users / 2) }, (_, n) => installRow(n));
  const front = openFront(server.base, { _User: users, _Installation: installs }, options.tooManyEvery ?? 0);
  const url = await front.listen();
  return {
    url,
    server,
    requests: front.requests,
    call,
    users,
    async close() {
      await front.close();
      await server.close();
    },
  };
}

async function fill(path: string, size: Size): Promise<void> {
  const store = await openSqlite({ path, clock: systemClock, log: quietLog, writer: 'inline' });
  const passwords = openPasswords();
  try {
    const app = await store.apps.byId(appId);
    if (!app) throw new Error('the app is not there');
    const job: ImportJob = {
      core: { store, passwords, clock: systemClock },
      app,
      source: 'fill',
      progress: silent,
      overwrite: false,
      createMissing: false,
      parallel: 1,
    };
    const takes = takesOf(job, openThreadNames(job));
    await inPieces(
      Array.from({ length: size.conversations }, (_, n) => conversationRow(n, size)),
      takes.conversations,
    );
    await inPieces(messageRows(size), takes.messages);
  } finally {
    await passwords.close();
    await store.close();
  }
}

async function inPieces<T>(rows: Iterable<T>, take: (rows: T[]) => Promise<void>): Promise<void> {
  let piece: T[] = [];
  for (const row of rows) {
    piece.push(row);
    if (piece.length < 1_000) continue;
    await take(piece);
    piece = [];
  }
  await take(piece);
}

/** What only a running service can be told: silences, block lists, roles, subscribers, what services say, and talk of today. */
async function furnish(call: Source['call'], size: Size): Promise<void> {
  for (let n = 1; n < Math.min(size.conversations, 200); n += 20) {
    const row = conversationRow(n, size);
    if (!Array.isArray(row.m) || row.m.length < 3) continue;
    const base = `/1.2/rtm/conversations/${conversationId(n)}`;
    await call('POST', `${base}/permanent-silenceds`, { client_ids: [userId(n)] });
    await call('POST', `${base}/blacklists`, { client_ids: [`blocked${n}`] });
    await call('POST', `${base}/member-infos`, { clientId: row.m[1] ?? '', role: 'Manager' });
  }
  for (let n = 0; n < size.conversations; n++) {
    if (!isService(n)) continue;
    const base = `/1.2/rtm/service-conversations/${conversationId(n)}`;
    for (let who = 0; who < 5; who++) await call('POST', `${base}/subscribers`, { client_id: userId(who) });
    await call('POST', `${base}/broadcasts`, { from_client: 'service', message: `to all ${n}` });
    await call('POST', `${base}/messages`, { from_client: 'service', to_clients: [userId(1)], message: `to one ${n}` });
  }
  for (let n = 0; n < Math.min(size.conversations, 60); n += 2) await talk(call, n);
}

/** Four messages of now: one stays, one is edited, one is taken back, one is taken away. */
export async function talk(call: Source['call'], n: number): Promise<void> {
  const base = `/1.2/rtm/conversations/${conversationId(n)}/messages`;
  const said = [];
  for (const what of ['stays', 'was', 'goes', 'never']) {
    const message = JSON.stringify({ _lctext: `${what} ${n}`, _lctype: -1 });
    said.push(await call('POST', base, { from_client: userId(n), message }));
  }
  const [, second, third, fourth] = said;
  const change = (one: JsonObject | undefined) => ({ from_client: userId(n), timestamp: one?.timestamp ?? 0 });
  await call('PUT', `${base}/${second?.['msg-id']}`, { ...change(second), message: `edited ${n}` });
  await call('PUT', `${base}/${third?.['msg-id']}/recall`, change(third));
  await call('DELETE', `${base}/${fourth?.['msg-id']}?from_client=${userId(n)}&timestamp=${fourth?.timestamp}`);
}

type Classes = Readonly<Record<string, readonly JsonObject[]>>;

function openFront(base: string, classes: Classes, tooManyEvery: number) {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    if (tooManyEvery > 0 && requests % tooManyEvery === 0)
      return answer(response, 429, { code: 429, error: 'Too many requests.' });
    const url = new URL(request.url ?? '/', base);
    const [, verb, name = ''] = /^\/1\.1\/(?:(scan)\/)?classes\/(\w+)$/.exec(url.pathname) ?? [];
    const rows = classes[name];
    if (rows) return answer(response, 200, pageOf(rows, url, verb === 'scan'));
    forward(base, request, response).catch(() => response.destroy());
  });
  return {
    requests: () => requests,
    async listen(): Promise<string> {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(response: ServerResponse, status: number, body: JsonObject): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}

function pageOf(rows: readonly JsonObject[], { searchParams }: URL, scan: boolean): JsonObject {
  const where = searchParams.get('where');
  const since = where ? (JSON.parse(where).updatedAt?.$gte?.iso ?? '') : '';
  const fitting = rows.filter((row) => String(row.updatedAt) >= since);
  if (!scan) return { results: [], count: fitting.length };
  const from = Number(searchParams.get('cursor') ?? 0);
  const limit = Number(searchParams.get('limit') ?? 100);
  const next = from + limit;
  return { results: fitting.slice(from, next), cursor: next < fitting.length ? String(next) : null };
}

async function forward(base: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => /^x-lc-/.test(name)) as [string, string][],
  );
  const answered = await fetch(base + request.url, { headers });
  const body = Buffer.from(await answered.arrayBuffer());
  response.writeHead(answered.status, { 'Content-Type': answered.headers.get('content-type') ?? 'application/json' });
  response.end(body);
}
