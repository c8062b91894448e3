// The thread that hashes, one thing after the other. Started by hash-client.ts.
import { setPriority } from 'node:os';
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

if (parentPort) {
  const port = parentPort;
  // On Linux a priority is a thread's own: messages come before logins. Elsewhere it would be the whole server's. Not lower
  // still, the idle class: on a machine that something else keeps busy a login then takes five seconds.
  if (process.platform === 'linux') {
    try {
      setPriority(0, 19);
    } catch {
      // Not allowed here: then all are alike.
    }
  }
  port.on('message', (call: HashCall) => {
    try {
      port.postMessage({ value: perform(call) } satisfies HashAnswer);
    } catch (error) {
      port.postMessage({ failed: (error as Error).message } satisfies HashAnswer);
    }
  });
}
