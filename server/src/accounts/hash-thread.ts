// The thread that hashes, one thing after the other. Started by hash-client.ts.
import { execFileSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { availableParallelism, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { hashSync as argon2, verifySync as argon2Verify } from '@node-rs/argon2';
import { hashSync as bcrypt } from '@node-rs/bcrypt';
import { cost } from './hash-cost.ts';

export type HashCall =
  | { readonly do: 'argon2'; readonly text: string }
  | { readonly do: 'verify'; readonly hash: string; readonly text: string }
  | { readonly do: 'bcrypt'; readonly text: string; readonly salt: string };
export type HashAnswer = { readonly value: string | boolean } | { readonly failed: string };

function perform(call: HashCall): string | boolean {
  switch (call.do) {
    case 'argon2':
      return argon2(call.text, cost);
    case 'verify':
      return argon2Verify(call.hash, call.text);
    case 'bcrypt':
      return bcrypt(call.text, { salt: call.salt });
    default:
      return call satisfies never;
  }
}

/**
 * Messages come before logins. On Linux a priority is a thread's own (elsewhere it would be the whole server's), and a thread
 * of the idle class gives its core up at once when another wakes; by niceness alone it would finish its slice first. Not on a
 * single core: one busy neighbour there would leave it next to nothing.
 */
function stepBack(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(0, 19);
    if (availableParallelism() === 1) return;
    const [, , thread = ''] = readlinkSync('/proc/thread-self').split('/');
    execFileSync('chrt', ['-i', '-p', '0', thread], { stdio: 'ignore' });
  } catch {
    // Not allowed or not there: then it is as far as it got.
  }
}

if (parentPort) {
  const port = parentPort;
  stepBack();
  port.on('message', (call: HashCall) => {
    try {
      port.postMessage({ value: perform(call) } satisfies HashAnswer);
    } catch (error) {
      port.postMessage({ failed: (error as Error).message } satisfies HashAnswer);
    }
  });
}
