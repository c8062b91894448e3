// userstat: who is connected, and who has not logged out.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import type { Core } from '../../../core/core.ts';
import { appOf } from '../caller.ts';
import { openAll, openNamed } from '../names.ts';
import { namesOf } from './body.ts';
import { answer } from './conventions.ts';
import { describe } from './describe.ts';
import { segment } from './query.ts';
import * as shapes from './schemas.ts';

const tag = 'Online state';
/** Letters of the vendor's for what a device said of itself; whoever said nothing is taken for a web page. */
const platforms: Readonly<Record<string, string>> = { android: 'a', ios: 'i', web: 'j', windows: 'w' };
const web = 'j';

type State = { readonly login: boolean; readonly online: boolean };
type Device = State & { readonly platform: string };

export function onlineRoutes(door: FastifyInstance, core: Core): void {
  const one = '/v1/users/:username/userstat';
  const show = describe(one, { tag, summary: 'Whether a user is online', answers: { 200: shapes.onlineState } });
  door.get(one, { schema: show }, async (request, reply) => {
    const app = appOf(request);
    const { id } = await openNamed(core, app, segment(request, 'username'));
    const [state] = await statesOf(core, app, [id]);
    return answer(reply, state);
  });

  const many = '/v1/users/userstat';
  const list = describe(many, {
    tag,
    summary: 'Whether users are online, by device',
    body: shapes.names('tom', 'annie'),
    answers: { 200: shapes.onlineStates },
  });
  door.post(many, { schema: list }, async (request, reply) => {
    const app = appOf(request);
    const users = await openAll(core, app, namesOf(request));
    const devices = await devicesOf(
      core,
      app,
      users.map(({ id }) => id),
    );
    return answer(
      reply,
      users.map(({ id }, i) => ({ username: id, devices: devices[i] })),
    );
  });

  for (const url of ['/v2/users/statuser', '/v2/users/userstat']) {
    const forgiving = describe(url, {
      tag,
      summary: 'The same; a name that nobody bears is told so',
      body: shapes.names('tom', 'nobody'),
      answers: { 200: shapes.onlineStates },
    });
    door.post(url, { schema: forgiving }, (request, reply) => answerForgiving(core, request, reply));
  }
}

async function answerForgiving(core: Core, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const app = appOf(request);
  const names = namesOf(request);
  const users = await core.store.users.byIds(app.no, names);
  const devices = await devicesOf(core, app, names);
  const known = (username: string, i: number) => ({ username, devices: devices[i], statuscode: 0 });
  const unknown = (username: string) => ({ username, devices: [], statuscode: 1, statusmsg: 'no_exist' });
  return answer(
    reply,
    names.map((name, i) => (users[i]?.home === null ? known(name, i) : unknown(name))),
  );
}

async function statesOf(core: Core, app: App, ids: readonly string[]): Promise<State[]> {
  const devices = await devicesOf(core, app, ids);
  return devices.map((own) => ({ login: own.length > 0, online: own.some(({ online }) => online) }));
}

/** Nobody keeps which connection came from which device: who is online is so on all of them, or on one of its own. */
async function devicesOf(core: Core, app: App, ids: readonly string[]): Promise<Device[][]> {
  const [online, installs] = await Promise.all([
    core.presence.online(app.no, ids),
    core.store.installs.of(app.no, ids),
  ]);
  const bound = Map.groupBy(installs, ({ who }) => who);
  return ids.map((id) => {
    const own = (bound.get(id) ?? []).map(({ platform }) => ({
      login: true,
      online: online.has(id),
      platform: platforms[platform ?? 'web'] ?? web,
    }));
    return own.length === 0 && online.has(id) ? [{ login: true, online: true, platform: web }] : own;
  });
}
