// `hongyan import report <app>`: everything that an import could not take, one by one, with its reason.
import { readConfig } from '../config.ts';
import type { Loss } from '../core/imports/import.ts';
import { limits } from '../core/limits.ts';
import { type Io, OperatorError } from './io.ts';
import { withStore } from './open-store.ts';
import { readOptions, words } from './options.ts';

export async function importReport(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readOptions(args, { json: { type: 'boolean' } });
  const [id = ''] = words(positionals, 'app');
  return withStore(readConfig(io.env), false, async ({ store }) => {
    const app = await store.apps.byId(id);
    if (!app) throw new OperatorError(`there is no app ${id}`);
    for (const source of await store.imports.sources(app.no)) {
      if (!values.json) io.out(source);
      for (let after: Pick<Loss, 'what' | 'id'> | undefined; ; ) {
        const page = await store.imports.losses(app.no, source, {
          limit: limits.messagesPageMax,
          ...(after ? { after } : {}),
        });
        for (const loss of page) io.out(values.json ? JSON.stringify({ source, ...loss }) : lineOf(loss));
        after = page.at(-1);
        if (!after || page.length < limits.messagesPageMax) break;
      }
    }
    return 0;
  });
}

const lineOf = ({ what, id, reason, detail }: Loss): string =>
  `  ${what} ${id}: ${reason}${detail === undefined ? '' : ` (${detail})`}`;
