// `hongyan import leancloud <app>`: from the live service, or from what its console exported.
import type { ImportJob } from '../core/imports/source.ts';
import { type Estimate, estimateLeancloud } from '../dialects/leancloud/import/estimate.ts';
import { takeFiles } from '../dialects/leancloud/import/from-files.ts';
import { walkLeancloud } from '../dialects/leancloud/import/walk.ts';
import { exportFiles } from '../import/files.ts';
import type { Watch } from '../import/progress.ts';
import { openService, parallelOf, rateOf, serviceOptions, watchOf, withJob } from './import-job.ts';
import { type Io, UsageError } from './io.ts';
import { readOptions } from './options.ts';

const options = {
  ...serviceOptions,
  rescan: { type: 'boolean' },
  overwrite: { type: 'boolean' },
  'no-lists': { type: 'boolean' },
  'create-missing': { type: 'boolean' },
  'dry-run': { type: 'boolean' },
} as const;

/** Exit code 0 although some rows could not be taken: they are counted here, and `import report` names them. */
export async function importLeancloud(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readOptions(args, options);
  const [app, ...files] = positionals;
  if (app === undefined) throw new UsageError('takes <app>, and --host or files of an export');
  if (files.length > 0 && values.host !== undefined) throw new UsageError('takes --host or files, not both');
  const watch = watchOf(io);
  const service = files.length > 0 ? undefined : await openService(app, values, io, watch);
  if (values['dry-run']) {
    if (!service) throw new UsageError('takes --dry-run with --host');
    const pace = { requestsPerSecond: rateOf(values), withoutLists: values['no-lists'] === true };
    io.out(estimateText(await estimateLeancloud(service.pull, pace), io));
    return 0;
  }
  const job = {
    app,
    from: values['source-app'] ?? app,
    watch,
    overwrite: values.overwrite === true || values.rescan === true,
    createMissing: values['create-missing'] === true,
    parallel: parallelOf(values),
  };
  return withJob(io, job, async (opened) => {
    const rescan = values.rescan === true;
    if (service) await walkLeancloud(opened, service.pull, { rescan, withoutLists: values['no-lists'] === true });
    else await takeFiles(opened, () => exportFiles(files));
    watch.finish();
    return summary(opened, watch, io, service ? { requests: service.requests() } : {});
  });
}

const known = (count: number | undefined): string => (count === undefined ? 'not told' : String(count));
const day = (at: number | undefined): string => (at === undefined ? '' : new Date(at).toISOString().slice(0, 10));

function estimateText(estimate: Estimate, io: Io): string {
  if (!io.isTerminal) return JSON.stringify({ dryRun: true, ...estimate });
  const { conversations, users, installations, messages, from, to, requests, seconds } = estimate;
  return [
    `conversations   ${known(conversations)}`,
    `users           ${known(users)}`,
    `installations   ${known(installations)}`,
    `messages        about ${messages}${from === undefined ? '' : `, from ${day(from)} to ${day(to)}`}`,
    `That is about ${requests} requests and ${seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} minutes`}. Nothing was taken.`,
  ].join('\n');
}

async function summary(job: ImportJob, watch: Watch, io: Io, facts: Record<string, number>): Promise<number> {
  const losses = await job.core.store.imports.countLosses(job.app.no, job.source);
  const lost = losses.reduce((sum, { count }) => sum + count, 0);
  if (io.isTerminal) {
    for (const { what, reason, count } of losses) io.out(`not taken: ${count} × ${what}, ${reason}`);
    io.out(
      lost === 0 ? 'Everything was taken.' : `${lost} not taken: \`hongyan import report ${job.app.id}\` names each.`,
    );
  } else {
    const memory = { rssMostMb: Math.round(process.resourceUsage().maxRSS / 1000) };
    io.out(
      JSON.stringify({ done: true, source: job.source, ...facts, ...memory, taken: watch.counts(), notTaken: losses }),
    );
  }
  return 0;
}
