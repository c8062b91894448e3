// The commands by name, each loaded only when it is asked for, and what their failures look like to a person.
import { ConfigError } from '../config.ts';
import { ImError } from '../core/errors.ts';
import { help } from './help.ts';
import { type Io, OperatorError, UsageError } from './io.ts';

/** Resolves with the exit code. */
type Command = (args: readonly string[], io: Io) => Promise<number>;

const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve.ts')).serve,
  apps: async () => (await import('./apps.ts')).apps,
  token: async () => (await import('./token.ts')).token,
  config: async () => (await import('./config.ts')).config,
  doctor: async () => (await import('./doctor.ts')).doctor,
  backup: async () => (await import('./backup.ts')).backup,
  restore: async () => (await import('./restore.ts')).restore,
  move: async () => (await import('./move.ts')).move,
  import: async () => (await import('./import.ts')).importCommand,
};

/** 0: done; 1: failed; 2: written wrongly. */
export async function runCommand(args: readonly string[], io: Io): Promise<number> {
  // Everything a command writes is messages or keys: for its owner only, whatever the folder allows.
  process.umask(0o077);
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || args.some((arg) => arg === '--help' || arg === '-h')) {
    io.out(help(io.env));
    return name === undefined ? 2 : 0;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) {
    io.err(`hongyan: there is no command ${name}\n\n${help(io.env)}`);
    return 2;
  }
  try {
    return await (await load())(rest, io);
  } catch (error) {
    if (error instanceof UsageError) {
      io.err(`hongyan ${name}: ${error.message}\nhongyan --help tells how it is used.`);
      return 2;
    }
    io.err(`hongyan ${name}: ${sentenceOf(error)}`);
    return 1;
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof ConfigError)
    return `the configuration has problems:\n${error.problems.map((problem) => `  ${problem}`).join('\n')}`;
  if (error instanceof OperatorError || error instanceof ImError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
