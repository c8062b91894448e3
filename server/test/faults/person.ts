// One client of a fault test, as an application is written: it speaks with references and says again what was not
// acknowledged; when its connection breaks it comes back on any node and reads what it missed. What it is told on one
// connection must be in the order of the conversation, nothing twice; what it notices of that it keeps as a complaint.
import { setTimeout as wait } from 'node:timers/promises';
import { type ChatClient, connectChat, type FromWire } from '../kit/chat-client.ts';
import { signOf } from '../kit/world.ts';
import { app } from './backends.ts';

export type Talk = { readonly key: string; readonly to: { id: string; type: number }; readonly history: string };
export type Said = { readonly talk: string; readonly by: string; readonly text: string; readonly ts: number };
export type Seen = { readonly ts: number; readonly text: string };

export type Counts = {
  said: number;
  acknowledged: number;
  saidAgain: number;
  refused: number;
  heardLive: number;
  readLater: number;
  connections: number;
};

export type World = {
  /** Where somebody may try now. */
  nodes(): readonly string[];
  readonly random: () => number;
  readonly counts: Counts;
  readonly acknowledged: Said[];
  readonly complaints: string[];
};

const pageRows = 100;

export class Person {
  readonly id: string;
  readonly talks: readonly Talk[];
  /** What the others said, by talk, in the order in which it was shown. */
  readonly seen = new Map<string, Seen[]>();
  readonly #world: World;
  #client: ChatClient | undefined;
  #talking = true;
  #living = true;
  #said = 0;

  constructor(id: string, talks: readonly Talk[], world: World) {
    this.id = id;
    this.talks = talks;
    this.#world = world;
    for (const { key } of talks) this.seen.set(key, []);
  }

  get isConnected(): boolean {
    return this.#client?.isOpen === true;
  }

  /** Until `leave`: keeps a connection, and speaks until `hush`. */
  async live(everyMs: number): Promise<void> {
    const speaking = this.#speak(everyMs);
    while (this.#living) {
      try {
        await this.#connect();
      } catch {
        await wait(50 + 200 * this.#world.random());
        continue;
      }
      await this.#client?.closed;
    }
    await speaking;
  }

  /** Resolves when everything that was begun is acknowledged. */
  hush(): void {
    this.#talking = false;
  }

  leave(): void {
    this.#talking = false;
    this.#living = false;
    this.#client?.terminate();
  }

  async #connect(): Promise<void> {
    const nodes = this.#world.nodes();
    const node = nodes[Math.floor(this.#world.random() * nodes.length)];
    if (node === undefined) throw new Error('no node');
    const client = await connectChat(node, { app: app.id, sign: signOf(app.clientKey), client: this.id, ext: 1 });
    if (!this.#living || client.login?.success !== true) {
      client.terminate();
      throw new Error('not let in');
    }
    this.#world.counts.connections += 1;
    try {
      await this.#catchUp(client, node);
    } catch (error) {
      client.terminate();
      throw error;
    }
    this.#client = client;
  }

  /** What is live waits until what was missed has been read. */
  async #catchUp(client: ChatClient, node: string): Promise<void> {
    const newest = new Map<string, number>();
    let released = 0;
    const release = (): void => {
      for (; released < client.events.length; released += 1) {
        const { name, argument } = client.events[released] as (typeof client.events)[number];
        if (name === 'message') this.#hear(argument, newest);
      }
    };
    for (const talk of this.talks) await this.#read(talk, node);
    release();
    client.onEvent = release;
  }

  /** `newest`: on this connection. */
  #hear(message: FromWire, newest: Map<string, number>): void {
    const key = message.from.type === 1 ? `g/${message.from.gid}` : `f/${message.from.id}`;
    const { ts } = message;
    const before = newest.get(key) ?? 0;
    if (ts <= before) this.#complain(`${key}: told of ${ts} after ${before} on one connection`);
    newest.set(key, Math.max(ts, before));
    if (this.#show(key, { ts, text: message.content.body })) this.#world.counts.heardLive += 1;
  }

  async #read(talk: Talk, node: string): Promise<void> {
    for (;;) {
      const after = this.seen.get(talk.key)?.at(-1)?.ts ?? 0;
      const page = await readPage(node, talk, Math.max(after, this.#readTo.get(talk.key) ?? 0));
      for (const record of page) {
        this.#readTo.set(talk.key, record.ts);
        if (record.speaker !== this.id && this.#show(talk.key, { ts: record.ts, text: record.content.body }))
          this.#world.counts.readLater += 1;
      }
      if (page.length < pageRows) return;
    }
  }
  readonly #readTo = new Map<string, number>();

  /** What was shown already is not shown again: coming back, reading and hearing overlap. */
  #show(key: string, one: Seen): boolean {
    const shown = this.seen.get(key);
    if (!shown) return this.#complain(`heard of ${key}, which is not one of his`);
    const last = shown.at(-1)?.ts ?? 0;
    if (one.ts > last) {
      shown.push(one);
      return true;
    }
    if (!shown.some(({ ts }) => ts === one.ts)) this.#complain(`${key}: ${one.ts} came after ${last}`);
    return false;
  }

  #complain(what: string): false {
    this.#world.complaints.push(`${this.id}, ${what}`);
    return false;
  }

  async #speak(everyMs: number): Promise<void> {
    const { random } = this.#world;
    await wait(everyMs * random());
    while (this.#talking) {
      const talk = this.talks[Math.floor(random() * this.talks.length)] as Talk;
      this.#said += 1;
      await this.#say(talk, `${this.id} ${this.#said}`);
      await wait(everyMs * (0.5 + random()));
    }
  }

  /** Again and again, on whatever connection there is, until it is acknowledged. */
  async #say(talk: Talk, text: string): Promise<void> {
    const { counts, acknowledged, random } = this.#world;
    counts.said += 1;
    for (let attempt = 0; this.#living; attempt += 1) {
      if (attempt > 0) {
        counts.saidAgain += 1;
        await wait(20 + 100 * random());
      }
      const client = this.#client;
      if (!client?.isOpen) continue;
      const asked = client.sayAndWait({ to: talk.to, content: { media: 0, body: text }, ref: text });
      const answer = await Promise.race([asked.catch(() => undefined), client.closed]);
      if (answer?.success === true) {
        counts.acknowledged += 1;
        acknowledged.push({ talk: this.#nameOf(talk), by: this.id, text, ts: answer.ts });
        return;
      }
      if (answer) counts.refused += 1;
    }
  }

  /** The same for both of a pair. */
  #nameOf(talk: Talk): string {
    return talk.to.type === 1 ? talk.key : `f/${[this.id, talk.to.id].sort().join('|')}`;
  }
}

export async function readPage(node: string, talk: Talk, after: number): Promise<FromWire[]> {
  const answer = await fetch(`${node}${talk.history}?after=${after}&limit=${pageRows}`, {
    headers: { 'x-ml-appid': app.id, 'x-ml-request-sign': signOf(app.clientKey) },
    signal: AbortSignal.timeout(5_000),
  });
  if (answer.status !== 200) throw new Error(`history: ${answer.status}`);
  return (await answer.json()) as FromWire[];
}
