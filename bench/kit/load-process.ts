// The load: a process of its own that holds clients of one wire, makes them talk as the parent says, and reads the CPU of
// the servers in the same moments in which it counts. Started by load.ts.
import { setTimeout as wait } from 'node:timers/promises';
import { leancloud } from '../wires/leancloud.ts';
import { maxleap } from '../wires/maxleap.ts';
import { mqtt } from '../wires/mqtt.ts';
import { socketIo } from '../wires/socket-io.ts';
import type { Client, Place, Wire } from '../wires/wire.ts';
import { xmpp } from '../wires/xmpp.ts';
import type { Asked, Crowd, Drive, Given, Window } from './load.ts';
import { cpuSeconds } from './proc.ts';
import { quantile } from './statistics.ts';

const wires: Record<string, Wire> = { maxleap, leancloud, mqtt, 'socket-io': socketIo, xmpp };
/** Logins on their way at once. */
const loginsAtOnce = 64;

type Talker = { client: Client; to: string; sentAt: Map<number, number>; next: number };

const clients: Client[] = [];
const talkers: Talker[] = [];
const acks: number[] = [];
let place: Place;
let loop: 'acknowledged' | 'delivered' = 'acknowledged';
let acknowledged = 0;
let delivered = 0;
let refused = '';
let running = false;
let lastHeardAt = 0;
/** Told after each delivery while somebody waits for all of them. */
let awaited: { at: number; tell(): void } | undefined;

function heardOf(talker: () => Talker | undefined, partner: () => Talker | undefined) {
  return {
    acknowledged(number: number) {
      acknowledged += 1;
      const mine = talker();
      const sentAt = mine?.sentAt.get(number);
      if (!mine || sentAt === undefined) return;
      mine.sentAt.delete(number);
      acks.push(performance.now() - sentAt);
      if (running && loop === 'acknowledged') speak(mine);
    },
    refused(why: string) {
      refused ||= why;
    },
    delivered() {
      delivered += 1;
      if (awaited !== undefined && delivered >= awaited.at) {
        lastHeardAt = performance.now();
        awaited.tell();
      }
      const theirs = loop === 'delivered' ? partner() : undefined;
      if (theirs && running) speak(theirs);
    },
  };
}

function speak(talker: Talker, from = performance.now()): void {
  const number = talker.next++;
  // Where nothing is acknowledged nothing may pile up.
  if (loop === 'acknowledged') talker.sentAt.set(number, from);
  talker.client.say(talker.to, number);
}

/** Everybody comes in, those who are spoken to before those who speak. */
async function enter(crowd: Crowd): Promise<{ seconds: number }> {
  place = crowd.place;
  loop = crowd.loop;
  const wire = wires[crowd.wire] as Wire;
  const byPartner = new Map<string, Talker>();
  const started = performance.now();
  const queue = crowd.people.values();
  const worker = async (): Promise<void> => {
    for (const { who, to, port = place.port } of queue) {
      let own: Talker | undefined;
      const client = await wire(
        { ...place, port },
        who,
        heardOf(
          () => own,
          () => byPartner.get(who),
        ),
      );
      clients.push(client);
      if (to === undefined) continue;
      own = { client, to, sentAt: new Map(), next: 0 };
      byPartner.set(to, own);
      talkers.push(own);
    }
  };
  await Promise.all(Array.from({ length: crowd.atOnce ?? loginsAtOnce }, worker));
  return { seconds: (performance.now() - started) / 1_000 };
}

/** Servers take their turns, and send away who was silent during the others'. */
async function beat(): Promise<void> {
  const lost = clients.filter(({ closed }) => closed).length;
  if (lost > 0) throw new Error(`${lost} of ${clients.length} connections were lost`);
  for (const client of clients) client.beat();
  await quiet();
}

