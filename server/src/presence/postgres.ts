// Presence of several nodes, in PostgreSQL: every session is a row of its node, and counts while the node's lease holds.
import { setTimeout as wait } from 'node:timers/promises';
import type { PrincipalKey } from '../core/ids.ts';
import type { Duties } from '../core/ports/duties.ts';
import type { Log } from '../core/ports/log.ts';
import type { Moved, Presence } from '../core/ports/presence.ts';
import { Expelled } from './apply.ts';
import { openClient } from './client.ts';
import { dutiesOf } from './duties.ts';
import { Node, type PresenceTimes, usualTimes } from './node.ts';
import type { Answer, Change } from './plan.ts';
import { readsOf } from './reads.ts';
import { takeOut } from './reap.ts';
import { Writer } from './writer.ts';

export type PostgresPresence = Presence & {
  readonly duties: Duties;
  /** The lease holds. */
  alive(): boolean;
};

export type PostgresPresenceOptions = {
  /** `postgres://…` */
  readonly url: string;
  readonly log: Log;
  readonly times?: PresenceTimes;
};

/** What a stop waits for work that is under way. */
const finishMs = 1_000;

type Living = {
  readonly app: number;
  readonly who: PrincipalKey;
  readonly session: string;
  readonly toAll: boolean;
  readonly rooms: Set<number>;
  /** Its row has been written. */
  entered: boolean;
};

/** Rejects when the database cannot be reached: a node begins with a lease. */
export async function openPostgresPresence(options: PostgresPresenceOptions): Promise<PostgresPresence> {
  const { times = usualTimes } = options;
  const log = options.log.child({ area: 'presence' });
  const client = openClient({ url: options.url, connections: 3 });
  const reader = openClient({ url: options.url, connections: 4 });
  const node = new Node(client, times);
  const living = new Map<string, Living>();
  let tellMoved: (moved: readonly Moved[]) => Promise<void> = async () => {};
  let retiredAtMs: number | undefined;
  let closed: Promise<void> | undefined;
  /** Nodes being taken out. */
  const taken = new Set<Promise<void>>();
  const end = new AbortController();
  const keyOf = (app: number, session: string): string => `${app}/${session}`;
  const tell = (moved: readonly Moved[]): Promise<void> =>
    tellMoved(moved).catch((err: unknown) => log.warn({ err }, 'who went or came back could not be announced'));

  const writer = new Writer({
    client,
    node,
    log,
    async rejoin() {
      const { wiped } = await node.join();
      const again = [...living.values()].filter(({ entered }) => entered).flatMap(anew);
      return {
        again,
        // Emptied tables: the others enter theirs anew as well, and until then nobody can be said to be the last.
        holdLeavesMs: wiped ? 2 * times.heartbeatMs : 0,
        answered: (changes, answers) => void (wiped || tell(backs(changes, answers))),
      };
    },
  });
  await node.join().catch(async (error: unknown) => {
    await Promise.all([client.close(), reader.close()]);
    throw error;
  });
  const beating = beat().catch((err: unknown) => log.error({ err }, 'the heartbeat has stopped'));

  async function beat(): Promise<void> {
    for (let pauseMs = times.heartbeatMs; ; ) {
      await wait(pauseMs, undefined, { signal: end.signal, ref: false }).catch(() => {});
      if (end.signal.aborted) return;
      // Sooner than it must, by chance: so that nodes that started together do not come together.
      pauseMs = times.heartbeatMs * (0.8 + Math.random() * 0.2);
      try {
        const { dead, nextEndMs } = await node.beat();
        pauseMs = Math.min(pauseMs, nextEndMs + Math.random() * (times.heartbeatMs / 10));
        // A node that is stopping leaves them to the others.
        for (const { node: one, parted } of retiredAtMs === undefined ? dead : []) {
          if (!parted) log.warn({ node: one }, 'a node has gone silent: its sessions are taken out');
          const taking = takeOut(client, { me: node.name, dead: one, leaseMs: times.leaseMs }, tell)
            .catch((err: unknown) => log.warn({ err, node: one }, 'the sessions of a node could not be taken out'))
            .finally(() => taken.delete(taking));
          taken.add(taking);
        }
      } catch (err) {
        if (err instanceof Expelled) writer.expelled();
        else {
          log.warn({ err }, 'a heartbeat has failed');
          pauseMs = times.heartbeatMs / 6;
          // Tables that are not there, in a database that is another one.
          if ((err as { code?: string }).code === '42P01') writer.expelled();
        }
      }
    }
  }

  return {
    ...readsOf(reader),
    duties: dutiesOf(reader, node, () => retiredAtMs === undefined && !end.signal.aborted),
    alive: () => node.isAlive,
    async enter(app, who, session, toAll) {
      const one: Living = { app, who, session, toAll, rooms: new Set(), entered: false };
      living.set(keyOf(app, session), one);
      try {
        const { turned } = await writer.push({ kind: 'enter', app, who, session, toAll });
        one.entered = true;
        return { first: turned };
      } catch (error) {
        living.delete(keyOf(app, session));
        throw error;
      }
    },
    async leave(app, who, session) {
      const one = living.get(keyOf(app, session));
      if (!one) return { last: false, toAll: false };
      if (retiredAtMs !== undefined) return { last: false, toAll: false, held: true };
      living.delete(keyOf(app, session));
      const { turned, toAll } = await writer.push({ kind: 'leave', app, who, session, toAll: one.toAll });
      return { last: turned, toAll };
    },
    async attend(app, room, session, who) {
      const one = living.get(keyOf(app, session));
      if (!one || one.rooms.has(room)) return false;
      one.rooms.add(room);
      await writer.push({ kind: 'attend', app, room, session, who });
      return true;
    },
    async unattend(app, room, session) {
      const one = living.get(keyOf(app, session));
      if (!one?.rooms.delete(room)) return false;
      await writer.push({ kind: 'unattend', app, room, session, who: one.who });
      return true;
    },
    async attending(app, session) {
      return [...(living.get(keyOf(app, session))?.rooms ?? [])];
    },
    onMoved(listener) {
      tellMoved = listener;
    },
    retire() {
      retiredAtMs ??= performance.now();
    },
    close() {
      closed ??= close();
      return closed;
    },
  };

  async function close(): Promise<void> {
    end.abort();
    await beating;
    await Promise.race([Promise.all(taken), wait(finishMs, undefined, { ref: false })]);
    await writer.close(finishMs);
    const heldMs = Math.max(2_000, times.heldMs - (performance.now() - (retiredAtMs ?? performance.now())));
    await node.part(Math.min(heldMs, times.leaseMs), living.size > 0).catch(() => {});
    await Promise.all([client.close(), reader.close()]);
  }
}

/** A session and its rooms, as changes of a node that was taken out. */
const anew = ({ app, who, session, toAll, rooms }: Living): Change[] => [
  { kind: 'enter', app, who, session, toAll },
  ...[...rooms].map((room): Change => ({ kind: 'attend', app, who, session, room })),
];

/** Those whose rows were gone: somebody has told that they had left. */
const backs = (changes: readonly Change[], answers: readonly Answer[]): Moved[] =>
  changes.flatMap(({ kind, app, who, session }, n) => {
    const answer = answers[n];
    if (kind !== 'enter' || !answer?.missing) return [];
    return [{ app, who, how: 'back', sessions: [session], turned: answer.turned, toAll: answer.toAll }];
  });
