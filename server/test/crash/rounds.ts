// Kills the server in the middle of its work and looks whether it kept its word: whatever a sender was told is stored
// must be in the history after the next start, exactly once, at the time that was told, in the order it was sent.
//
// Each round: 16 clients, eight pairs of friends and one group of all, keep four messages in flight each (no retries:
// this wire has no reference by which one could be recognised); SIGKILL at a random moment; start on the same data; read
// every conversation back, page by page. This is the death of the process; what the disk does when the power fails is the
// business of `synchronous=FULL`, and cannot be shown from here.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type ChatClient, connectChat } from '../kit/chat-client.ts';
import { type ChildServer, openChildServer } from '../kit/child.ts';
import { within } from '../kit/eventually.ts';

export type Round = {
  readonly killedAfterMs: number;
  readonly sent: number;
  /** A sender was told these are stored. */
  readonly acknowledged: number;
  /** Of this round, found in the history. */
  readonly stored: number;
  /** What is wrong, one sentence each. Empty: the server kept its word. */
  readonly faults: readonly string[];
};

const clientsCount = 16;
const inFlight = 4;
const killMs = { min: 150, max: 1_500 };
const app = { id: 'crash-app', key: 'c0c0c0c0c0c0c0c0c0c0c0c0', master: 'c1c1c1c1c1c1c1c1c1c1c1c1' };

type Sent = { readonly place: string; readonly sender: string; readonly n: number; readonly body: string; ts?: number };
type Record = { readonly speaker: string; readonly content: { readonly body: string }; readonly ts: number };

export async function crashRounds(rounds: number, report: (round: Round, number: number) => void): Promise<Round[]> {
  const server = await openChildServer({ apps: `${app.id}:${app.key}:${app.master}` });
  try {
    const places = await settle(server);
    const all: Sent[] = [];
    const heads: Heads = new Map();
    const results: Round[] = [];
    for (let number = 1; number <= rounds; number += 1) {
      const killedAfterMs = Math.round(killMs.min + Math.random() * (killMs.max - killMs.min));
      const sent = await talkUntilKilled(server, places, number, killedAfterMs);
      await server.start();
      all.push(...sent);
      const { stored, faults } = await inspect(server, places, sent, heads);
      // A later crash must not eat what an earlier one left.
      if (number === rounds && rounds > 1) faults.push(...(await inspect(server, places, all, new Map())).faults);
      const acknowledged = sent.filter((one) => one.ts !== undefined).length;
      const round = { killedAfterMs, sent: sent.length, acknowledged, stored, faults };
      results.push(round);
      report(round, number);
    }
    return results;
  } finally {
    await server.close();
  }
}

/** Where each client speaks, and the REST path where it can be read. */
type Places = { readonly group: string; readonly paths: ReadonlyMap<string, string> };

const name = (n: number): string => `crash-${n}`;
const partner = (n: number): string => name(n ^ 1);
const pairOf = (n: number): string => `pair ${n >> 1}`;

async function settle(server: ChildServer): Promise<Places> {
  const paths = new Map<string, string>();
  for (let n = 0; n < clientsCount; n += 2) {
    await rest(server, 'POST', `/ctx/${name(n)}/friends/${partner(n)}`);
    paths.set(pairOf(n), `/ctx/${name(n)}/friends/${partner(n)}/chats`);
  }
  const members = Array.from({ length: clientsCount }, (_, n) => name(n));
  const group = (await rest(server, 'POST', '/groups', { owner: name(0), members })) as string;
  paths.set('group', `/groups/${group}/chats`);
  return { group, paths };
}

async function talkUntilKilled(server: ChildServer, places: Places, round: number, afterMs: number): Promise<Sent[]> {
  const sent: Sent[] = [];
  const clients = await Promise.all(
    Array.from({ length: clientsCount }, (_, n) =>
      connectChat(server.base, { app: app.id, sign: signOf(), client: name(n) }),
    ),
  );
  for (const client of clients) assert.equal(client.login?.success, true);
  const talking = clients.map((client, n) => talk(client, n, places, round, sent));
  await wait(afterMs);
  await server.kill();
  await within('every client sees the end', Promise.all(talking), 10_000);
  return sent;
}

