// Stores of several nodes on one PostgreSQL database.
import type { Message } from '../../src/core/messages/message.ts';
import { systemClock } from '../../src/core/ports/clock.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { openPostgres, type PostgresStore } from '../../src/store/postgres/open.ts';
import { openTestDatabase } from './postgres.ts';
import { quietLog } from './quiet-log.ts';

const count = 4;
const wide = { membersMax: 500, membershipsMax: 1_000 };

export type Stores = {
  readonly nodes: readonly PostgresStore[];
  /** Any of them, by any number. */
  node(n: number): Store;
  /** A new app with these users; its number. */
  app(...users: string[]): Promise<number>;
  /** A group of the owner `a`. */
  group(app: number, members: string[], id: string): Promise<{ no: number }>;
  /** So many calls at once, turn by turn on every node. */
  race<T>(count: number, call: (store: Store, n: number) => Promise<T>): Promise<T[]>;
  /** Everything said in a conversation, the oldest first. */
  history(app: number, no: number): Promise<Message[]>;
  close(): Promise<void>;
};

export async function openStores(): Promise<Stores> {
  const database = await openTestDatabase();
  const open = () => openPostgres({ url: database.url, clock: systemClock, log: quietLog, connectionsMax: 8 });
  // All at once: each of them may be the one that makes the tables.
  const nodes = await Promise.all(Array.from({ length: count }, open));
  const node = (n: number): Store => nodes[n % nodes.length] as Store;
  let apps = 0;
  return {
    nodes,
    node,
    async app(...users) {
      const keys = { clientKey: 'c', masterKey: 'm', idKey: '0'.repeat(32) };
      const { no } = await node(0).apps.put({ id: `app${++apps}`, ...keys });
      await node(0).users.ensure(no, users, 1);
      return no;
    },
    group: (app, members, id) =>
      node(0).conversations.create(
        app,
        { id, kind: 'group', name: null, attributes: {}, creator: 'a', owner: 'a', members, keeps: true },
        wide,
        1,
      ),
    race: (times, call) => Promise.all(Array.from({ length: times }, (_, n) => call(node(n), n))),
    async history(app, no) {
      const found: Message[] = [];
      for (let before: number | undefined; ; before = found[0]?.ts) {
        const page = await node(0).messages.page(app, no, before === undefined ? {} : { before }, 1_000);
        found.unshift(...page);
        if (page.length < 1_000) return found;
      }
    },
    async close() {
      await Promise.all(nodes.map((one) => one.close()));
      await database.drop();
    },
  };
}
