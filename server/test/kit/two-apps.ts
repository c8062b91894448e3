// Two apps of one server, of which the first may address the second: tom and annie here, zoe and yan there.
import assert from 'node:assert/strict';
import type { App } from '../../src/core/apps/app.ts';
import type { ChatClient } from './chat-client.ts';
import { jm, register, registerAdmin } from './jmessage.ts';
import { authOf, ext, openStory, type Story } from './story.ts';

export type TwoApps = Omit<Story, 'group'> & {
  readonly app: App;
  readonly other: App;
  readonly tom: ChatClient;
  /** Of the other app. */
  readonly zoe: ChatClient;
  /** Over the JMessage door; fails when it is refused. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  ask(as: App, method: string, path: string, body?: unknown): Promise<any>;
  allow(on: boolean): Promise<void>;
  /** Of tom; answers its number. */
  group(...members: string[]): Promise<number>;
  invite(gid: number, who?: string): Promise<unknown>;
  /** How its own app names a group or room, and how the other one names its twin. */
  idHere(gid: number): Promise<string>;
  idThere(gid: number): Promise<string>;
};

export async function openTwoApps(): Promise<TwoApps> {
  const story = await openStory();
  const { world } = story;
  const { app, other } = world;
  const { conversations, guests } = world.core.store;
  const ask: TwoApps['ask'] = async (as, method, path, body) => {
    const answer = await jm(world, method, path, body, { as });
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.body;
  };
  const allow = (on: boolean) => world.set({ 'jmessage.crossApps': on ? [other.id] : [] });
  await register(world, 'tom', 'annie', 'eddie');
  await registerAdmin(world, 'boss');
  await ask(other, 'POST', '/v1/users', [
    { username: 'zoe', password: 'pw-1234', nickname: 'Zoe' },
    { username: 'yan', password: 'pw-1234' },
  ]);
  await allow(true);
  const tom = await story.join('tom', ext);
  const zoe = await story.knock(authOf(other, { client: 'zoe', ...ext }));
  assert.equal(zoe.login.success, true);
  return {
    ...story,
    ...{ app, other, tom, zoe, ask, allow },
    async group(...members) {
      const wish = { owner_username: 'tom', name: 'hikers', members_username: members };
      return (await ask(app, 'POST', '/v1/groups', wish)).gid;
    },
    invite: (gid, who = 'zoe') =>
      ask(app, 'POST', `/v1/cross/groups/${gid}/members`, [{ appkey: other.id, add: [who] }]),
    idHere: async (gid) => (await conversations.open(app.no, String(gid)))?.id ?? '',
    async idThere(gid) {
      const no = await guests.twinOf(other.no, app.no, gid);
      return (await conversations.open(other.no, String(no)))?.id ?? '';
    },
  };
}

/** The request object of a text in a user's name. */
export const saidBy = (from_id: string, target_type: string, target_id: string | number, more: object = {}) => ({
  version: 1,
  from_type: 'user',
  from_id,
  target_type,
  target_id,
  msg_type: 'text',
  msg_body: { text: 'hello' },
  ...more,
});
