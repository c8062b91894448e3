// One speaks, many hear: a room of 1,000 that keeps nothing, groups of 200 and 500 that keep everything. One message at a
// time (the next when the last member has heard the one before), and bursts.
import { Contest, type Entrant, row, shareNumber } from '../kit/contest.ts';
import type { Crowd } from '../kit/load.ts';
import type { Page } from '../kit/page.ts';
import { type Peer, startScript } from '../kit/peer.ts';
import type { Scale } from '../kit/scale.ts';
import { type Hongyan, startHongyan, words } from '../peers/hongyan.ts';

const chars = 200;
const burst = 20;
const columns = [
  'server',
  'deliveries / CPU-s',
  'spread',
  'per s',
  'last p50 ms',
  'p99 ms',
  'load',
  '÷ ws, frames',
  '÷ ws, send',
];
/** Messages of one window: so many deliveries that the kernel's hundredths of a second are fine enough. */
const messagesFor = (members: number): number => Math.max(20, Math.round(60_000 / members / burst) * burst);

export const names = (members: number): string[] => Array.from({ length: members }, (_, n) => `m-${n}`);

/** Everybody of one gathering on one server; the first of them speaks. */
export const gathering = (wire: Crowd['wire'], members: number, port: number, to: string, type: '1' | '2'): Crowd => ({
  wire,
  place: { port, chars, words: { ...words, type } },
  people: [
    ...names(members)
      .slice(1)
      .map((who) => ({ who })),
    { who: 'm-0', to },
  ],
  loop: 'acknowledged',
});

/** On the door of MaxLeap, or of LeanCloud: its conversation is made first. */
export async function gatherOn(
  peer: Hongyan,
  door: 'maxleap' | 'leancloud',
  kind: 'group' | 'room',
  members: number,
): Promise<Crowd> {
  const everybody = names(members);
  if (door === 'leancloud') {
    const { objectId } = (await peer.lc('/1.2/rtm/conversations', { m: everybody })) as { objectId: string };
    return gathering('leancloud', members, peer.port, objectId, '1');
  }
  const made =
    kind === 'room'
      ? peer.post('/rooms', { members: everybody })
      : peer.post('/groups', { owner: 'm-0', members: everybody });
  return gathering('maxleap', members, peer.port, String(await made), kind === 'room' ? '2' : '1');
}

export async function fanout(page: Page, scale: Scale): Promise<void> {
  await one(page, scale, 'room', 1_000);
  if (scale.peers) for (const members of [200, 500]) await one(page, scale, 'group', members);
}

async function one(page: Page, { rounds, peers }: Scale, kind: 'group' | 'room', members: number): Promise<void> {
  await using contest = new Contest();
  const type = kind === 'room' ? '2' : '1';
  const keep = kind === 'room' ? 'none' : 'ours';
  const all = (wire: Crowd['wire']) => (peer: Peer) => gathering(wire, members, peer.port, 'everybody', type);
  await contest.enter('ws, frames built once', () => startScript('floor.ts', [keep, 'frames']), all('maxleap'));
  await contest.enter(
    'Hongyan, MaxLeap socket',
    () => startHongyan(),
    (peer) => gatherOn(peer as Hongyan, 'maxleap', kind, members),
  );
  await contest.enter('ws, send to each', () => startScript('floor.ts', [keep, 'send']), all('maxleap'));
  if (peers || kind === 'room')
    await contest.enter(
      'socket.io 4',
      () => startScript('socket-io.ts', [keep === 'ours' ? 'keep' : 'none']),
      all('socket-io'),
    );
  if (kind === 'group')
    await contest.enter(
      'Hongyan, LeanCloud socket',
      () => startHongyan(),
      (peer) => gatherOn(peer as Hongyan, 'leancloud', kind, members),
    );
  const [frames, ours, send, leancloud] = [
    'ws, frames built once',
    'Hongyan, MaxLeap socket',
    'ws, send to each',
    'Hongyan, LeanCloud socket',
  ].map((name) => contest.find(name));
  const listeners = members - 1;
  const count = messagesFor(members);
  const round = ({ peer, load }: Entrant, at: number) =>
    load.ask('rounds', { pids: peer.pids, count: count / at, burst: at, listeners });
  // The first ones warm everything up.
  await contest.inTurns(1, (entrant) => round(entrant, burst));
  for (const at of [1, burst]) {
    // Small differences are looked for at one message at a time: more rounds.
    await contest.inTurns(at === 1 && peers ? rounds * 2 - 1 : rounds, (entrant) => round(entrant, at));
    page.heading(
      `Fan-out: ${kind === 'room' ? 'a room' : 'a stored group'} of ${members}, ${at === 1 ? 'one message at a time' : `bursts of ${at}`}`,
    );
    page.table(
      columns,
      contest.entrants.map((entrant) => row(entrant, [frames, send])),
    );
    const name = `fanout.${kind} ${members}.${at === 1 ? 'one' : 'burst'}`;
    page.note(`${name}.÷ ws frames`, shareNumber(ours, frames));
    page.note(`${name}.÷ ws send`, shareNumber(ours, send));
    if (leancloud) page.note(`${name}.LeanCloud ÷ ws frames`, shareNumber(leancloud, frames));
  }
  for (const { name, why } of contest.absent) page.say(`Not run: ${name} (${why}).`);
}
