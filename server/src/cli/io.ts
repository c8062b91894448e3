// What a command talks to, so that no command reads the process itself.
import type { Env } from '../config.ts';

export type Io = {
  readonly env: Env;
  /** Somebody reads standard output on a screen. */
  readonly isTerminal: boolean;
  /** A line on standard output: the answer. */
  out(line: string): void;
  /** Text on standard output that takes the place of the last one: how something goes on. */
  draw?(text: string): void;
  /** A line on standard error: what went wrong. */
  err(line: string): void;
};

export function processIo(env: Env): Io {
  return {
    env,
    isTerminal: process.stdout.isTTY === true,
    out: (line) => void process.stdout.write(`${line}\n`),
    draw: (text) => void process.stdout.write(`\r\x1b[2K${text}`),
    err: (line) => void process.stderr.write(`${line}\n`),
  };
}

/** A command that was written wrongly: the sentence is shown with a hint at the help, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Something the operator can mend: the sentence is shown without a stack, exit code 1. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}
