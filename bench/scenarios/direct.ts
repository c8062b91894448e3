// One to one, acknowledged and stored: pairs of friends, texts of 200 bytes, one and eight in flight a pair; then how long
// an acknowledgement takes at 30 % and at 80 % of what the server can do.
import { Contest, type Entrant, median, row, shareNumber } from '../kit/contest.ts';
import type { Crowd } from '../kit/load.ts';
import type { Page } from '../kit/page.ts';
import { type Peer, startScript } from '../kit/peer.ts';
import type { Scale } from '../kit/scale.ts';
import { startEjabberd, startMosquitto, startPostgres, startProsody } from '../peers/debian.ts';
import { type Hongyan, startHongyan, times, words } from '../peers/hongyan.ts';

const chars = 200;
const columns = [
  'server',
  'deliveries / CPU-s',
  'spread',
  'per s',
  'ack p50 ms',
  'p99 ms',
  'load',
  '÷ ws + our store',
  '÷ socket.io, same logic',
  '÷ ejabberd',
];

export const pairsOf = (
  wire: Crowd['wire'],
  pairs: number,
  port: number,
  more: Record<string, string> = {},
): Crowd => ({
  wire,
  place: { port, chars, words: { ...words, ...more } },
  people: [
    ...Array.from({ length: pairs }, (_, n) => ({ who: `to-${n}` })),
    ...Array.from({ length: pairs }, (_, n) => ({ who: `from-${n}`, to: `to-${n}` })),
  ],
  loop: wire === 'xmpp' ? 'delivered' : 'acknowledged',
});

export const befriend = (peer: Hongyan, pairs: number): Promise<void> =>
  times(pairs, (n) => peer.post(`/ctx/from-${n}/friends/to-${n}`, {}));

/** The door of LeanCloud talks in conversations: one is made for each pair. */
export async function conversations(peer: Hongyan, pairs: number): Promise<Crowd> {
  const ids: string[] = [];
  await times(pairs, async (n) => {
    const made = (await peer.lc('/1.2/rtm/conversations', { m: [`from-${n}`, `to-${n}`] })) as { objectId: string };
    ids[n] = made.objectId;
  });
  const crowd = pairsOf('leancloud', pairs, peer.port);
  return { ...crowd, people: crowd.people.map((one, n) => (one.to ? { ...one, to: ids[n - pairs] } : one)) };
}

