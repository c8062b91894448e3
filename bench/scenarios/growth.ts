// Cost as it grows: the CPU of the same work at three sizes, and the slope of the logarithms. 1 is proportional, 0 flat.
// (What grows with the stored messages stands in the scenario of the history.)
import { Contest } from '../kit/contest.ts';
import type { Crowd } from '../kit/load.ts';
import type { Page } from '../kit/page.ts';
import type { Scale } from '../kit/scale.ts';
import { median, slope } from '../kit/statistics.ts';
import { type Hongyan, startHongyan } from '../peers/hongyan.ts';
import { befriend, conversations, pairsOf } from './direct.ts';
import { gatherOn } from './fanout.ts';
import { measure } from './idle.ts';
import { furnish, type Hot, hammer } from './rest.ts';

type Line = { what: string; unit: string; expected: number; points: [number, number][] };

export async function growth(page: Page, scale: Scale): Promise<void> {
  const lines: Line[] = [];
  for (const door of scale.peers ? (['maxleap', 'leancloud'] as const) : (['maxleap'] as const)) {
    lines.push(await messages(scale, door), await fanoutLine(scale, door), await sessions(scale, door));
  }
  lines.push(...(await requests(scale)), ...(await lists(scale)));
  page.heading('Cost as it grows');
  page.table(
    ['what', 'sizes', 'cost at each', 'slope', 'expected'],
    lines.map(({ what, unit, expected, points }) => {
      page.note(`growth.${what}`, slope(points));
      return [
        what,
        points.map(([size]) => Math.round(size)).join(', '),
        `${points.map(([, cost]) => cost.toPrecision(3)).join(', ')} ${unit}`,
        slope(points).toFixed(2),
        expected,
      ];
    }),
  );
}

/** CPU-seconds of more and more stored messages in the same conversations. */
async function messages({ pairs, rounds, windowMs, warmMs }: Scale, door: 'maxleap' | 'leancloud'): Promise<Line> {
  await using contest = new Contest();
  const people = Math.min(pairs, 200);
  const crowd = async (server: Hongyan): Promise<Crowd> => {
    if (door === 'leancloud') return conversations(server, people);
    await befriend(server, people);
    return pairsOf('maxleap', people, server.port);
  };
  await contest.enter(
    door,
    () => startHongyan(),
    (peer) => crowd(peer as Hongyan),
  );
  const entrant = contest.find(door);
  if (!entrant) throw new Error(contest.absent[0]?.why);
  const points: [number, number][] = [];
  const drive = (ms: number) =>
    entrant.load.ask('drive', { pids: entrant.peer.pids, warmMs, windowMs: ms, inFlight: 4 });
  await drive(windowMs);
  for (const times of [1, 3, 9]) {
    const found = [];
    for (let n = 0; n < Math.max(1, rounds - 2); n += 1) found.push(await drive((windowMs * times) / 2));
    points.push([median(found.map(({ delivered }) => delivered)), median(found.map(({ cpu }) => cpu))]);
  }
  return { what: `one to one, ${door}: messages`, unit: 'CPU-s', expected: 1, points };
}

/** CPU-milliseconds of one message as its group grows. */
async function fanoutLine({ rounds }: Scale, door: 'maxleap' | 'leancloud'): Promise<Line> {
  const points: [number, number][] = [];
  for (const members of [50, 150, 450]) {
    await using contest = new Contest();
    await contest.enter(
      door,
      () => startHongyan(),
      (peer) => gatherOn(peer as Hongyan, door, 'group', members),
    );
    const entrant = contest.find(door);
    if (!entrant) throw new Error(contest.absent[0]?.why);
    const count = Math.round(40_000 / members);
    await contest.inTurns(rounds, ({ peer, load }) =>
      load.ask('rounds', { pids: peer.pids, count, burst: 1, listeners: members - 1 }),
    );
    points.push([members, median(entrant.windows.slice(1).map(({ cpu }) => (cpu * 1_000) / count))]);
  }
  return { what: `fan-out, ${door}: members`, unit: 'CPU-ms a message', expected: 1, points };
}

/** Memory of all sessions. */
async function sessions({ sessions: most, settleMs }: Scale, wire: 'maxleap' | 'leancloud'): Promise<Line> {
  const points: [number, number][] = [];
  for (const part of [4, 2, 1]) {
    const count = Math.round(most / part);
    const { bytes } = await measure(() => startHongyan(), wire, { sessions: count, settleMs, beatMs: 0 });
    points.push([count, (bytes * count) / 2 ** 20]);
  }
  return { what: `idle, ${wire}: sessions`, unit: 'MiB', expected: 1, points };
}

const often = ['MaxLeap: user', 'LeanCloud: send', 'JMessage: send'];
const listing = ['MaxLeap: group with members', 'LeanCloud: members', 'JMessage: members'];

/** Those of the names; every name is one of them. */
function pick(hot: readonly Hot[], names: readonly string[]): Hot[] {
  const found = hot.filter(([name]) => names.includes(name));
  if (found.length !== names.length) throw new Error(`no such requests: ${names.join(', ')}`);
  return found;
}

/** CPU-seconds of more and more requests of one kind. */
async function requests({ rounds, windowMs, warmMs }: Scale): Promise<Line[]> {
  const server = await startHongyan();
  try {
    const lines: Line[] = [];
    for (const hot of pick(await furnish(server, 50), often)) {
      await hammer(server, hot, warmMs * 2);
      const points: [number, number][] = [];
      for (const times of [1, 3, 9]) {
        const found = [];
        for (let n = 0; n < Math.max(1, rounds - 2); n += 1)
          found.push(await hammer(server, hot, (windowMs * times) / 2));
        points.push([median(found.map((f) => f.count)), median(found.map((f) => f.count / f.perCpu))]);
      }
      lines.push({ what: `REST, ${hot[0]}: requests`, unit: 'CPU-s', expected: 1, points });
    }
    return lines;
  } finally {
    await server.close();
  }
}

/** CPU-milliseconds of one list of members, and of one message that nobody is there to hear, as the group grows. */
async function lists({ rounds, windowMs, warmMs }: Scale): Promise<Line[]> {
  const points = new Map<string, [number, number][]>([...listing, 'LeanCloud: send'].map((name) => [name, []]));
  for (const members of [50, 150, 450]) {
    const server = await startHongyan();
    try {
      for (const hot of pick(await furnish(server, members), [...points.keys()])) {
        await hammer(server, hot, warmMs * 2);
        const found = [];
        for (let n = 0; n < rounds; n += 1) found.push(await hammer(server, hot, windowMs));
        points.get(hot[0])?.push([members, median(found.map((f) => 1_000 / f.perCpu))]);
      }
    } finally {
      await server.close();
    }
  }
  return [...points].map(([name, found]) => {
    const expected = name === 'LeanCloud: send' ? 0 : 1;
    return { what: `REST, ${name}: members`, unit: 'CPU-ms a request', expected, points: found };
  });
}
