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
/** What a connection is told to be when nobody knows more: a web page. */
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
  const existing = new Set(await core.store.users.existing(app.no, names));
  const devices = await devicesOf(core, app, names);
  const known = (username: string, i: number) => ({ username, devices: devices[i], statuscode: 0 });
  const unknown = (username: string) => ({ username, devices: [], statuscode: 1, statusmsg: 'no_exist' });
  return answer(
    reply,
    names.map((name, i) => (existing.has(name) ? known(name, i) : unknown(name))),
  );
}

async function statesOf(core: Core, app: App, ids: readonly string[]): Promise<State[]> {
  const online = await core.presence.online(app.no, ids);
  return Promise.all(
    ids.map(async (id) => {
      if (online.has(id)) return { login: true, online: true };
      return { login: (await core.store.users.installs(app.no, id)).length > 0, online: false };
    }),
  );
}

/** Nobody keeps which connection came from which device, so there is one at most. */
async function devicesOf(core: Core, app: App, ids: readonly string[]): Promise<Device[][]> {
  const states = await statesOf(core, app, ids);
  return states.map((state) => (state.login ? [{ ...state, platform: web }] : []));
}
