// The people of the JMessage door's contract: tom, annie and eddie are users, boss an admin, tom owns the group `gid` and the
// room `room`, and annie is in both.
import { jm, register, registerAdmin } from './jmessage.ts';
import { type Answer, openWorld, type World } from './world.ts';

export type Hikers = {
  readonly world: World;
  readonly gid: number;
  readonly room: number;
  /** A text from boss to tom, where `more` says nothing else. */
  send(more?: object, path?: string): Promise<Answer>;
  /** The newest message as the report has it. */
  reported(): Promise<Record<string, unknown>>;
};

export const basic = {
  version: 1,
  target_type: 'single',
  target_id: 'tom',
  from_type: 'admin',
  from_id: 'boss',
  msg_type: 'text',
  msg_body: { text: 'hello' },
};

export async function openHikers(): Promise<Hikers> {
  const world = await openWorld();
  await register(world, 'tom', 'annie', 'eddie');
  await registerAdmin(world, 'boss');
  const people = { owner_username: 'tom', members_username: ['annie'] };
  const { gid } = (await jm(world, 'POST', '/v1/groups', { ...people, name: 'hikers' })).body;
  const { chatroom_id: room } = (await jm(world, 'POST', '/v1/chatroom', { ...people, name: 'lobby' })).body;
  return {
    ...{ world, gid, room },
    send: (more = {}, path = '/v1/messages') => jm(world, 'POST', path, { ...basic, ...more }),
    async reported() {
      const { total } = (await jm(world, 'GET', '/v1/messages?count=1')).body;
      const { messages } = (await jm(world, 'GET', `/v1/messages?start=${total - 1}&count=1`)).body;
      return messages[0];
    },
  };
}
