// A whole server for one test file: real sockets on a free port, two apps, an in-memory store, its own temp folder, and
// a clock that can be set forward.
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import type { App } from '../../src/core/apps/app.ts';
import type { SettingOverrides } from '../../src/core/apps/settings.ts';
import type { Core } from '../../src/core/core.ts';
import type { Clock } from '../../src/core/ports/clock.ts';
import { openLog } from '../../src/log.ts';
import { startServer } from '../../src/server.ts';
import { openTestDatabase } from './postgres.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export type Answer = { status: number; headers: Headers; text: string; body: any };

export type RestOptions = {
  /** Whose credentials; default: the world's first app, by its client key. */
  as?: App;
  headers?: Record<string, string>;
  /** No credential but those in `headers`. */
  bare?: boolean;
  /** Sent as it is, with no content type of its own. */
  raw?: string | Buffer | FormData;
};

export type World = {
  readonly url: string;
  readonly core: Core;
  readonly app: App;
  /** A second tenant. */
  readonly other: App;
  readonly clock: TestClock;
  /** Calls the REST door as MaxLeap's clients do. */
  rest(method: string, path: string, body?: unknown, options?: RestOptions): Promise<Answer>;
  /** Changes settings of the first app. */
  set(overrides: SettingOverrides): Promise<void>;
  close(): Promise<void>;
};

export class TestClock implements Clock {
  #aheadMs = 0;
  now(): number {
    return Date.now() + this.#aheadMs;
  }
  advance(ms: number): void {
    this.#aheadMs += ms;
  }
}

export const keys = (name: string): string =>
  ['id', 'client', 'master']
    .map((part) => createHash('md5').update(`${name} ${part}`).digest('hex').slice(0, 24))
    .join(':');

/**
 * `env`: further variables of the environment, such as HONGYAN_PUBLIC_URL. With HONGYAN_TEST_STORE=postgres the whole world
 * lives in a PostgreSQL database of its own.
 */
export async function openWorld(
  options: { settings?: SettingOverrides; env?: Record<string, string> } = {},
): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), 'hongyan-test-'));
  const clock = new TestClock();
  const database = process.env.HONGYAN_TEST_STORE === 'postgres' ? await openTestDatabase() : undefined;
  const config = readConfig({
    HONGYAN_PORT: '0',
    HONGYAN_DATA: dir,
    HONGYAN_APPS: `${keys('first')},${keys('second')}`,
    HONGYAN_ADMIN_TOKEN: 'test-admin-token-0123456789',
    HONGYAN_DEMO: 'off',
    ...(database ? { HONGYAN_DATABASE_URL: database.url } : {}),
    ...options.env,
  });
  const log = openLog({ level: process.env.HONGYAN_TEST_LOG ?? 'fatal' });
  const server = await startServer(config, { clock, log, databasePath: ':memory:' });
  const { core, url } = server;
  const [app, other] = (await core.store.apps.list()) as [App, App];

  const world: World = {
    url,
    core,
    app,
    other,
    clock,
    rest: (method, path, body, rest = {}) => call(url, rest.as ?? app, method, path, body, rest),
    async set(overrides) {
      const { overrides: before } = (await core.store.apps.byId(app.id)) as App;
      await core.store.apps.change(app.id, { overrides: { ...before, ...overrides } });
      core.apps.forget(app.id);
    },
    async close() {
      await server.stop();
      await database?.drop();
      await rm(dir, { recursive: true, force: true });
    },
  };
  if (options.settings) await world.set(options.settings);
  return world;
}

/** The request sign of MaxLeap's documents: MD5 over the time and the key, then the time. */
export function signOf(key: string, ts = Date.now()): string {
  return `${createHash('md5').update(`${ts}${key}`).digest('hex')},${ts}`;
}

export async function call(
  url: string,
  app: App,
  method: string,
  path: string,
  body: unknown,
  options: RestOptions,
): Promise<Answer> {
  const json = body === undefined ? undefined : JSON.stringify(body);
  const answer = await fetch(url + path, {
    method,
    headers: {
      'x-ml-appid': app.id,
      ...(options.bare ? {} : { 'x-ml-request-sign': signOf(app.clientKey) }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    // A page's idea of a body and Node's are not the same; both take these.
    body: (options.raw ?? json) as RequestInit['body'],
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
