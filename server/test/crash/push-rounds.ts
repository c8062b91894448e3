// Kills the server while it pushes and looks whether every acknowledged message reached every absent device all the same:
// pushes wait in a table that is written with the message, and are taken out of it when the push service has them.
//
// Each round: four people speak to an absent friend each, and to a group of absent people; the webhook that stands for all
// push services answers after a moment; SIGKILL at a random time; start on the same data; wait until what is owed has come.
// Coming twice is allowed (the answer to a push may die with the server), with the same id each time.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type ChatClient, connectChat } from '../kit/chat-client.ts';
import { type ChildServer, openChildServer } from '../kit/child.ts';
import { eventually, within } from '../kit/eventually.ts';
import { openWebhookStandIn, type WebhookStandIn } from '../kit/push/webhook.ts';

export type PushRound = {
  readonly killedAfterMs: number;
  readonly acknowledged: number;
  /** Pushes that the acknowledged messages of this round owe. */
  readonly owed: number;
  /** Of those, on their way or still in the table when the server died. */
  readonly openAtDeath: number;
  /** Came more than once. */
  readonly doubled: number;
  readonly faults: readonly string[];
};

const speakers = 4;
const groupSize = 12;
const killMs = { min: 60, max: 700 };
const comesMsMax = 20_000;
const app = { id: 'crash-app', key: 'c0c0c0c0c0c0c0c0c0c0c0c0', master: 'c1c1c1c1c1c1c1c1c1c1c1c1' };
const adminToken = 'crash-admin-token-0123456789';

/** What came: by text and device, the ids it came with, one for each time. */
type Came = Map<string, string[]>;
const keyOf = (body: string, install: string): string => `${body} ${install}`;
const deviceOf = (user: string): string => `${user}-device`;
const groupMembers = Array.from({ length: groupSize }, (_, n) => `absent-${n}`);

export async function pushRounds(
  times: number,
  report: (round: PushRound, number: number) => void,
): Promise<PushRound[]> {
  const server = await openChildServer({
    apps: `${app.id}:${app.key}:${app.master}`,
    env: { HONGYAN_ADMIN_TOKEN: adminToken },
  });
  const webhook = await openWebhookStandIn();
  try {
    const group = await settle(server, webhook);
    const rounds: PushRound[] = [];
    for (let number = 1; number <= times; number += 1) {
      const round = await oneRound(server, webhook, group, number);
      rounds.push(round);
      report(round, number);
    }
    return rounds;
  } finally {
    await server.close();
    await webhook.close();
  }
}

async function settle(server: ChildServer, webhook: WebhookStandIn): Promise<string> {
  await call(server, 'PATCH', `/admin/apps/${app.id}`, { settings: { 'push.webhook': webhook.keys } });
  for (const user of groupMembers)
    await call(server, 'PUT', `/ctx/${user}/installs/${deviceOf(user)}`, { platform: 'test', token: user });
  for (let n = 0; n < speakers; n += 1) {
    await call(server, 'POST', `/ctx/speaker-${n}/friends/friend-${n}`);
    const friend = `friend-${n}`;
    await call(server, 'PUT', `/ctx/${friend}/installs/${deviceOf(friend)}`, { platform: 'test', token: friend });
  }
  const people = Array.from({ length: speakers }, (_, n) => `speaker-${n}`);
  return (await call(server, 'POST', '/groups', { owner: people[0], members: [...people, ...groupMembers] })) as string;
}

async function oneRound(
  server: ChildServer,
  webhook: WebhookStandIn,
  group: string,
  number: number,
): Promise<PushRound> {
  const killedAfterMs = Math.round(killMs.min + Math.random() * (killMs.max - killMs.min));
  webhook.pushes.length = 0;
  const answering = setInterval(() => webhook.react({ wait: wait(Math.random() * 40) }), 5);
  const acknowledged: string[] = [];
  const clients = await Promise.all(
    Array.from({ length: speakers }, (_, n) =>
      connectChat(server.base, { app: app.id, sign: signOf(), client: `speaker-${n}` }),
    ),
  );
  const talking = clients.map((client, n) => talk(client, n, group, number, acknowledged));
  await wait(killedAfterMs);
  await server.kill();
  await within('every client sees the end', Promise.all(talking), 10_000);
  clearInterval(answering);
  webhook.react(undefined);
  const owed = acknowledged.flatMap(owedBy);
  const openAtDeath = owed.length - owed.filter((key) => cameOf(webhook).has(key)).length;
  await server.start();
  const missing = await stillMissing(webhook, owed);
  const came = cameOf(webhook);
  const doubled = [...came.values()].filter((ids) => ids.length > 1).length;
  const faults = [
    ...missing.map((key) => `${key} was acknowledged and never pushed`),
    ...[...came].filter(([, ids]) => new Set(ids).size > 1).map(([key]) => `${key} came under two ids`),
    ...webhook.refused.map((why) => `the webhook refused one: ${why}`),
  ];
  return { killedAfterMs, acknowledged: acknowledged.length, owed: owed.length, openAtDeath, doubled, faults };
}

async function talk(
  client: ChatClient,
  n: number,
  group: string,
  round: number,
  acknowledged: string[],
): Promise<void> {
  const ended = client.closed.then(() => undefined);
  for (let count = 0; client.isOpen; count += 1) {
    const direct = count % 4 !== 3;
    const body = `${direct ? `friend-${n}` : 'group'}/${round}/${n}/${count}`;
    const to = direct ? { id: `friend-${n}`, type: 0 } : { id: group, type: 1 };
    const answer = client.sayAndWait({ to, content: { media: 0, body } }).catch(() => undefined);
    const told = await Promise.race([answer, ended]);
    if (told === undefined) return;
    assert.equal(told.success, true, JSON.stringify(told));
    acknowledged.push(body);
    await wait(5);
  }
}

/** A text says in its first word whom it was for. */
function owedBy(body: string): string[] {
  const [place = ''] = body.split('/');
  return (place === 'group' ? groupMembers : [place]).map((user) => keyOf(body, deviceOf(user)));
}

function cameOf(webhook: WebhookStandIn): Came {
  const came: Came = new Map();
  for (const { text, install, id } of webhook.pushes) {
    const key = keyOf(text, install);
    came.set(key, [...(came.get(key) ?? []), id]);
  }
  return came;
}

async function stillMissing(webhook: WebhookStandIn, owed: readonly string[]): Promise<string[]> {
  const missing = (): string[] => {
    const came = cameOf(webhook);
    return owed.filter((key) => !came.has(key));
  };
  await eventually('all pushes came', () => missing().length === 0, comesMsMax, 50).catch(() => {});
  return missing();
}

function signOf(): string {
  const ts = Date.now();
  return `${createHash('md5').update(`${ts}${app.key}`).digest('hex')},${ts}`;
}

async function call(server: ChildServer, method: string, path: string, body?: unknown): Promise<unknown> {
  const headers = {
    'X-ML-AppId': app.id,
    'X-ML-Request-Sign': signOf(),
    Authorization: `Bearer ${adminToken}`,
    'Content-Type': 'application/json',
  };
  const response = await fetch(server.base + path, { method, headers, body: JSON.stringify(body) });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
