// `hongyan import verify <app>`: the source against the copy, as a report that can be kept. Changes nothing.
import { writeFile } from 'node:fs/promises';
import { readableFiles } from '../dialects/leancloud/import/from-files.ts';
import { readableService } from '../dialects/leancloud/import/readable.ts';
import { verifyLeancloud } from '../dialects/leancloud/import/verify.ts';
import { exportFiles } from '../import/files.ts';
import { isWhole, reportText } from '../import/report.ts';
import { reportHtml } from '../import/report-html.ts';
import { openService, serviceOptions, watchOf, withJob } from './import-job.ts';
import { type Io, UsageError } from './io.ts';
import { readOptions } from './options.ts';

const options = { ...serviceOptions, html: { type: 'string' }, json: { type: 'string' } } as const;

/** Exit code 1 when anything differs. */
export async function importVerify(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readOptions(args, options);
  const [app, ...files] = positionals;
  if (app === undefined) throw new UsageError('takes <app>, and --host or files of an export');
  const watch = watchOf(io);
  const source =
    files.length > 0
      ? readableFiles(() => exportFiles(files))
      : readableService((await openService(app, values, io, watch)).pull);
  const job = { app, from: values['source-app'] ?? app, watch, overwrite: false, createMissing: false, parallel: 1 };
  return withJob(io, job, async (opened) => {
    const verified = await verifyLeancloud(opened, source, files.length > 0 ? Number.MAX_SAFE_INTEGER : undefined);
    watch.finish();
    if (values.html !== undefined) await writeFile(values.html, reportHtml(verified));
    if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(verified, null, 2)}\n`);
    io.out(io.isTerminal ? reportText(verified) : JSON.stringify({ verified }));
    return isWhole(verified) ? 0 : 1;
  });
}
