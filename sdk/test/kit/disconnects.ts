// Two people talk, in private and in a group, while their connections are cut again and again with messages in flight.
// Afterwards both sides must have heard every message exactly once and in order, and the server must hold no other.
import assert from 'node:assert/strict';
import { connect, type Im, type Message, type Outgoing } from '../../src/index.ts';
import type { Place } from './place.ts';
import { pause, until } from './wait.ts';
import type { WeakNetwork } from './weak-network.ts';

export type Report = { cuts: number; connections: number; messages: number; seconds: number };

/** mulberry32: the same seed cuts at the same moments, as far as the network lets it. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Side = { im: Im; sent: Map<string, Outgoing[]>; heard: Map<string, Message[]> };

const push = <T>(map: Map<string, T[]>, key: string, value: T): void => {
  map.set(key, [...(map.get(key) ?? []), value]);
};

export async function disconnect(place: Place, network: WeakNetwork, times: number, seed: number): Promise<Report> {
  const open: Im[] = [];
  try {
    return await talkAndCut(place, network, times, seed, open);
  } finally {
    for (const im of open) im.close();
  }
}

async function talkAndCut(
  place: Place,
  network: WeakNetwork,
  times: number,
  seed: number,
  open: Im[],
): Promise<Report> {
  const random = dice(seed);
  const name = (who: string): string => `${who}-${seed}`;
  const start = Date.now();
  const join = async (who: string): Promise<Side> => {
    const im = connect({ ...place.options, server: network.url, user: name(who), retryMs: [2, 40] });
    open.push(im);
    const side: Side = { im, sent: new Map(), heard: new Map() };
    im.on('message', (message) => push(side.heard, message.talk.key, message));
    await im.ready;
    return side;
  };
  const [ann, bob] = await Promise.all([join('ann'), join('bob')]);
  await ann.im.friends.add(bob.im.id);
  const group = await ann.im.groups.create({ members: [bob.im.id] });
  const talks = (side: Side, other: Side) => [side.im.friend(other.im.id), side.im.group(group)];

  let count = 0;
  let cuts = 0;
  let connections = 0;
  while (cuts < times) {
    const states = [ann, bob].map(({ im }) => im.state);
    if (states.includes('refused') || Date.now() - start > 20_000 + 200 * times) {
      throw new Error(`stuck: ${states} ${ann.im.error?.message} ${bob.im.error?.message}`);
    }
    for (const [side, other] of [[ann, bob] as const, [bob, ann] as const]) {
      for (const talk of talks(side, other)) {
        for (let n = Math.floor(random() * 3); n > 0; n--) push(side.sent, talk.key, talk.send(`${++count}`));
      }
    }
    // Mostly in the middle of connecting or of catching up; sometimes when everything is quiet.
    await pause(random() * (random() < 0.2 ? 80 : 12));
    const cut = network.cut();
    if (cut > 0) cuts++;
    connections += cut;
  }

  const all = [...ann.sent.values(), ...bob.sent.values()].flat();
  await until('everything is sent', () => all.every(({ state }) => state !== 'sending'), 60_000);
  for (const [side, other] of [[ann, bob] as const, [bob, ann] as const]) {
    const keys = [
      [side.im.friend(other.im.id).key, other.im.friend(side.im.id).key],
      [`group:${group}`, `group:${group}`],
    ] as const;
    for (const [mine, theirs] of keys) {
      const sent = side.sent.get(mine) ?? [];
      const heard = (): Message[] => other.heard.get(theirs) ?? [];
      await until(`${theirs} is heard`, () => heard().length >= sent.length, 30_000).catch(() => {});
      assert.deepEqual(
        heard().map(({ text, ts }) => `${text} at ${ts}`),
        sent.map(({ what, ts }) => `${what} at ${ts}`),
        `what ${other.im.id} heard in ${theirs}`,
      );
      const moments = sent.map(({ ts }) => ts as number);
      assert.deepEqual(
        moments,
        [...moments].sort((a, b) => a - b),
        'the order it was said in',
      );
    }
  }
  ann.im.close();
  bob.im.close();
  // Past the weak network: connections that it cut still wait in fetch's pool.
  await assertStored(connect({ ...place.options, user: name('ann') }), group, [
    ...(ann.sent.get(`group:${group}`) ?? []),
    ...(bob.sent.get(`group:${group}`) ?? []),
  ]);
  return { cuts, connections, messages: all.length, seconds: (Date.now() - start) / 1000 };
}

/** The server's history has these and no others. */
async function assertStored(im: Im, group: string, sent: readonly Outgoing[]): Promise<void> {
  const stored: string[] = [];
  for (let ts = 0; ; ) {
    const page = await im.call<{ ts: number; content: { body: string } }[]>(
      'GET',
      `/groups/${group}/chats?after=${ts}&limit=100`,
    );
    for (const record of page) stored.push(`${record.content.body} at ${record.ts}`);
    if (page.length < 100) break;
    ts = page.at(-1)?.ts as number;
  }
  im.close();
  const said = [...sent].sort((a, b) => (a.ts as number) - (b.ts as number));
  assert.deepEqual(
    stored,
    said.map(({ what, ts }) => `${what} at ${ts}`),
    'what is stored',
  );
}