export async function direct(page: Page, scale: Scale): Promise<void> {
  const { pairs, rounds, windowMs, warmMs, peers } = scale;
  await using contest = new Contest();
  const asPairs = (wire: Crowd['wire']) => (peer: Peer) => pairsOf(wire, pairs, peer.port);
  const maxleap = async (peer: Peer): Promise<Crowd> => {
    await befriend(peer as Hongyan, pairs);
    return pairsOf('maxleap', pairs, peer.port);
  };
  const socketIoFriends = async (peer: Peer): Promise<Crowd> => {
    await times(pairs, async (n) => {
      const { ok } = await fetch(`http://127.0.0.1:${peer.port}/befriend/from-${n}/to-${n}`);
      if (!ok) throw new Error('no friends were made');
    });
    return pairsOf('socket-io', pairs, peer.port);
  };
  if (peers)
    await contest.enter('ws alone, keeps nothing', () => startScript('floor.ts', ['none', 'send']), asPairs('maxleap'));
  await contest.enter('ws + bare SQLite', () => startScript('floor.ts', ['bare', 'send']), asPairs('maxleap'));
  await contest.enter('ws + our store', () => startScript('floor.ts', ['ours', 'send']), asPairs('maxleap'));
  await contest.enter('Hongyan, MaxLeap socket', () => startHongyan(), maxleap);
  await contest.enter(
    'socket.io 4, same logic and store',
    () => startScript('socket-io.ts', ['talk']),
    socketIoFriends,
  );
  if (peers) {
    await contest.enter('socket.io 4 + our store', () => startScript('socket-io.ts', ['keep']), asPairs('socket-io'));
    await contest.enter(
      'Hongyan, LeanCloud socket',
      () => startHongyan(),
      (peer) => conversations(peer as Hongyan, pairs),
    );
    await contest.enter('Hongyan on PostgreSQL', startOnPostgres, maxleap);
    await contest.enter('ejabberd, archive on PostgreSQL', startEjabberd, asPairs('xmpp'));
    const names = Array.from({ length: pairs }, (_, n) => [`to-${n}`, `from-${n}`]).flat();
    await contest.enter('Prosody, archive in files', () => startProsody(names), asPairs('xmpp'));
    await contest.enter('Mosquitto, QoS 1, keeps nothing', startMosquitto, asPairs('mqtt'));
  }
  const [ours, floor, bare, ws, sio, bareSio, ejabberd] = ['Hongyan, MaxLeap socket', 'ws + our store']
    .concat(['ws + bare SQLite', 'ws alone, keeps nothing', 'socket.io 4, same logic and store'])
    .concat(['socket.io 4 + our store', 'ejabberd, archive on PostgreSQL'])
    .map((name) => contest.find(name));
  // The more code a server has, the longer its compiler takes to know what is hot: that is counted for nobody.
  await contest.inTurns(1, ({ peer, load }) =>
    load.ask('drive', { pids: peer.pids, warmMs, windowMs: windowMs * 2, inFlight: 4 }),
  );
  let most = new Map<string, number>();
  for (const inFlight of [1, 8]) {
    await contest.inTurns(rounds, ({ peer, load }) =>
      load.ask('drive', { pids: peer.pids, warmMs, windowMs, inFlight }),
    );
    if (inFlight === 1)
      most = new Map(
        contest.entrants.map(({ name, windows }) => [name, median(windows.map((w) => w.acknowledged / w.seconds))]),
      );
    page.heading(`One to one, stored: ${pairs} pairs, ${inFlight} in flight a pair`);
    page.table(
      columns,
      contest.entrants.map((one) => row(one, [floor, sio, ejabberd])),
    );
    const note = (name: string, other: Entrant | undefined) =>
      page.note(`direct.w${inFlight}.${name}`, shareNumber(ours, other));
    note('÷ ws alone', ws);
    note('÷ ws + bare SQLite', bare);
    note('÷ ws + our store', floor);
    note('÷ socket.io, same logic and store', sio);
    if (!peers) continue;
    note('÷ socket.io + our store', bareSio);
    note('÷ ejabberd', ejabberd);
    page.note(
      `direct.w${inFlight}.PostgreSQL ÷ ejabberd`,
      shareNumber(contest.find('Hongyan on PostgreSQL'), ejabberd),
    );
    page.note(
      `direct.w${inFlight}.LeanCloud ÷ ws + our store`,
      shareNumber(contest.find('Hongyan, LeanCloud socket'), floor),
    );
  }
  if (peers) await latency(page, contest, most, scale);
  for (const { name, why } of contest.absent) page.say(`Not run: ${name} (${why}).`);
}

/**
 * Open loop, evenly spaced, at a share of what one in flight a pair brought (`most`, messages a second): then as seldom as
 * here do messages share a frame or a commit. Times count from when a message was due.
 */
async function latency(
  page: Page,
  contest: Contest,
  most: ReadonlyMap<string, number>,
  { rounds, windowMs, warmMs }: Scale,
): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const part of [0.3, 0.8]) {
    await contest.inTurns(rounds, (one) => {
      const perSecond = Math.max(50, Math.round((most.get(one.name) ?? 0) * part));
      return one.load.ask('drive', { pids: one.peer.pids, warmMs, windowMs, inFlight: 0, perSecond });
    });
    for (const { name, windows } of contest.entrants) {
      const acked = windows.filter(({ acknowledged }) => acknowledged > 0);
      if (acked.length === 0) continue;
      const each = (pick: (window: Entrant['windows'][number]) => number): number => median(acked.map(pick));
      rows.push([
        name,
        `${part * 100} %`,
        each((w) => w.acknowledged / w.seconds).toFixed(0),
        each((w) => w.p50).toFixed(2),
        each((w) => w.p99).toFixed(2),
      ]);
      if (name === 'Hongyan, MaxLeap socket')
        page.note(
          `direct.ack p99 ms at ${part * 100} %`,
          each((w) => w.p99),
        );
    }
  }
  page.heading('One to one, stored: how long an acknowledgement takes');
  page.table(['server', 'of its own most', 'messages / s', 'p50 ms', 'p99 ms'], rows);
}

async function startOnPostgres(): Promise<Peer> {
  const database = await startPostgres();
  try {
    await database.sql('postgres', ['-c', 'create database hongyan']);
    const server = await startHongyan({
      HONGYAN_DATABASE_URL: `postgres://postgres@127.0.0.1:${database.port}/hongyan`,
    });
    return {
      ...server,
      pids: [...server.pids, ...database.pids],
      close: () => server.close().then(() => database.close()),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
