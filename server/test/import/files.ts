// The same app as its console exports it: JSON lines, arrays, BSON, zipped and not, and with what goes wrong in real files.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ObjectId, serialize } from 'bson';
import type { JsonObject } from '../../src/core/json.ts';
import { conversationRow, installRow, messageRows, type Size, userRow } from './rows.ts';

const lines = (rows: readonly JsonObject[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const many = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));

/** What a backup has in the place of a row's id and dates. */
function bsonOf({ objectId, createdAt, updatedAt, ...row }: JsonObject): Uint8Array {
  const date = (iso: unknown): Date => new Date(String(iso));
  return serialize({
    _id: new ObjectId(String(objectId)),
    ...row,
    createdAt: date(createdAt),
    updatedAt: date(updatedAt),
  });
}

export type Forms = { readonly json: string; readonly bson: string };

/** Two folders with the same rows in different forms. Histories are newest first in one of them, as REST pages are. */
export async function writeExports(folder: string, size: Size, more: readonly JsonObject[] = []): Promise<Forms> {
  const json = join(folder, 'json');
  const bson = join(folder, 'bson');
  for (const one of [json, bson]) await mkdir(one, { recursive: true });
  const conversations = many(size.conversations, (n) => conversationRow(n, size));
  const users = many(size.users, userRow);
  const installs = many(Math.ceil(size.users / 2), installRow);
  const messages = [...messageRows(size), ...more];
  await writeFile(join(json, '_Conversation.jsonl'), `\ufeff# exported\n\n${lines(conversations)}`);
  await writeFile(join(json, '_User.json'), JSON.stringify({ results: users }, null, 2));
  await writeFile(join(json, '_Installation.json'), JSON.stringify(installs));
  await writeFile(join(json, 'Todo.jsonl'), lines([{ objectId: 'x', title: 'of no interest' }]));
  await writeFile(join(json, 'messages.jsonl.gz'), gzipSync(lines(messages)));
  await writeFile(join(bson, '_Conversation.bson'), Buffer.concat(conversations.map(bsonOf)));
  await writeFile(join(bson, '_User.bson.gz'), gzipSync(Buffer.concat(users.map(bsonOf))));
  await writeFile(join(bson, '_Installation.bson'), Buffer.concat(installs.map(bsonOf)));
  await writeFile(join(bson, 'messages.json'), JSON.stringify([...messages].reverse()));
  return { json, bson };
}
