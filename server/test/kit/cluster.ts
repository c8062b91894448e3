// Several nodes in this process, on one PostgreSQL database and one NATS prefix; each reaches NATS by a way of its own
// that a test can cut or stall.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as pathOf } from 'node:path';
import { test } from 'node:test';
import { type Config, readConfig } from '../../src/config.ts';
import type { App } from '../../src/core/apps/app.ts';
import type { SettingOverrides } from '../../src/core/apps/settings.ts';
import { openLog } from '../../src/log.ts';
import { type RunningServer, startServer } from '../../src/server.ts';
import { eventually } from './eventually.ts';
import { freshPrefix, testNats } from './nats.ts';
import { openTestDatabase, testDatabaseUrl } from './postgres.ts';
import { openTcpProxy, type TcpProxy } from './tcp-proxy.ts';
import { call, keys, TestClock, type World } from './world.ts';

/** A node is a world to whoever speaks to it alone; closing it stops it. */
export type Node = World & {
  /** Its way to NATS. */
  readonly nats: TcpProxy;
};

export type Cluster = {
  readonly nodes: readonly [Node, Node, ...Node[]];
  readonly app: App;
  /** One more node; `nats: 'away'`: it cannot reach NATS until its way there passes again. */
  join(options?: { nats: 'away' }): Promise<Node>;
  close(): Promise<void>;
};

/** Runs `cases` where there are both servers; else one line says that they did not run. */
export function clusterTests(name: string, cases: () => void): void {
  if (testNats && testDatabaseUrl) cases();
  else test(name, { skip: 'not run: HONGYAN_TEST_DATABASE_URL and HONGYAN_TEST_NATS_URL name no servers' }, () => {});
}

export async function openCluster(
  options: { size?: number; settings?: SettingOverrides; env?: Record<string, string> } = {},
): Promise<Cluster> {
  if (!testNats) throw new Error('HONGYAN_TEST_NATS_URL is not set');
  const database = await openTestDatabase();
  const prefix = freshPrefix();
  const clock = new TestClock();
  const dir = await mkdtemp(pathOf(tmpdir(), 'hongyan-cluster-'));
  const nodes: Node[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.close()));
    await database.drop();
    await rm(dir, { recursive: true, force: true });
  };
  const join: Cluster['join'] = async (how) => {
    const nats = await openTcpProxy(testNats as NonNullable<typeof testNats>);
    if (how?.nats === 'away') nats.refuse();
    const config = readConfig({
      HONGYAN_PORT: '0',
      HONGYAN_DATA: pathOf(dir, `${nodes.length}`),
      HONGYAN_APPS: `${keys('first')},${keys('second')}`,
      HONGYAN_ADMIN_TOKEN: 'test-admin-token-0123456789',
      HONGYAN_DEMO: 'off',
      HONGYAN_DATABASE_URL: database.url,
      HONGYAN_NATS_URL: `nats://${nats.host}`,
      HONGYAN_NATS_PREFIX: prefix,
      ...options.env,
    });
    const node = await openNode(config, clock, nats);
    nodes.push(node);
    if (how?.nats !== 'away')
      await eventually('the node reaches NATS', () => node.core.bus.state() === 'connected', 10_000);
    return node;
  };
  try {
    // One after the other: the first makes the tables.
    for (let n = 0; n < (options.size ?? 2); n++) await join();
    const [first, second, ...rest] = nodes;
    if (!first || !second) throw new Error('a cluster has two nodes or more');
    if (options.settings) await first.set(options.settings);
    return { nodes: [first, second, ...rest], app: first.app, join, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openNode(config: Config, clock: TestClock, nats: TcpProxy): Promise<Node> {
  const log = openLog({ level: process.env.HONGYAN_TEST_LOG ?? 'fatal' });
  const server: RunningServer = await startServer(config, { clock, log });
  const { url, core } = server;
  const [app, other] = (await core.store.apps.list()) as [App, App];
  return {
    url,
    core,
    app,
    other,
    clock,
    nats,
    rest: (method, path, body, rest = {}) => call(url, rest.as ?? app, method, path, body, rest),
    async set(overrides) {
      const { overrides: before } = (await core.store.apps.byId(app.id)) as App;
      await core.store.apps.change(app.id, { overrides: { ...before, ...overrides } });
      core.apps.forget(app.id);
    },
    async close() {
      await server.stop();
      await nats.close();
    },
  };
}
