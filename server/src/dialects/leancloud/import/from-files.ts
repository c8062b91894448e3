// Rows from the console's exports, and histories that somebody saved: the same rows by another way.
import type { Loss } from '../../../core/imports/import.ts';
import type { ImportJob } from '../../../core/imports/source.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Readable } from './readable.ts';
import { note, type Take, takesOf } from './take.ts';
import { openThreadNames } from './threads.ts';

/** A file that was opened: of which class, and its rows with their lines. */
export type RowFile = {
  readonly className: string;
  readonly name: string;
  readonly rows: AsyncIterable<
    { readonly row: JsonObject; readonly line: number } | { readonly broken: string; readonly line: number }
  >;
};
/** All files, opened anew. */
export type OpenFiles = () => AsyncIterable<RowFile>;

const pieceRows = 1_000;
/** What others refer to comes first. */
const order = ['_Conversation', '_ConversationMemberInfo', '_User', '_Installation', 'messages'] as const;
type Known = (typeof order)[number];

/** Names by which classes and histories go. */
export function classOf(name: string): Known | undefined {
  const plain = name
    .toLowerCase()
    .replace(/^_+/, '')
    .replaceAll(/[^a-z]/g, '');
  if (/message|history|logs/.test(plain)) return plain.startsWith('sys') ? undefined : 'messages';
  if (/^conversationmemberinfo/.test(plain)) return '_ConversationMemberInfo';
  if (/^conversation/.test(plain)) return '_Conversation';
  if (/^user/.test(plain)) return '_User';
  return /^installation/.test(plain) ? '_Installation' : undefined;
}

/** One pass over the files for each class, so that no file has to be held. */
export async function takeFiles(given: ImportJob, open: OpenFiles): Promise<void> {
  const lines = new WeakMap<JsonObject, string>();
  const job: ImportJob = { ...given, lineOf: (row) => lines.get(row) };
  const takes = takesOf(job, openThreadNames(job));
  const byClass: Record<Known, Take> = {
    _Conversation: takes.conversations,
    _ConversationMemberInfo: takes.roles,
    _User: takes.users,
    _Installation: takes.installs,
    messages: takes.messages,
  };
  const outside = new Set<string>();
  for (const wanted of order) {
    job.progress.stage(wanted);
    for await (const file of open()) {
      const found = classOf(file.className);
      if (found === undefined) outside.add(file.name);
      if (found === wanted) await takeFile(job, file, lines, byClass[wanted]);
    }
  }
  for (const name of outside) job.progress.say(`${name} stays outside: it is none of instant messaging's`);
}

/** Rows of one time are not parted; a history that is newest first is turned around. */
async function takeFile(
  job: ImportJob,
  { name, rows }: RowFile,
  lines: WeakMap<JsonObject, string>,
  take: Take,
): Promise<void> {
  let piece: JsonObject[] = [];
  const losses: Loss[] = [];
  const flush = async (): Promise<void> => {
    await take(isNewestFirst(piece) ? piece.reverse() : piece);
    await note(job, [], losses.splice(0));
    piece = [];
  };
  for await (const read of rows) {
    if ('broken' in read) {
      losses.push({ what: 'row', id: `${name}:${read.line}`, reason: 'is no row', detail: read.broken });
      continue;
    }
    const { row } = read;
    if (piece.length >= pieceRows && (row.timestamp === undefined || row.timestamp !== piece.at(-1)?.timestamp))
      await flush();
    lines.set(row, `${name}:${read.line}`);
    piece.push(row);
  }
  await flush();
}

/** By most of its steps: a file may have been put together of several. */
function isNewestFirst(rows: readonly JsonObject[]): boolean {
  let steps = 0;
  for (const [n, { timestamp }] of rows.entries()) {
    const before = rows[n - 1]?.timestamp;
    if (typeof timestamp === 'number' && typeof before === 'number') steps += Math.sign(timestamp - before);
  }
  return steps < 0;
}

/** For a comparison: the files once more. */
export function readableFiles(open: OpenFiles): Readable {
  async function* pieces(wanted: Known): AsyncGenerator<JsonObject[]> {
    for await (const file of open()) {
      if (classOf(file.className) !== wanted) continue;
      let piece: JsonObject[] = [];
      for await (const read of file.rows) {
        if ('row' in read) piece.push(read.row);
        if (piece.length < pieceRows) continue;
        yield piece;
        piece = [];
      }
      yield piece;
    }
  }
  const isKnown = (name: string): name is Known => (order as readonly string[]).includes(name);
  return {
    rows: (name) => pieces(isKnown(name) ? name : '_Conversation'),
    records: () => pieces('messages'),
  };
}
