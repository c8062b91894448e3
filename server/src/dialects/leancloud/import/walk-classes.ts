// Classes of the live service, by `scan`: all rows the first time, afterwards those that were changed since.
import { type ImportJob, type Pull, SourceError } from '../../../core/imports/source.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { Take } from './take.ts';
import { timeOf } from './values.ts';

const pageRows = 1_000;
/** Rows that share a transaction with their hashes. */
const piece = 200;

/** False: the source does not offer this class. */
export async function walkClass(job: ImportJob, pull: Pull, name: string, take: Take): Promise<boolean> {
  const what = `class/${name}`;
  const begun = (await job.core.store.imports.state(job.app.no, job.source, what)) ?? {};
  const since = typeof begun.since === 'number' ? begun.since : 0;
  let newest = typeof begun.newest === 'number' ? begun.newest : since;
  let cursor = typeof begun.cursor === 'string' ? begun.cursor : undefined;
  const where = since > 0 ? JSON.stringify({ updatedAt: { $gte: date(since) } }) : undefined;
  job.progress.stage(name, await countOf(pull, name, where));
  for (;;) {
    const page = await scanPage(pull, name, where, cursor);
    if (page === 'absent') return false;
    if (page === 'stale') {
      cursor = undefined;
      continue;
    }
    const { rows, next } = page;
    for (const row of rows) newest = Math.max(newest, timeOf(row.updatedAt) ?? 0);
    const state: JsonObject = next === undefined ? { since: newest } : { since, newest, cursor: next };
    const last = rows.length - (rows.length % piece || piece);
    for (let from = 0; from < last; from += piece) await take(rows.slice(from, from + piece));
    await take(rows.slice(Math.max(0, last)), [{ what, state }]);
    if (next === undefined) return true;
    cursor = next;
  }
}

type Page = { readonly rows: JsonObject[]; readonly next: string | undefined };

/** `stale`: the cursor is not known any more, after ten minutes at the vendor's. */
async function scanPage(
  pull: Pull,
  name: string,
  where: string | undefined,
  cursor: string | undefined,
): Promise<Page | 'absent' | 'stale'> {
  try {
    const answer = await pull(`/1.1/scan/classes/${name}`, {
      limit: pageRows,
      ...(where === undefined ? {} : { where }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    const results = isJsonObject(answer) && Array.isArray(answer.results) ? answer.results : [];
    const next = isJsonObject(answer) && typeof answer.cursor === 'string' ? answer.cursor : undefined;
    return { rows: results.filter(isJsonObject), next };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    if (error.status === 404 || (error.status === 403 && cursor === undefined)) return 'absent';
    if (error.status === 400 && cursor !== undefined) return 'stale';
    throw error;
  }
}

/** undefined where the source does not say. */
export async function countOf(pull: Pull, name: string, where?: string): Promise<number | undefined> {
  try {
    const answer = await pull(`/1.1/classes/${name}`, {
      count: 1,
      limit: 0,
      ...(where === undefined ? {} : { where }),
    });
    return isJsonObject(answer) && typeof answer.count === 'number' ? answer.count : undefined;
  } catch (error) {
    if (error instanceof SourceError && error.status < 500) return undefined;
    throw error;
  }
}

const date = (at: number): JsonObject => ({ __type: 'Date', iso: new Date(at).toISOString() });
