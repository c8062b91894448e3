// A query over conversations: the store narrows it down by what it knows, and the rest is looked at row by row.
import type { App } from '../../core/apps/app.ts';
import type {
  Conversation,
  ConversationFilter,
  ConversationKind,
  ConversationScan,
} from '../../core/conversations/conversation.ts';
import type { Core } from '../../core/core.ts';
import { ImError } from '../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { type RowParts, rowsOf } from './rows.ts';
import { byOrder, compileWhere, type Order, type Row } from './where.ts';

export type RowQuery = {
  readonly where: JsonObject;
  readonly order: Order;
  readonly skip: number;
  readonly limit: number;
  /** Which are looked at; absent: all that have a place in a list. */
  readonly kinds?: readonly ConversationKind[];
  readonly parts: RowParts;
};

const listed: readonly ConversationKind[] = ['direct', 'group', 'room', 'service'];
const stepRows = 500;

/** Looks through at most limits.queryScanMax rows. Throws `invalid-argument` (what: where). */
export async function findRows(core: Pick<Core, 'store' | 'clock'>, app: App, query: RowQuery): Promise<Row[]> {
  const { where, order, skip, limit, parts } = query;
  const test = compileWhere(where);
  if (limit === 0) return [];
  const { filter, exact } = narrowed(where, query.kinds ?? listed);
  const scan = scanOf(order);
  if (exact && scan) {
    const { conversations } = await core.store.conversations.scan(app.no, filter, { ...scan, skip, limit });
    return rowsOf(core, app, conversations, parts);
  }
  const found = await matching(core, app, query, filter, scan, test);
  const sorted = scan ? found : found.sort((a, b) => byOrder(order)(a.row, b.row));
  return rowsOf(
    core,
    app,
    sorted.slice(skip, skip + limit).map(({ conversation }) => conversation),
    parts,
  );
}

/** How many match. */
export async function countRows(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  query: Pick<RowQuery, 'where' | 'kinds'>,
): Promise<number> {
  const { filter, exact } = narrowed(query.where, query.kinds ?? listed);
  const test = compileWhere(query.where);
  if (exact) return core.store.conversations.count(app.no, filter);
  const all = { ...query, order: [], skip: 0, limit: limits.queryScanMax, parts: { members: false } };
  return (await matching(core, app, all, filter, undefined, test)).length;
}

type Match = { readonly conversation: Conversation; readonly row: Row };

async function matching(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  { where, order, skip, limit, parts }: RowQuery,
  filter: ConversationFilter,
  scan: Pick<ConversationScan, 'order' | 'newestFirst'> | undefined,
  test: (row: Row) => boolean,
): Promise<Match[]> {
  const members = mentions(where, 'm') || mentions(where, 'mu') || order.some(({ key }) => key === 'm' || key === 'mu');
  const found: Match[] = [];
  const enough = scan ? skip + limit : Number.POSITIVE_INFINITY;
  for (let from = 0; from < limits.queryScanMax && found.length < enough; from += stepRows) {
    const { conversations, more } = await core.store.conversations.scan(app.no, filter, {
      ...(scan ?? { order: 'created', newestFirst: true }),
      skip: from,
      limit: stepRows,
    });
    const rows = await rowsOf(core, app, conversations, { who: parts.who, members });
    for (const [n, row] of rows.entries())
      if (test(row)) found.push({ row, conversation: conversations[n] as Conversation });
    if (!more) break;
  }
  return found;
}

/** The store's own orders. */
function scanOf(order: Order): Pick<ConversationScan, 'order' | 'newestFirst'> | undefined {
  const [first, ...others] = order;
  if (!first || others.length > 0) return undefined;
  if (first.key === 'lm') return { order: 'talked', newestFirst: first.down };
  if (first.key === 'createdAt') return { order: 'created', newestFirst: first.down };
  return undefined;
}

/** `exact`: what the store finds by the filter is what matches. */
function narrowed(
  where: JsonObject,
  kinds: readonly ConversationKind[],
): { filter: ConversationFilter; exact: boolean } {
  let filter: ConversationFilter = { kinds };
  let exact = true;
  for (const [key, wanted] of Object.entries(where)) {
    const ids = key === 'objectId' ? textsOf(wanted, '$in') : undefined;
    const member = key === 'm' ? memberOf(wanted) : undefined;
    if (ids) filter = { ...filter, ids };
    else if (member !== undefined) {
      filter = { ...filter, member, kinds: kinds.filter((kind) => kind !== 'room' && kind !== 'service') };
      exact &&= typeof wanted === 'string';
    } else if (key === 'tr' && wanted === true) filter = { ...filter, kinds: kinds.filter((kind) => kind === 'room') };
    else if (key === 'sys' && wanted === true)
      filter = { ...filter, kinds: kinds.filter((kind) => kind === 'service') };
    else exact = false;
  }
  return { filter, exact };
}

/** One text, or the texts of one operator. */
function textsOf(wanted: Json, operator: string): string[] | undefined {
  if (typeof wanted === 'string') return [wanted];
  if (!isJsonObject(wanted) || Object.keys(wanted).length !== 1) return undefined;
  const list = wanted[operator];
  if (!Array.isArray(list) || !list.every((one) => typeof one === 'string')) return undefined;
  if (list.length > limits.messagesPageMax)
    throw new ImError('invalid-argument', `${operator} takes at most ${limits.messagesPageMax} values`, {
      what: 'where',
      max: limits.messagesPageMax,
    });
  return list as string[];
}

/** Somebody who has to be in. */
function memberOf(wanted: Json): string | undefined {
  if (typeof wanted === 'string') return wanted;
  if (!isJsonObject(wanted)) return undefined;
  const { $all: all, $in: among } = wanted;
  if (Array.isArray(all) && typeof all[0] === 'string') return all[0];
  return Array.isArray(among) && among.length === 1 && typeof among[0] === 'string' ? among[0] : undefined;
}

/** Whether a condition speaks of a column, at any depth. */
function mentions(where: JsonObject, column: string): boolean {
  return Object.entries(where).some(
    ([key, value]) =>
      key === column ||
      ((key === '$or' || key === '$and') &&
        Array.isArray(value) &&
        value.some((one) => isJsonObject(one) && mentions(one, column))),
  );
}
