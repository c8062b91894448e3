// The `hongyan` command as a shell runs it: a process of its own, on a data folder of its own.
import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { eventually, within } from './eventually.ts';

export const hongyanPath = fileURLToPath(new URL('../../bin/hongyan.js', import.meta.url));

export type Ran = { readonly code: number; readonly out: string; readonly err: string };

/** Variables of this test run itself do not reach the command. */
function environment(env: Record<string, string>): Record<string, string | undefined> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(HONGYAN_|LANG|LC_|NODE_)/.test(name));
  return { ...Object.fromEntries(inherited), ...env };
}

export function run(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { env: environment(env), timeout: 30_000 };
    execFile(process.execPath, [hongyanPath, ...args], options, (error, out, err) => {
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, out, err });
    });
  });
}

export type Serving = {
  readonly url: string;
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** What it wrote so far, on either stream. */
  output(): string;
  /** Resolves with the exit code. */
  ended(): Promise<number | null>;
};

/** `hongyan serve` on any free port, until it says where it listens. */
export async function serve(env: Record<string, string>): Promise<Serving> {
  const child = spawn(process.execPath, [hongyanPath, 'serve'], {
    env: environment({ HONGYAN_PORT: '0', ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  const exit = once(child, 'exit');
  const url = await eventually(
    'the server says where it listens',
    () => {
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}:\n${output}`);
      return /^API: (\S+)\/docs$/m.exec(output)?.[1];
    },
    30_000,
  ).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  const ended = async (): Promise<number | null> => {
    const [code] = await within('the server ends', exit, 12_000);
    return code as number | null;
  };
  return { url, child, output: () => output, ended };
}
