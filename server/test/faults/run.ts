// Three nodes, thirty people who talk, and everything that can go wrong around them. Afterwards: every acknowledged
// message is in the history once, everybody has seen each message of his conversations once and in order, and none that
// was acknowledged is missing.
import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '../kit/eventually.ts';
import { signOf } from '../kit/world.ts';
import type { FaultyNode } from './backends.ts';
import { app, type Backends, openBackends } from './backends.ts';
import { type Counts, Person, readPage, type Said, type Seen, type Talk, type World } from './person.ts';
import { make, plan, type Trouble } from './troubles.ts';

export type FaultOptions = {
  readonly seconds: number;
  readonly seed: number;
  readonly people?: number;
  readonly nodes?: number;
  /** A line about what goes on. */
  tell(line: string): void;
};

export type FaultReport = {
  readonly seed: number;
  readonly seconds: number;
  readonly troubles: Readonly<Record<string, number>>;
  readonly counts: Counts;
  readonly stored: number;
  /** What is wrong; empty when everything holds. */
  readonly violations: readonly string[];
};

const speakEveryMs = 250;
/** Everybody hears of everything within this after the last trouble: the tail is read every three seconds. */
const settleMs = 30_000;

/** mulberry32 */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export async function faults(options: FaultOptions): Promise<FaultReport> {
  const { seconds, seed, tell } = options;
  const random = dice(seed);
  await using backends = await disposable(openBackends(options.nodes ?? 3));
  const down = new Set<FaultyNode>();
  const world: World = {
    nodes: () => backends.nodes.filter((node) => !down.has(node)).map(({ server }) => server.base),
    random,
    counts: { said: 0, acknowledged: 0, saidAgain: 0, refused: 0, heardLive: 0, readLater: 0, connections: 0 },
    acknowledged: [],
    complaints: [],
  };
  const people = await furnish(backends, options.people ?? 30, world);
  const lives = people.map((person) => person.live(speakEveryMs));
  try {
    await eventually('everybody is in', () => people.every(({ isConnected }) => isConnected), 30_000);
    const troubles = await trouble(backends, down, seconds, random, tell);
    for (const person of people) person.hush();
    await eventually('everybody is in again', () => people.every(({ isConnected }) => isConnected), settleMs);
    tell('everything is mended; what was begun is finished and heard');
    const history = await settle(backends, people, world);
    const stored = [...history.values()].reduce((sum, { length }) => sum + length, 0);
    const violations = [...world.complaints, ...check(people, world.acknowledged, history)];
    return { seed, seconds, troubles, counts: world.counts, stored, violations };
  } finally {
    for (const person of people) person.leave();
    await Promise.all(lives);
  }
}

const disposable = async (opening: Promise<Backends>) => {
  const backends = await opening;
  return { ...backends, [Symbol.asyncDispose]: () => backends.close() };
};

