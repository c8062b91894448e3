// People in a world: who logs in, who is whose friend, and how a test sees that somebody heard nothing.
import assert from 'node:assert/strict';
import type { App } from '../../src/core/apps/app.ts';
import { type ChatClient, type ConnectOptions, connectChat, type FromWire } from './chat-client.ts';
import { eventually } from './eventually.ts';
import { openWorld, signOf, type World } from './world.ts';

export type Story = {
  readonly world: World;
  /** Logs a user in; fails when the login is refused. */
  join(id: string, more?: object, options?: ConnectOptions): Promise<ChatClient>;
  joinPassenger(passenger: object, more?: object): Promise<ChatClient>;
  /** Connects with an auth of the test's own making, whatever comes of it. */
  knock(auth: unknown, options?: ConnectOptions): Promise<ChatClient>;
  befriend(a: string, b: string): Promise<void>;
  group(owner: string, ...members: string[]): Promise<string>;
  room(...members: string[]): Promise<string>;
  /** Texts in a page of history, with who said them: `['ann: hi']`. */
  history(path: string): Promise<string[]>;
  /** Everything that was sent to these before has arrived once this resolves: an announcement to each came through behind it. */
  settled(...clients: ChatClient[]): Promise<void>;
  /** Waits until REST no longer shows anybody of this id online. */
  gone(id: string): Promise<void>;
  close(): Promise<void>;
};

export async function openStory(options?: Parameters<typeof openWorld>[0]): Promise<Story> {
  const world = await openWorld(options);
  const clients: ChatClient[] = [];
  let marks = 0;
  const ok = async (method: string, path: string, body?: unknown): Promise<FromWire> => {
    const answer = await world.rest(method, path, body);
    assert.ok(answer.status >= 200 && answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.body;
  };

  const story: Story = {
    world,
    async join(id, more = {}, options = {}) {
      const client = await story.knock(authOf(world.app, { client: id, ...more }), options);
      const { ts } = client.login;
      assert.deepEqual(client.login, { success: true, id, ...('ext' in more ? { ts } : {}) });
      return client;
    },
    async joinPassenger(passenger, more = {}) {
      const client = await story.knock(authOf(world.app, { passenger, ...more }));
      assert.equal(client.login.success, true);
      return client;
    },
    async knock(auth, options) {
      const client = await connectChat(world.url, auth, options);
      clients.push(client);
      return client;
    },
    async befriend(a, b) {
      await ok('POST', `/ctx/${a}/friends/${b}`);
    },
    group: (owner, ...members) => ok('POST', '/groups', { owner, members }),
    room: (...members) => ok('POST', '/rooms', { members }),
    async history(path) {
      const page = (await ok('GET', path)) as { speaker: string; content: { body: string } }[];
      return page.map((record) => `${record.speaker}: ${record.content.body}`);
    },
    async settled(...some) {
      for (const client of some) {
        const mark = `mark ${++marks}`;
        await ok('POST', `/system/${client.login.id}`, { content: { media: 0, body: mark } });
        await client.next('sys', (sys) => sys.content.body === mark);
      }
    },
    async gone(id) {
      await eventually(`${id} is offline`, async () => !(await ok('GET', `/ctx/${id}`)).online);
    },
    async close() {
      await Promise.all(clients.map((client) => client.close().catch(() => client.terminate())));
      await world.close();
    },
  };
  return story;
}

/** The auth object of the handshake, signed with the app's client key. */
export const authOf = (app: App, who: object): FromWire => ({ app: app.id, sign: signOf(app.clientKey), ...who });

/** What a client adds to its auth that wants to hear of extensions. */
export const ext = { ext: 1 };

/** A text message of the wire. */
export const text = (type: number | undefined, id: string, body: string, more: object = {}): FromWire => ({
  to: type === undefined ? { id } : { id, type },
  content: { media: 0, body },
  ...more,
});
