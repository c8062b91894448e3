// Everything but messages under the older base path: the same functions as on the newer one.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { unsilenceMembers } from '../../../core/conversations/silence.ts';
import type { Core } from '../../../core/core.ts';
import { openAny, openFor } from '../open.ts';
import { endBroadcast, sayToEverybody, validBroadcasts } from './broadcasts.ts';
import { kick, onlineAmong, sampleMax, unreadOf } from './clients.ts';
import { answer, callerOf, masterOnly, paramsIn, segment } from './conventions.ts';
import { peerOf, textOf } from './params.ts';
import { sayToSubscribers } from './services.ts';
import { silenceFor } from './silences.ts';
import { isSubscribed, subscribe, subscribersOf, subscriptionsOf, unsubscribe } from './subscribers.ts';

const rtm = '/1.1/rtm';

export function olderRoutes(door: FastifyInstance, core: Core): void {
  broadcasts(door, core);
  subscriptions(door, core);
  clients(door, core);
  silences(door, core);
}

const service = (core: Core, request: FastifyRequest, purpose: 'send' | 'read' | 'change') =>
  openFor(core, callerOf(request).app, 'services', textOf(paramsIn(request), 'conv_id', 'convid'), purpose);

function broadcasts(door: FastifyInstance, core: Core): void {
  const guarded = { onRequest: masterOnly };
  door.post(`${rtm}/broadcast`, guarded, async (request, reply) =>
    answer(reply, await sayToEverybody(core, callerOf(request).app, paramsIn(request))),
  );
  door.delete(`${rtm}/broadcast`, guarded, async (request, reply) => {
    const mid = textOf(paramsIn(request), 'mid', 'msg_id', 'message_id', 'msgid');
    await endBroadcast(core, callerOf(request).app, mid);
    return answer(reply, {});
  });
  door.get(`${rtm}/broadcast`, guarded, async (request, reply) =>
    answer(reply, await validBroadcasts(core, callerOf(request).app, paramsIn(request))),
  );
  door.post(`${rtm}/broadcast/subscriber`, guarded, async (request, reply) => {
    const conversation = await service(core, request, 'send');
    return answer(
      reply,
      await sayToSubscribers(core, callerOf(request).app, conversation, paramsIn(request), request.ip),
    );
  });
}

function subscriptions(door: FastifyInstance, core: Core): void {
  const path = `${rtm}/conversation/subscription`;
  const who = (request: FastifyRequest) => peerOf(paramsIn(request), 'client_id');
  door.post(path, async (request, reply) => {
    const client = who(request);
    await subscribe(core, callerOf(request).app, await service(core, request, 'change'), client);
    return answer(reply, {});
  });
  door.delete(path, async (request, reply) => {
    await unsubscribe(core, callerOf(request).app, await service(core, request, 'change'), who(request));
    return answer(reply, {});
  });
  door.get(path, async (request, reply) =>
    answer(reply, await subscriptionsOf(core, callerOf(request).app, who(request), paramsIn(request))),
  );
  door.get(`${rtm}/conversation/subscribers`, async (request, reply) => {
    const conversation = await service(core, request, 'read');
    return answer(reply, await subscribersOf(core, callerOf(request).app, conversation, paramsIn(request)));
  });
  door.get(`${rtm}/conversation/subscribers/count`, async (request, reply) =>
    answer(reply, { count: (await service(core, request, 'read')).memberCount }),
  );
  door.get(`${rtm}/conversation/subscribed`, async (request, reply) => {
    const conversation = await service(core, request, 'read');
    return answer(reply, await isSubscribed(core, callerOf(request).app, conversation, who(request)));
  });
}

function clients(door: FastifyInstance, core: Core): void {
  door.post(`${rtm}/online`, async (request, reply) =>
    answer(reply, { results: await onlineAmong(core, callerOf(request).app, paramsIn(request)) }),
  );
  door.post(`${rtm}/client/kick`, async (request, reply) => {
    const params = paramsIn(request);
    await kick(core, callerOf(request).app, textOf(params, 'client_id'), params);
    return answer(reply, {});
  });
  for (const path of [`${rtm}/messages/unread/:client`, `${rtm}/messages/unread/:client/:conv`])
    door.get(path, async (request, reply) => {
      const conv = segment(request, 'conv');
      const count = await unreadOf(core, callerOf(request).app, segment(request, 'client'), conv || undefined);
      return answer(reply, { count });
    });
  for (const what of ['onlines', 'members'] as const)
    door.get(`${rtm}/transient_group/${what}`, async (request, reply) => {
      const { app } = callerOf(request);
      const room = await openFor(core, app, 'chatrooms', textOf(paramsIn(request), 'gid'), 'read');
      const { total, who } = await core.presence.attendees(app.no, room.no, what === 'members' ? sampleMax : 0);
      return answer(reply, { result: what === 'members' ? who : total });
    });
}

/** What is called a blacklist here is a silence for a while. */
function silences(door: FastifyInstance, core: Core): void {
  const path = `${rtm}/conversation/blacklist`;
  door.post(path, async (request, reply) => {
    const { app } = callerOf(request);
    const params = paramsIn(request);
    await silenceFor(core, app, await openAny(core, app, params), params);
    return answer(reply, {});
  });
  door.delete(path, async (request, reply) => {
    const { app } = callerOf(request);
    const params = paramsIn(request);
    const who = textOf(params, 'client_id');
    await unsilenceMembers(core, app, await openAny(core, app, params), [who], { timed: true });
    return answer(reply, {});
  });
}