/** Groups of ten, each person in two of them, and everybody a friend of his neighbour. */
async function furnish({ nodes }: Backends, size: number, world: World): Promise<Person[]> {
  const base = (nodes[0] as FaultyNode).server.base;
  const call = async (path: string, body: object): Promise<unknown> => {
    const answer = await fetch(base + path, {
      method: 'POST',
      headers: {
        'x-ml-appid': app.id,
        'x-ml-request-sign': signOf(app.clientKey),
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const ids = Array.from({ length: size }, (_, n) => `p${n}`);
  const talks = new Map<string, Talk[]>(ids.map((id) => [id, []]));
  const strides = [1, 3];
  for (const stride of strides)
    for (let first = 0; first < size / 10; first += 1) {
      const members = Array.from({ length: 10 }, (_, n) => ids[(first * 10 + n * stride) % size] as string);
      const group = (await call('/groups', { owner: members[0], members })) as string;
      for (const id of new Set(members))
        talks.get(id)?.push({ key: `g/${group}`, to: { id: group, type: 1 }, history: `/groups/${group}/chats` });
    }
  for (let n = 0; n < size; n += 2) {
    const [a, b] = [ids[n] as string, ids[(n + 1) % size] as string];
    await call(`/ctx/${a}/friends/${b}`, {});
    for (const [one, other] of [[a, b] as const, [b, a] as const])
      talks
        .get(one)
        ?.push({ key: `f/${other}`, to: { id: other, type: 0 }, history: `/ctx/${one}/friends/${other}/chats` });
  }
  return ids.map((id) => new Person(id, talks.get(id) ?? [], world));
}

async function trouble(
  backends: Backends,
  down: Set<FaultyNode>,
  seconds: number,
  random: () => number,
  tell: (line: string) => void,
): Promise<Record<string, number>> {
  const counts: Partial<Record<Trouble, number>> = {};
  const start = performance.now();
  for (const next of plan(random)) {
    if (performance.now() - start > seconds * 1_000) break;
    const begun = performance.now();
    await make(next, backends, down, random);
    counts[next] = (counts[next] ?? 0) + 1;
    tell(
      `${((begun - start) / 1_000).toFixed(1).padStart(6)} s  ${next}, mended after ${((performance.now() - begun) / 1_000).toFixed(1)} s`,
    );
    await wait(300 + 1_500 * random());
  }
  return counts;
}

/** The history of every conversation, once everybody has seen what of it he was to see, or had time enough. */
async function settle(backends: Backends, people: readonly Person[], world: World): Promise<Map<string, Stored[]>> {
  const open = (): boolean => world.counts.said > world.counts.acknowledged;
  await eventually('what was begun is acknowledged', () => !open(), settleMs);
  const base = (backends.nodes[0] as FaultyNode).server.base;
  const history = new Map<string, Stored[]>();
  for (const person of people)
    for (const talk of person.talks) {
      const key = nameOf(person.id, talk);
      if (!history.has(key)) history.set(key, await readAll(base, talk));
    }
  const complete = (): boolean => people.every((person) => missing(person, history).length === 0);
  await eventually('everybody has seen everything', complete, settleMs).catch(() => {});
  return history;
}

export type Stored = Seen & { readonly by: string };

const nameOf = (who: string, talk: Talk): string =>
  talk.to.type === 1 ? talk.key : `f/${[who, talk.to.id].sort().join('|')}`;

async function readAll(base: string, talk: Talk): Promise<Stored[]> {
  const all: Stored[] = [];
  for (;;) {
    const page = await readPage(base, talk, all.at(-1)?.ts ?? 0);
    if (page.length === 0) return all;
    for (const { ts, speaker, content } of page) all.push({ ts, by: speaker, text: content.body });
  }
}

const missing = (person: Person, history: ReadonlyMap<string, readonly Stored[]>): string[] =>
  person.talks.flatMap((talk) => {
    const seen = new Set(person.seen.get(talk.key)?.map(({ ts }) => ts));
    return (history.get(nameOf(person.id, talk)) ?? [])
      .filter(({ by, ts }) => by !== person.id && !seen.has(ts))
      .map(({ text, ts }) => `${person.id}, ${talk.key}: never saw "${text}" at ${ts}`);
  });

function check(
  people: readonly Person[],
  acknowledged: readonly Said[],
  history: ReadonlyMap<string, readonly Stored[]>,
): string[] {
  const wrong: string[] = [];
  for (const [talk, stored] of history) {
    const texts = new Map<string, number>();
    for (const { text } of stored) texts.set(text, (texts.get(text) ?? 0) + 1);
    for (const [text, times] of texts) if (times > 1) wrong.push(`${talk}: "${text}" is stored ${times} times`);
    for (const [n, { ts }] of stored.entries())
      if (n > 0 && ts <= (stored[n - 1] as Stored).ts) wrong.push(`${talk}: ${ts} is not after the one before`);
    const places = new Map(stored.map(({ text, ts }) => [text, ts]));
    for (const one of acknowledged)
      if (one.talk === talk && places.get(one.text) !== one.ts)
        wrong.push(`${talk}: "${one.text}" was acknowledged at ${one.ts} and is stored at ${places.get(one.text)}`);
  }
  for (const person of people) {
    wrong.push(...missing(person, history));
    for (const talk of person.talks) {
      const known = new Set(history.get(nameOf(person.id, talk))?.map(({ ts, text }) => `${ts} ${text}`));
      for (const { ts, text } of person.seen.get(talk.key) ?? [])
        if (!known.has(`${ts} ${text}`)) wrong.push(`${person.id}, ${talk.key}: saw "${text}", which is not stored`);
    }
  }
  return wrong;
}