/** Speaks in turn to the partner and to the group until the connection ends. */
async function talk(client: ChatClient, n: number, { group }: Places, round: number, sent: Sent[]): Promise<void> {
  let count = 0;
  const ended = client.closed.then(() => undefined);
  const lane = async (): Promise<void> => {
    while (client.isOpen) {
      count += 1;
      const direct = count % 2 === 0;
      const said: Sent = {
        place: direct ? pairOf(n) : 'group',
        sender: name(n),
        n: count,
        body: `${round}/${n}/${count}`,
      };
      sent.push(said);
      const to = direct ? { id: partner(n), type: 0 } : { id: group, type: 1 };
      const answer = client.sayAndWait({ to, content: { media: 0, body: said.body } }).catch(() => undefined);
      const told = await Promise.race([answer, ended]);
      if (told === undefined) return;
      assert.equal(told.success, true, JSON.stringify(told));
      said.ts = told.ts;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
}

/**
 * The time of the newest record of each place that was looked at before. The clock would not do: times are unique in a
 * conversation, so those of a very busy one run ahead of it.
 */
type Heads = Map<string, number>;

/** `sent`: everything that was said since `heads`, which are moved on. */
async function inspect(
  server: ChildServer,
  { paths }: Places,
  sent: readonly Sent[],
  heads: Heads,
): Promise<{ stored: number; faults: string[] }> {
  const faults: string[] = [];
  let stored = 0;
  for (const [place, path] of paths) {
    const records = await readSince(server, path, heads.get(place) ?? 0);
    heads.set(place, records.at(-1)?.ts ?? heads.get(place) ?? 0);
    stored += records.length;
    faults.push(
      ...compare(
        place,
        sent.filter((one) => one.place === place),
        records,
      ),
    );
  }
  return { stored, faults };
}

/** What is wrong between what was sent to one place and what its history holds. */
export function compare(place: string, sent: readonly Sent[], records: readonly Record[]): string[] {
  const faults: string[] = [];
  const bySender = new Map<string, string[]>();
  const found = new Map<string, Record>();
  const known = new Set(sent.map((one) => one.body));
  for (const [index, record] of records.entries()) {
    const { body } = record.content;
    if (found.has(body)) faults.push(`${place}: ${body} is there twice`);
    if (!known.has(body)) faults.push(`${place}: ${body} was never sent`);
    if (index > 0 && record.ts <= (records[index - 1] as Record).ts)
      faults.push(`${place}: ${body} is not later than the one before`);
    found.set(body, record);
    bySender.set(record.speaker, [...(bySender.get(record.speaker) ?? []), body]);
  }
  for (const one of sent) {
    if (one.ts === undefined) continue;
    const record = found.get(one.body);
    if (!record) faults.push(`${place}: ${one.body} was acknowledged and is lost`);
    else if (record.ts !== one.ts)
      faults.push(`${place}: ${one.body} was acknowledged at ${one.ts} and is stored at ${record.ts}`);
    else if (record.speaker !== one.sender) faults.push(`${place}: ${one.body} is somebody else's`);
  }
  for (const [sender, bodies] of bySender) {
    const inOrder = sent.filter((one) => one.sender === sender && found.has(one.body)).map((one) => one.body);
    if (bodies.join() !== inOrder.join()) faults.push(`${place}: what ${sender} said is stored in another order`);
  }
  return faults;
}

/** The history, oldest first, by the cursor that clients page with. */
async function readSince(server: ChildServer, path: string, headTs: number): Promise<Record[]> {
  const pages: Record[][] = [];
  let before = '';
  for (;;) {
    const page = (await rest(server, 'GET', `${path}?limit=100${before}`)) as Record[];
    pages.push(page.filter((record) => record.ts > headTs));
    const [oldest] = page;
    if (!oldest || oldest.ts <= headTs) return pages.toReversed().flat();
    before = `&ts=${oldest.ts}`;
  }
}

function signOf(): string {
  const ts = Date.now();
  return `${createHash('md5').update(`${ts}${app.key}`).digest('hex')},${ts}`;
}

async function rest(server: ChildServer, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(server.base + path, {
    method,
    headers: { 'X-ML-AppId': app.id, 'X-ML-Request-Sign': signOf(), 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text);
}
