// Files of an export, whatever they are wrapped in: folders, tar, gzip; JSON or BSON inside. Read as a stream, each time
// anew.
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { bsonRows } from './bson-rows.ts';
import { isTar, tarEntries } from './tar.ts';
import { type ReadRow, textRows } from './text-rows.ts';

export type ExportFile = {
  /** Up to the first dot of its name. */
  readonly className: string;
  readonly name: string;
  readonly rows: AsyncIterable<ReadRow>;
};

/** Throws where there is no such file. */
export async function* exportFiles(paths: readonly string[]): AsyncGenerator<ExportFile> {
  for (const path of paths) {
    const found = await stat(path);
    if (found.isDirectory()) {
      const names = (await readdir(path)).filter((name) => !name.startsWith('.')).sort();
      yield* exportFiles(names.map((name) => join(path, name)));
    } else yield* filesIn(path);
  }
}

async function* filesIn(path: string): AsyncGenerator<ExportFile> {
  const stream = createReadStream(path, { highWaterMark: 256 * 1024 });
  try {
    const { head, all } = await peeked(unzipped(stream));
    if (!isTar(head)) {
      const file = fileOf(basename(path), all);
      if (file) yield file;
      return;
    }
    for await (const { name, chunks } of tarEntries(all)) {
      const file = fileOf(basename(name), chunks);
      if (file) yield file;
    }
  } finally {
    // A file that nobody wanted was not read to its end.
    stream.destroy();
  }
}

const known = /\.(jsonl|json|bson|ndjson|txt)(\.gz)?$/;

/** undefined: it is no file of rows. */
function fileOf(name: string, chunks: AsyncIterable<Buffer>): ExportFile | undefined {
  if (!known.test(name) || name.endsWith('.metadata.json') || name.startsWith('.')) return undefined;
  const content = unzipped(chunks);
  const rows = /\.bson(\.gz)?$/.test(name) ? bsonRows(content) : textRows(content);
  return { className: name.split('.')[0] ?? name, name, rows };
}

/** Gzip is told by its first bytes. */
async function* unzipped(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const { head, all } = await peeked(chunks);
  if (head[0] !== 0x1f || head[1] !== 0x8b) yield* all;
  else {
    const gunzip = createGunzip();
    const feeding = (async () => {
      for await (const chunk of all)
        if (!gunzip.write(chunk)) await new Promise((resolve) => gunzip.once('drain', resolve));
      gunzip.end();
    })();
    feeding.catch((error: Error) => gunzip.destroy(error));
    for await (const chunk of gunzip) yield chunk as Buffer;
    await feeding;
  }
}

async function peeked(chunks: AsyncIterable<Buffer>): Promise<{ head: Buffer; all: AsyncIterable<Buffer> }> {
  const source = chunks[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 512) {
    const next = await source.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  async function* all(): AsyncGenerator<Buffer> {
    if (head.length > 0) yield head;
    for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
  }
  return { head, all: all() };
}
