// A process of its own that uses a store, for tests that kill it. Says on stdout what it has done, a line each. Instead of
// SQLite's file it takes the address of a PostgreSQL database.
//   store-child.ts append <file> <callers>   one line for every acknowledged message, until it is killed
//   store-child.ts app <file> <id>           adds an app and says its number
//   store-child.ts lock <folder>             says `locked` and stays
import { writeSync } from 'node:fs';
import { systemClock } from '../../src/core/ports/clock.ts';
import { openPostgres } from '../../src/store/postgres/open.ts';
import { lockDataFolder } from '../../src/store/sqlite/lock.ts';
import { openSqlite } from '../../src/store/sqlite/open.ts';
import { quietLog } from './quiet-log.ts';

const say = (line: string): void => void writeSync(1, `${line}\n`);
const [act, path = '', more = ''] = process.argv.slice(2);
const ports = { clock: systemClock, log: quietLog };
const open = () =>
  path.startsWith('postgres:') ? openPostgres({ url: path, ...ports }) : openSqlite({ path, ...ports });
const app = (id: string) => ({ id, clientKey: 'c', masterKey: 'm', idKey: '0'.repeat(32) });

async function appendForEver(callers: number): Promise<void> {
  const store = await open();
  const { no: appNo } = await store.apps.put(app('crash'));
  const { no } = await store.conversations.claimPair(appNo, 'a', 'b', Date.now());
  let count = 0;
  const caller = async () => {
    for (;;) {
      const ref = `${process.pid}-${++count}`;
      const content = { type: 'text' as const, text: ref };
      const draft = { app: appNo, conversation: no, sender: 'a', as: 'user' as const, content, flags: 0, ref };
      const place = await store.messages.append(draft);
      say(`${place.ts} ${place.no} ${ref}`);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

if (act === 'append') await appendForEver(Number(more));
else if (act === 'app') {
  const store = await open();
  say(String((await store.apps.put(app(more))).no));
  await store.close();
} else if (act === 'lock') {
  const lock = lockDataFolder(path);
  say('locked');
  setTimeout(() => lock.release(), 60_000);
}
