// The bare store: rows into one table of the same engine through prepared statements, durable, whatever arrives during a
// commit sharing the next. One thread writes. Both ends of the thread are in this file.
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

export type Row = readonly [conversation: number, sender: string, content: string];
export type BareStore = { append(row: Row): Promise<number> };

export function openBareStore(path: string): BareStore {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: path });
  let waiting: { row: Row; resolve(ts: number): void }[] = [];
  let underWay: typeof waiting = [];
  const flush = (): void => {
    if (underWay.length > 0 || waiting.length === 0) return;
    underWay = waiting;
    waiting = [];
    worker.postMessage(underWay.map(({ row }) => row));
  };
  worker.on('message', (places: number[]) => {
    const done = underWay;
    underWay = [];
    for (const [n, { resolve }] of done.entries()) resolve(places[n] as number);
    flush();
  });
  return {
    append: (row) =>
      new Promise((resolve) => {
        waiting.push({ row, resolve });
        if (waiting.length === 1) setImmediate(flush);
      }),
  };
}

function write(path: string): void {
  const db = new DatabaseSync(path);
  db.exec(`pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 4000;
    create table messages (conv integer, ts integer, sender text, content text);
    create unique index messages_place on messages (conv, ts)`);
  const insert = db.prepare('insert into messages values (?, ?, ?, ?)');
  let last = 0;
  parentPort?.on('message', (rows: Row[]) => {
    db.exec('begin immediate');
    const places = rows.map(([conversation, sender, content]) => {
      last = Math.max(last + 1, Date.now());
      insert.run(conversation, last, sender, content);
      return last;
    });
    db.exec('commit');
    parentPort?.postMessage(places);
  });
}

if (!isMainThread && typeof workerData === 'string') write(workerData);
