// `hongyan import files <app>`: the files that imported messages speak of. Only looks for them, unless it is told to fetch.
import { openThumbnails } from '../blobs/thumbnails.ts';
import { readConfig } from '../config.ts';
import { bringFiles } from '../core/imports/bring-files.ts';
import { systemClock } from '../core/ports/clock.ts';
import { sourceOf } from '../dialects/leancloud/import/walk.ts';
import { lookForFile } from '../import/look-for-file.ts';
import { openLog } from '../log.ts';
import { parallelOf, watchOf } from './import-job.ts';
import { type Io, OperatorError, UsageError } from './io.ts';
import { withStore } from './open-store.ts';
import { readOptions, words } from './options.ts';

const options = {
  from: { type: 'string', multiple: true },
  fetch: { type: 'boolean' },
  rewrite: { type: 'string' },
  'source-app': { type: 'string' },
  parallel: { type: 'string' },
} as const;

export async function importFiles(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readOptions(args, options);
  const [id = ''] = words(positionals, 'app');
  const hosts = values.from ?? [];
  if (hosts.length === 0) throw new UsageError('takes --from HOST, once for each host that has your files');
  const { rewrite } = values;
  if (rewrite !== undefined && !values.fetch) throw new UsageError('takes --rewrite with --fetch');
  if (rewrite !== undefined && !URL.canParse(rewrite))
    throw new UsageError('--rewrite is the address that clients see');
  const watch = watchOf(io);
  return withStore(readConfig(io.env), false, async ({ store, blobs }) => {
    const app = await store.apps.byId(id);
    if (!app) throw new OperatorError(`there is no app ${id}`);
    await bringFiles({
      core: { store, blobs, thumbnails: openThumbnails(), clock: systemClock, log: openLog({ level: 'warn' }) },
      app,
      source: sourceOf(values['source-app'] ?? id),
      progress: watch,
      hosts,
      look: lookForFile,
      fetch: values.fetch === true,
      ...(rewrite === undefined ? {} : { publicUrl: new URL(rewrite).origin }),
      parallel: parallelOf({ parallel: values.parallel }),
    });
    watch.finish();
    if (!io.isTerminal) io.out(JSON.stringify({ done: true, taken: watch.counts() }));
    return 0;
  });
}
