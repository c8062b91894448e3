// A secret for a command: from a file, from a variable, or asked for without an echo. Never an argument: those stand in
// the shell's history and in the list of processes.
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

export type SecretPlaces = {
  readonly file?: string | undefined;
  readonly variable?: string | undefined;
  /** Somebody sits at a terminal and can be asked. */
  readonly ask?: string | undefined;
};

/** undefined: it is nowhere. */
export async function readSecret({ file, variable, ask }: SecretPlaces): Promise<string | undefined> {
  if (file !== undefined) return (await readFile(file, 'utf8')).trim() || undefined;
  if (variable !== undefined && variable !== '') return variable.trim();
  if (ask === undefined || !process.stdin.isTTY) return undefined;
  process.stderr.write(ask);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  const answer = await lines.question('');
  lines.close();
  process.stderr.write('\n');
  return answer.trim() || undefined;
}
