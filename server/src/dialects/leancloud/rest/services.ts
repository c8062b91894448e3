// What a service conversation says: to all its subscribers, to a few clients, and how that is changed, taken back and read.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import type { Conversation } from '../../../core/conversations/conversation.ts';
import type { Core } from '../../../core/core.ts';
import type { JsonObject } from '../../../core/json.ts';
import { openFor } from '../open.ts';
import { spend } from '../rate.ts';
import { broadcastOf } from './broadcasts.ts';
import { answer, callerOf, masterOnly, newestShape, paramsIn, segment } from './conventions.ts';
import { say } from './messages.ts';
import { flagOf, given } from './params.ts';
import { changeForClients, changeForSubscribers, removeForClient } from './service-changes.ts';
import { historyOfSubscriber } from './service-history.ts';
import { clientsIn, sayToClients } from './service-say.ts';

const base = '/1.2/rtm/service-conversations/:id';

export function serviceRoutes(door: FastifyInstance, core: Core): void {
  const guarded = { onRequest: masterOnly };
  const open = async (request: FastifyRequest, purpose: 'send' | 'read' | 'change' = 'change') => {
    const caller = callerOf(request);
    const service = await openFor(core, caller.app, 'services', segment(request, 'id'), purpose);
    return { caller, app: caller.app, service, params: paramsIn(request) };
  };

  door.post(`${base}/broadcasts`, guarded, async (request, reply) => {
    const { app, service, params } = await open(request, 'send');
    return answer(reply, await sayToSubscribers(core, app, service, params, request.ip));
  });
  door.post(`${base}/messages`, guarded, async (request, reply) => {
    const { caller, app, service, params } = await open(request, 'send');
    return answer(
      reply,
      await sayToClients(core, app, service, params, { usual: newestShape(caller) ? 2 : 1, address: request.ip }),
    );
  });
  for (const method of ['PUT', 'POST'] as const) {
    for (const deed of ['edit', 'recall'] as const) {
      const handler = async (request: FastifyRequest) => {
        const { app, service, params } = await open(request);
        const mid = segment(request, 'mid');
        const clients = clientsIn(params);
        const whole = await broadcastOf(core, app, mid, service);
        spend(request, clients ? 'messages' : whole ? 'everybody' : 'subscribers');
        if (clients) await changeForClients(core, app, service, clients, { mid, deed, params }, request.ip);
        else await changeForSubscribers(core, app, service, { mid, deed, params }, request.ip);
        return { result: {} };
      };
      door.route({
        method,
        url: `${base}/messages/:mid${deed === 'recall' ? '/recall' : ''}`,
        ...guarded,
        handler: async (request, reply) => answer(reply, await handler(request)),
      });
    }
  }
  const one = `${base}/subscribers/:client/messages`;
  door.delete(`${one}/:mid`, guarded, async (request, reply) => {
    const { app, service, params } = await open(request);
    await removeForClient(core, app, service, segment(request, 'client'), segment(request, 'mid'), params);
    return answer(reply, {});
  });
  door.get(one, guarded, async (request, reply) => {
    const { app, service, params } = await open(request, 'read');
    return answer(reply, await historyOfSubscriber(core, app, service, segment(request, 'client'), params));
  });
}

/** To whoever has subscribed. Some SDKs look for the answer's pair inside `result`, others beside it. */
export async function sayToSubscribers(
  core: Core,
  app: App,
  service: Conversation,
  params: JsonObject,
  address: string,
): Promise<JsonObject> {
  const push = given(params, 'push_data', 'push');
  const said = { ...params, ...(push === undefined ? {} : { push_data: push }) };
  const transient = flagOf(params, 'transient');
  const pair = await say(core, app, { id: service.id, params: said, transient, usual: 2, silent: false, address });
  return { ...pair, result: pair };
}