async function drive({ pids, parts, warmMs, windowMs, inFlight, perSecond }: Drive): Promise<Window> {
  await beat();
  running = perSecond === undefined;
  refused = '';
  const stop = perSecond === undefined ? startLoop(inFlight) : startRate(perSecond);
  await wait(warmMs);
  acks.length = 0;
  const before = { acknowledged, delivered, cpu: cpuSeconds(pids), own: process.cpuUsage(), at: performance.now() };
  const partsBefore = parts?.map(cpuSeconds);
  await wait(windowMs);
  const after = {
    acknowledged,
    delivered,
    cpu: cpuSeconds(pids),
    own: process.cpuUsage(before.own),
    at: performance.now(),
  };
  const partsAfter = parts?.map((part, n) => cpuSeconds(part) - (partsBefore?.[n] ?? 0));
  const times = acks.slice();
  stop();
  running = false;
  await quiet();
  const seconds = (after.at - before.at) / 1_000;
  return {
    seconds,
    acknowledged: after.acknowledged - before.acknowledged,
    delivered: after.delivered - before.delivered,
    cpu: after.cpu - before.cpu,
    ...(partsAfter ? { parts: partsAfter } : {}),
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    loadShare: (after.own.user + after.own.system) / 1e6 / seconds,
    refused,
  };
}

function startLoop(inFlight: number): () => void {
  for (const talker of talkers) for (let n = 0; n < inFlight; n += 1) speak(talker);
  return () => {};
}

/** Open loop: as many as are due, whatever the server has answered; times count from when they were due. */
function startRate(perSecond: number): () => void {
  const started = performance.now();
  let said = 0;
  const timer = setInterval(() => {
    for (const now = performance.now(); started + (said * 1_000) / perSecond <= now; said += 1)
      speak(talkers[said % talkers.length] as Talker, started + (said * 1_000) / perSecond);
  }, 1);
  return () => clearInterval(timer);
}

/** What is on its way comes in: until nothing more is heard for a moment. */
async function quiet(): Promise<void> {
  const until = performance.now() + 10_000;
  for (let seen = -1; seen !== acknowledged + delivered && performance.now() < until; ) {
    seen = acknowledged + delivered;
    await wait(100);
  }
  for (const talker of talkers) talker.sentAt.clear();
}

/** Rounds of messages to everybody: the next ones when the last member has heard the ones before. */
async function rounds({ pids, count, burst, listeners }: Given<'rounds'>): Promise<Window> {
  running = false;
  await beat();
  const lasts: number[] = [];
  const before = { acknowledged, delivered, cpu: cpuSeconds(pids), own: process.cpuUsage(), at: performance.now() };
  for (let n = 0; n < count; n += 1) {
    const start = delivered;
    const all = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${delivered - start} of ${burst * listeners} heard`)), 20_000);
      awaited = {
        at: delivered + burst * listeners,
        tell() {
          clearTimeout(timer);
          awaited = undefined;
          resolve();
        },
      };
    });
    const from = performance.now();
    for (let m = 0; m < burst; m += 1) speak(talkers[(n * burst + m) % talkers.length] as Talker);
    await all;
    lasts.push(lastHeardAt - from);
  }
  const seconds = (performance.now() - before.at) / 1_000;
  const own = process.cpuUsage(before.own);
  return {
    seconds,
    acknowledged: acknowledged - before.acknowledged,
    delivered: delivered - before.delivered,
    cpu: cpuSeconds(pids) - before.cpu,
    p50: quantile(lasts, 0.5),
    p99: quantile(lasts, 0.99),
    loadShare: (own.user + own.system) / 1e6 / seconds,
    refused,
  };
}

/** Nobody speaks; everybody beats once in `everyMs`, evenly spread. */
async function idle({
  pids,
  windowMs,
  everyMs,
}: Given<'idle'>): Promise<{ cpu: number; seconds: number; beats: number }> {
  const before = { cpu: cpuSeconds(pids), at: performance.now() };
  let beats = 0;
  while (performance.now() < before.at + windowMs) {
    const due = Math.floor(((performance.now() - before.at) * clients.length) / everyMs);
    for (; beats < due; beats += 1) clients[beats % clients.length]?.beat();
    await wait(2);
  }
  return { cpu: cpuSeconds(pids) - before.cpu, seconds: (performance.now() - before.at) / 1_000, beats };
}

function leave(): { closed: number } {
  const closed = clients.filter((client) => client.closed).length;
  for (const client of clients) client.close();
  clients.length = 0;
  talkers.length = 0;
  return { closed };
}

process.on('message', async ({ id, name, given }: Asked) => {
  try {
    const answer = await { enter, drive, rounds, idle, leave: async () => leave() }[name](given as never);
    process.send?.({ id, answer });
  } catch (error) {
    process.send?.({ id, error: (error as Error).message });
  }
});
process.on('disconnect', () => process.exit(0));
