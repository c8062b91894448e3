// What stands in a URL. Real clients send `undefined` for what they left out, so a number that is none counts as
// absent, and flags count by being there.
import type { FastifyRequest } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import { ImError } from '../../../core/errors.ts';
import { limits } from '../../../core/limits.ts';
import type { PageRequest } from '../../../core/messages/history.ts';
import type { Search, SortKey } from '../../../core/search.ts';

const pageDefault = 20;
/** Cursors below this are seconds: as milliseconds they would lie in early 1973. */
const secondsBelow = 100_000_000_000;
/** Filters and sort keys of one search. */
const searchNamesMax = 16;

type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A segment of the path. */
export const segment = (request: FastifyRequest, name: string): string =>
  (request.params as Record<string, string | undefined>)[name] ?? '';

/** An id in the path. One SDK keeps the quotes of a JSON string in the ids it stores: one pair is taken off. */
export function idIn(request: FastifyRequest, name: string): string {
  const text = segment(request, name);
  return text.length > 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}

/** The last of a repeated name. */
export function wordOf(request: FastifyRequest, name: string): string | undefined {
  const value = (request.query as Query)[name];
  return typeof value === 'string' ? value : value?.at(-1);
}

export function flagOf(request: FastifyRequest, name: string): boolean {
  const value = wordOf(request, name);
  return value !== undefined && value !== 'false' && value !== '0';
}

/** A whole number; undefined when there is none. */
function numberOf(request: FastifyRequest, name: string): number | undefined {
  const text = wordOf(request, name)?.trim();
  if (text === undefined || text === '') return undefined;
  const value = Math.floor(Number(text));
  return Number.isSafeInteger(value) ? value : undefined;
}

function limitOf(request: FastifyRequest, ...names: string[]): number {
  const value = firstNumber(request, names);
  return value === undefined || value <= 0 ? pageDefault : Math.min(value, limits.pageMax);
}

const firstNumber = (request: FastifyRequest, names: readonly string[]): number | undefined =>
  names.map((name) => numberOf(request, name)).find((value) => value !== undefined);

/** A moment in milliseconds; 0 and less count as absent. */
export function momentOf(request: FastifyRequest, app: App, name: string): number | undefined {
  const value = numberOf(request, name);
  if (value === undefined || value <= 0) return undefined;
  return app.settings['maxleap.tsInSeconds'] && value < secondsBelow ? value * 1000 : value;
}

/** Where somebody catches up from: 0 is the beginning; less counts as absent. */
function cursorOf(request: FastifyRequest, app: App, name: string): number | undefined {
  const value = numberOf(request, name);
  if (value === undefined || value < 0) return undefined;
  return value === 0 ? 0 : momentOf(request, app, name);
}

/** `ts`, `after` and `limit` of history. */
export const pageOf = (request: FastifyRequest, app: App): PageRequest => ({
  before: momentOf(request, app, 'ts'),
  after: cursorOf(request, app, 'after'),
  limit: limitOf(request, 'limit'),
});

/** `changed` and `limit` of history; undefined where what was said is meant, not what was changed. */
export function changesOf(request: FastifyRequest, app: App): { after: number; limit: number } | undefined {
  const after = cursorOf(request, app, 'changed');
  return after === undefined ? undefined : { after, limit: limitOf(request, 'limit') };
}

/** `before` and `limit` of the list of talks. */
export const talksPageOf = (request: FastifyRequest, app: App): { before?: number; limit: number } => ({
  before: momentOf(request, app, 'before'),
  limit: limitOf(request, 'limit'),
});

/** `skip`, `limit` and `ids` of the stranger list; the underscored names of the searches are taken too. */
export function strangerPageOf(request: FastifyRequest): { skip: number; limit: number; among?: string[] } {
  const ids = wordOf(request, 'ids')
    ?.split(',')
    .filter((id) => id !== '');
  if (ids && ids.length > limits.friendsPerUserMax)
    throw new ImError('too-long', 'too many ids', { what: 'ids', max: limits.friendsPerUserMax });
  const page = { skip: skipOf(request, 'skip', '_skip'), limit: limitOf(request, 'limit', '_limit') };
  return ids ? { ...page, among: ids } : page;
}

const skipOf = (request: FastifyRequest, ...names: string[]): number => Math.max(0, firstNumber(request, names) ?? 0);

/** Every name that does not begin with `_` is a filter. Throws `too-large` (what: search). */
export function searchOf(request: FastifyRequest): Search {
  const names = Object.keys(request.query as Query).filter((name) => !name.startsWith('_') && name !== '');
  const filters = names.map((name) => ({ name, value: wordOf(request, name) ?? '' }));
  const sort = (wordOf(request, '_sort') ?? '')
    .split(',')
    .map(sortKey)
    .filter(({ name }) => name !== '');
  if (filters.length > searchNamesMax || sort.length > searchNamesMax) {
    throw new ImError('too-large', `a search takes at most ${searchNamesMax} filters and as many sort names`, {
      what: 'search',
      max: searchNamesMax,
    });
  }
  return { filters, sort, skip: skipOf(request, '_skip'), limit: limitOf(request, '_limit') };
}

/** `-name` descends; `+name` ascends, and arrives with a blank for the plus where it was not encoded. */
function sortKey(text: string): SortKey {
  const trimmed = text.trim();
  const descending = trimmed.startsWith('-');
  return { name: trimmed.replace(/^[-+]\s*/, ''), descending };
}
