// Servers as processes of their own: started with a folder of their own, ended by their process id.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A server that is measured. */
export type Peer = {
  readonly port: number;
  /** Roots of the processes whose CPU counts. */
  readonly pids: readonly number[];
  close(): Promise<void>;
};

const peers = fileURLToPath(new URL('../peers/', import.meta.url));

export const makeFolder = (): Promise<string> => mkdtemp(join(process.env.BENCH_TMP ?? tmpdir(), 'hongyan-bench-'));

/** A script of peers/ that prints its port and ends with its standard input. */
export async function startScript(name: string, args: readonly string[] = []): Promise<Peer> {
  const folder = await makeFolder();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', peers + name, ...args, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error(`${name} has ended`))),
  ]);
  return {
    port: Number(String(line)),
    pids: [child.pid as number],
    async close() {
      const gone = once(child, 'exit');
      child.stdin.end();
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Ends a process that this bench has started; by force when it does not listen. */
export async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(timer);
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Until somebody listens there. */
export async function listening(port: number, child: ChildProcess, msMax = 30_000): Promise<void> {
  const until = performance.now() + msMax;
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} has ended by itself`);
    if (performance.now() > until) throw new Error(`${child.spawnfile} does not listen`);
    await wait(50);
  }
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const tell = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', tell(true)).once('error', tell(false));
  });
