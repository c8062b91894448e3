// The server as an operator runs it: a process of its own with a data folder of its own, which can be stopped, killed
// and started again on the same data and port. Needs Node 24, which the process inherits.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually, within } from './eventually.ts';

const command = fileURLToPath(new URL('../../bin/hongyan.js', import.meta.url));
const readyMsMax = 15_000;
const stopMsMax = 12_000;
const outputCharsMax = 20_000;

export type ChildServer = {
  /** `http://127.0.0.1:<port>`, the same after every start. */
  readonly base: string;
  readonly port: number;
  readonly dataDir: string;
  /** Of the process that runs now; throws when none does. */
  pid(): number;
  /** What the process printed lately. */
  output(): string;
  /** On the data of before. Resolves when /readyz answers 200. */
  start(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Ends the process and removes its data. */
  close(): Promise<void>;
};

/** `apps` as in HONGYAN_APPS: `id:clientKey:masterKey`, comma-separated. */
export async function openChildServer(options: { apps: string; env?: Record<string, string> }): Promise<ChildServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hongyan-test-'));
  const port = await freePort();
  const env = {
    ...process.env,
    HONGYAN_HOST: '127.0.0.1',
    HONGYAN_PORT: String(port),
    HONGYAN_DATA: dataDir,
    HONGYAN_APPS: options.apps,
    HONGYAN_DEMO: 'off',
    HONGYAN_LOG_LEVEL: 'warn',
    ...options.env,
  };
  let child: ChildProcess | undefined;
  let output = '';
  const killNow = (): void => void child?.kill('SIGKILL');

  const server: ChildServer = {
    base: `http://127.0.0.1:${port}`,
    port,
    dataDir,
    pid() {
      if (child?.pid === undefined) throw new Error('no server is running');
      return child.pid;
    },
    output: () => output,
    async start() {
      if (child) throw new Error('a server is running already');
      const started = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', command, 'serve'], {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child = started;
      process.once('exit', killNow);
      const collect = (chunk: Buffer): void => {
        output = (output + chunk.toString()).slice(-outputCharsMax);
      };
      started.stdout.on('data', collect);
      started.stderr.on('data', collect);
      started.once('exit', () => {
        process.removeListener('exit', killNow);
        if (child === started) child = undefined;
      });
      await eventually(`${server.base}/readyz answers 200`, () => isReady(server, () => child === started), readyMsMax);
    },
    stop: () => end('SIGTERM'),
    async kill() {
      await end('SIGKILL');
    },
    async close() {
      if (child) await end('SIGTERM').catch(() => end('SIGKILL'));
      await rm(dataDir, { recursive: true, force: true });
    },
  };

  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const ending = child;
    if (!ending) return null;
    const gone = once(ending, 'exit');
    ending.kill(signal);
    const [code] = await within(`the server ends after ${signal}`, gone, stopMsMax);
    return code as number | null;
  }

  try {
    await server.start();
    return server;
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function isReady(server: ChildServer, runs: () => boolean): Promise<boolean> {
  if (!runs()) throw new Error(`the server ended by itself:\n${server.output()}`);
  const response = await fetch(`${server.base}/readyz`).catch(() => undefined);
  await response?.arrayBuffer();
  return response?.status === 200;
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
