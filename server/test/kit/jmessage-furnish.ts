// A world that has what the examples of the JMessage document name, and what its paths call `gid`, `room` and the like.
import { toTime } from '../../src/dialects/jmessage/times.ts';
import { jm, register, registerAdmin } from './jmessage.ts';
import { done } from './rest.ts';
import type { World } from './world.ts';

export type Names = Readonly<Record<string, string>>;

/** May be called again in the same world: who is missing is made anew. */
export async function furnish(world: World): Promise<Names> {
  const { store } = world.core;
  const { no } = world.app;
  const missing = async (...names: string[]) => {
    const there = new Set(await store.users.existing(no, names));
    return names.filter((name) => !there.has(name));
  };
  const users = await missing('tom', 'annie', 'eddie', 'mary');
  if (users.length > 0) await register(world, ...users);
  for (const name of await missing('boss')) await registerAdmin(world, name);
  await befriend(world, 'tom', 'annie');
  // Each example finds things as its path needs them: mary is new to tom, eddie is on his blacklist.
  await jm(world, 'DELETE', '/v1/users/tom/friends', ['mary']);
  await jm(world, 'DELETE', '/v1/users/tom/blacklist', ['mary']);
  await jm(world, 'PUT', '/v1/users/tom/blacklist', ['eddie']);
  await jm(world, 'POST', '/v1/users/tom/nodisturb', { single: { remove: ['annie'] } });
  const gid = await numberOf(world, done(await world.rest('POST', '/groups', { owner: 'tom', members: ['annie'] })));
  const room = await numberOf(world, done(await world.rest('POST', '/rooms', { members: ['tom', 'annie'] })));
  await jm(world, 'POST', '/v1/users/tom/nodisturb', { single: { remove: ['mary'] } });
  const { body } = await jm(world, 'POST', '/v1/messages', {
    version: 1,
    target_type: 'single',
    target_id: 'annie',
    from_type: 'user',
    from_id: 'tom',
    msg_type: 'text',
    msg_body: { text: 'hello' },
  });
  const places = { gid: String(gid), room: String(room), msgid: String(body.msg_id) };
  return { username: 'tom', other: 'annie', ...places, ...aroundNow(world), mediaId: await uploaded(world) };
}

/** A range that reports find the furnished message in. */
function aroundNow({ clock }: World): Names {
  const at = (ms: number) => toTime(clock.now() + ms, 'Asia/Shanghai');
  return { begin_time: at(-3_600_000), end_time: at(3_600_000) };
}

async function uploaded(world: World): Promise<string> {
  const form = new FormData();
  form.append('filename', new Blob(['hello']), 'hello.txt');
  return (await jm(world, 'POST', '/v1/resource?type=file', undefined, { raw: form })).body.media_id;
}

async function befriend(world: World, a: string, b: string): Promise<void> {
  if (!(await world.core.store.friends.between(world.app.no, a, b)))
    await jm(world, 'POST', `/v1/users/${a}/friends`, [b]);
}

const numberOf = async (world: World, id: string): Promise<number> =>
  (await world.core.store.conversations.open(world.app.no, id))?.no as number;

// biome-ignore lint/suspicious/noExplicitAny: the document as it comes
export type Free = any;

export type Operation = { readonly method: string; readonly path: string; readonly operation: Free };

/** Every operation of the document, but uploads: those are forms. */
export async function operationsOf(world: World): Promise<Operation[]> {
  const { paths } = done(await world.rest('GET', '/docs/jmessage/openapi.json'), 200);
  return Object.entries<Free>(paths).flatMap(([path, methods]) =>
    Object.entries<Free>(methods)
      .filter(([, { requestBody }]) => !requestBody || 'application/json' in requestBody.content)
      .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

export const fill = (path: string, value: (name: string) => string): string =>
  path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(value(name)));

/** `value` with the numbers that examples name put for those of this world. */
export function withNumbers(value: unknown, names: Names): unknown {
  const text = JSON.stringify(value) ?? 'null';
  return JSON.parse(text.replaceAll('10000001', names.gid ?? '').replaceAll('10000002', names.room ?? ''));
}
