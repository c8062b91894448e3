// Bringing another messenger's app in, and proving that it is here.
import { type Io, UsageError } from './io.ts';

type Action = (args: readonly string[], io: Io) => Promise<number>;

const actions: Readonly<Record<string, () => Promise<Action>>> = {
  leancloud: async () => (await import('./import-leancloud.ts')).importLeancloud,
  files: async () => (await import('./import-files.ts')).importFiles,
  verify: async () => (await import('./import-verify.ts')).importVerify,
  report: async () => (await import('./import-report.ts')).importReport,
};

/** Works on the data beside a running server, in small transactions. */
export async function importCommand(args: readonly string[], io: Io): Promise<number> {
  const [name = '', ...rest] = args;
  const load = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!load) throw new UsageError(`takes ${Object.keys(actions).join(', ')}`);
  return (await load())(rest, io);
}
