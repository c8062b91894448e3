// What the import commands share: the job on an app of this data folder, and where the source is.
import { openPasswords } from '../accounts/passwords.ts';
import { readConfig } from '../config.ts';
import type { ImportJob } from '../core/imports/source.ts';
import { systemClock } from '../core/ports/clock.ts';
import { masterHeaders, sourceOf } from '../dialects/leancloud/import/walk.ts';
import { openProgress, type Watch } from '../import/progress.ts';
import { openPull, type Puller } from '../import/pull.ts';
import { readSecret } from '../import/secret.ts';
import { type Io, OperatorError, UsageError } from './io.ts';
import { withStore } from './open-store.ts';

/** Options of every command that asks the live service. */
export const serviceOptions = {
  host: { type: 'string' },
  'source-app': { type: 'string' },
  'key-file': { type: 'string' },
  rate: { type: 'string' },
  parallel: { type: 'string' },
} as const;

export type ServiceValues = { readonly [K in keyof typeof serviceOptions]?: string | undefined };

const usualRate = 20;
const usualParallel = 4;

export const watchOf = (io: Io): Watch =>
  openProgress({ isTerminal: io.isTerminal, out: io.out, draw: io.draw ?? (() => {}) });

export const parallelOf = (values: ServiceValues): number =>
  Math.max(1, Math.floor(numberOf(values.parallel, usualParallel, 'parallel')));
export const rateOf = (values: ServiceValues): number => numberOf(values.rate, usualRate, 'rate');

/** A puller that was let in: a wrong address or key is told in a sentence. */
export async function openService(app: string, values: ServiceValues, io: Io, watch: Watch): Promise<Puller> {
  const from = values['source-app'] ?? app;
  if (values.host === undefined) throw new UsageError('takes --host https://…, the API address of your app');
  const key = await readSecret({
    file: values['key-file'],
    variable: io.env.LEANCLOUD_MASTER_KEY,
    ask: `Master Key of ${from} (not shown): `,
  });
  if (key === undefined) throw new UsageError('needs the Master Key: --key-file FILE, or LEANCLOUD_MASTER_KEY');
  const service = {
    base: baseOf(values.host),
    headers: masterHeaders(from, key),
    requestsPerSecond: rateOf(values),
    say: watch.say,
  };
  try {
    await openPull({ ...service, triesMax: 2 }).pull('/1.2/rtm/messages', { limit: 1 });
  } catch (error) {
    throw new OperatorError(`${values.host} does not let us read: ${(error as Error).message}`);
  }
  return openPull(service);
}

type Wanted = Pick<ImportJob, 'overwrite' | 'createMissing' | 'parallel'> & {
  readonly app: string;
  readonly from: string;
  readonly watch: Watch;
};

/** Beside a running server too: every slice is a short transaction of its own. */
export function withJob<T>(
  io: Io,
  { app: id, from, watch, ...rule }: Wanted,
  work: (job: ImportJob) => Promise<T>,
): Promise<T> {
  return withStore(readConfig(io.env), false, async ({ store }) => {
    const app = await store.apps.byId(id);
    if (!app)
      throw new OperatorError(
        `there is no app ${id} here: make it with the keys that your clients have, \`hongyan apps add ${id} --client-key … --master-key …\``,
      );
    const passwords = openPasswords({ waitingMax: 2_000 });
    try {
      const core = { store, passwords, clock: systemClock };
      return await work({ core, app, source: sourceOf(from), progress: watch, ...rule });
    } finally {
      await passwords.close();
    }
  });
}

function baseOf(host: string): string {
  const text = /^https?:\/\//.test(host) ? host : `https://${host}`;
  if (!URL.canParse(text)) throw new UsageError(`--host is an address, not ${host}`);
  return new URL(text).origin;
}

function numberOf(text: string | undefined, usual: number, name: string): number {
  if (text === undefined) return usual;
  const value = Number(text);
  if (!(value >= 0)) throw new UsageError(`--${name} is a number`);
  return value;
}
