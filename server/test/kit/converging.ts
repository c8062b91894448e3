// One node on a store in memory, with people connected to it, and a bus on which the test decides what arrives.
import { after } from 'node:test';
import type { CoreEvent, MessageEvent } from '../../src/core/events.ts';
import type { Appended, Message } from '../../src/core/messages/message.ts';
import { conversationTopic, type Topic, userTopic } from '../../src/core/ports/bus.ts';
import { converge } from '../../src/realtime/converge.ts';
import { startFanout } from '../../src/realtime/fanout.ts';
import { Hub } from '../../src/realtime/hub.ts';
import { openLocalPresence } from '../../src/realtime/presence-local.ts';
import { type Door, Session } from '../../src/realtime/session.ts';
import { openSqlite } from '../../src/store/sqlite/open.ts';
import { freshId, text, wide } from '../contracts/store.suite.ts';
import { openLossyBus } from './lossy-bus.ts';
import { quietLog } from './quiet-log.ts';

export const clock = { ms: Date.now(), now: () => clock.ms };
export const store = await openSqlite({ path: ':memory:', clock, log: quietLog });
after(() => store.close());
let apps = 0;

const wordsOf = ({ content }: Message): string => (content.type === 'text' ? content.text : content.type);
const door: Door<string> = {
  name: 'maxleap',
  prepare(event) {
    if ('message' in event) return () => `${event.type === 'message' ? '' : `${event.type} `}${wordsOf(event.message)}`;
    if ('conversation' in event) return () => event.type;
    return undefined;
  },
};

export async function openScene() {
  const { no: app } = await store.apps.put({ id: `a${++apps}`, clientKey: 'c', masterKey: 'm', idKey: '0'.repeat(32) });
  await store.users.ensure(app, ['ann', 'bob', 'carl'], clock.ms);
  const bus = openLossyBus();
  const hub = new Hub(bus, clock);
  const counts = { caughtUp: 0 };
  const counted = {
    caughtUp(n: number) {
      counts.caughtUp += n;
    },
  };
  const parts = { core: { store, bus, clock, log: quietLog, presence: openLocalPresence() }, hub };
  const converging = converge({ ...parts, metrics: counted });
  startFanout(converging, hub, { delivered() {} });

  const connect = async (who: string, ...conversations: number[]) => {
    const heard: string[] = [];
    const ended: string[] = [];
    const session = new Session<string>({
      app,
      who,
      door,
      to: { send: (packet) => heard.push(packet) },
      end(why) {
        ended.push(why);
        hub.remove(session);
      },
    });
    await hub.add(session);
    for (const no of conversations) await hub.listen(session, conversationTopic(app, no));
    session.open();
    clock.ms += 10;
    return { heard, ended, session };
  };
  const group = async (...members: string[]) => {
    const id = freshId();
    const made = { id, kind: 'group', name: null, attributes: {}, creator: null, owner: members[0] ?? null } as const;
    const { no } = await store.conversations.create(app, { ...made, members, keeps: true }, wide, clock.ms);
    return { no, id };
  };
  return { app, bus, hub, counts, connect, group, stop: () => converging.stop() };
}

export type Told = { event: CoreEvent; topics: readonly Topic[] };

/** Stores a message as another node does; whether its announcement arrives is the test's business. */
export async function said(
  app: number,
  where: { no: number; id: string; to?: string },
  who: string,
  words: string,
): Promise<Told & Appended> {
  const appended = await store.messages.append(text(app, where.no, who, words));
  const message = { ...text(app, where.no, who, words), ts: appended.ts, sub: 0, no: appended.no } as Message;
  const { to } = where;
  const place =
    to === undefined ? { kind: 'group' as const, id: where.id } : { kind: 'direct' as const, id: where.id, to };
  const event: MessageEvent = { type: 'message', app, message, place, prev: appended.prev, echo: 'others' };
  const topics = to === undefined ? [conversationTopic(app, where.no)] : [userTopic(app, to), userTopic(app, who)];
  return { event, topics, ...appended };
}

export const arrive = ({ bus }: { bus: ReturnType<typeof openLossyBus> }, { event, topics }: Told): void =>
  bus.arrive(event, topics);
