import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './io.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Options and the words beside them. Throws a UsageError for what the command does not know. */
export function readOptions<O extends Options>(args: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Throws a UsageError unless there are exactly these words. */
export function words(positionals: readonly string[], ...names: string[]): string[] {
  if (positionals.length !== names.length) {
    throw new UsageError(
      names.length === 0
        ? `does not take ${positionals.join(' ')}`
        : `takes ${names.map((name) => `<${name}>`).join(' ')}`,
    );
  }
  return [...positionals];
}
