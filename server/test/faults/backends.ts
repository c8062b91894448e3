// PostgreSQL, NATS and the nodes of a fault test, all processes of its own on free ports.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { type ChildServer, freePort, openChildServer } from '../kit/child.ts';
import { eventually, within } from '../kit/eventually.ts';
import { type OwnPostgres, openOwnPostgres } from '../kit/postgres.ts';
import { openTcpProxy, type TcpProxy } from '../kit/tcp-proxy.ts';

export type OwnNats = { readonly port: number; start(): Promise<void>; kill(): Promise<void> };

export type FaultyNode = {
  readonly name: string;
  readonly server: ChildServer;
  /** Its way to NATS. */
  readonly nats: TcpProxy;
  /** Until it serves again, however long what it needs is away. */
  startAgain(): Promise<void>;
};

export type Backends = {
  readonly postgres: OwnPostgres;
  readonly nats: OwnNats;
  readonly nodes: readonly FaultyNode[];
  close(): Promise<void>;
};

export const app = { id: 'f'.repeat(24), clientKey: 'd0d0d0d0d0d0d0d0d0d0d0d0', masterKey: 'd1d1d1d1d1d1d1d1d1d1d1d1' };

export async function openBackends(size: number): Promise<Backends> {
  await using opened = new AsyncDisposableStack();
  const postgres = await openOwnPostgres();
  opened.defer(() => postgres.close());
  const nats = await openNats();
  opened.defer(() => nats.kill());
  const nodes: FaultyNode[] = [];
  for (let n = 0; n < size; n += 1) {
    const proxy = await openTcpProxy({ host: '127.0.0.1', port: nats.port });
    opened.defer(() => proxy.close());
    const server = await openChildServer({
      apps: `${app.id}:${app.clientKey}:${app.masterKey}`,
      env: {
        HONGYAN_DATABASE_URL: postgres.url,
        HONGYAN_NATS_URL: `nats://${proxy.host}`,
        HONGYAN_ADMIN_TOKEN: 'fault-admin-token-0123456789',
        HONGYAN_LOG_LEVEL: 'fatal',
      },
    });
    opened.defer(() => server.close());
    nodes.push({ name: `node ${n}`, server, nats: proxy, startAgain: () => startAgain(server) });
  }
  const all = opened.move();
  return { postgres, nats, nodes, close: () => all.disposeAsync() };
}

async function startAgain(server: ChildServer): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await server.start();
    } catch (error) {
      if (attempt === 5) throw error;
      await server.kill();
      await wait(300);
    }
  }
}

async function openNats(): Promise<OwnNats> {
  const port = await freePort();
  let child: ChildProcess | undefined;
  const killNow = (): void => void child?.kill('SIGKILL');
  const nats: OwnNats = {
    port,
    async start() {
      const started = spawn('nats-server', ['-a', '127.0.0.1', '-p', String(port)], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      child = started;
      process.once('exit', killNow);
      let said = '';
      started.stderr.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-4_000);
      });
      await eventually('NATS is ready', () => said.includes('Server is ready'), 10_000);
    },
    async kill() {
      if (!child) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await within('NATS ends', gone, 5_000);
      child = undefined;
      process.removeListener('exit', killNow);
    },
  };
  await nats.start();
  return nats;
}
