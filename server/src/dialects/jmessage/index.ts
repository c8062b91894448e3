// JMessage's REST door: the table of contents.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Core } from '../../core/core.ts';
import { demandCredentials } from './caller.ts';
import { limitRate } from './rate.ts';
import { adminRoutes } from './rest/admins.ts';
import { blacklistRoutes } from './rest/blacklist.ts';
import { answerErrors, type DoorMetrics, readJson } from './rest/conventions.ts';
import { crossRoutes } from './rest/cross.ts';
import { crossPeopleRoutes } from './rest/cross-people.ts';
import { friendRoutes } from './rest/friends.ts';
import { groupRoutes } from './rest/groups.ts';
import { memberRoutes } from './rest/members.ts';
import { messageRoutes } from './rest/messages.ts';
import { noDisturbRoutes } from './rest/no-disturb.ts';
import { onlineRoutes } from './rest/online.ts';
import { documentRoutes, serveDocument } from './rest/openapi.ts';
import { passwordRoutes } from './rest/passwords.ts';
import { reportRoutes } from './rest/reports.ts';
import { resourceRoutes, ticketRoutes, uploadRoutes } from './rest/resource.ts';
import { roomMemberRoutes } from './rest/room-members.ts';
import { roomRoutes } from './rest/rooms.ts';
import { selfRegisterRoutes } from './rest/self-register.ts';
import { shieldRoutes } from './rest/shields.ts';
import { statisticRoutes } from './rest/statistics.ts';
import { spareOthers, watchRoutes } from './rest/unknown.ts';
import { userRoutes } from './rest/users.ts';
import { wordRoutes } from './rest/words.ts';

export type JmessageOptions = {
  readonly core: Core;
  /** Origin that the client of a request sees, without a slash at its end. */
  readonly publicUrl: (request: FastifyRequest) => string;
  readonly metrics?: DoorMetrics;
};

/** A Fastify plugin, to be registered without a prefix. Its hooks, parsers and errors are its own. */
export async function jmessageRest(
  door: FastifyInstance,
  { core, publicUrl, metrics }: JmessageOptions,
): Promise<void> {
  answerErrors(door, core.log.child({ area: 'jmessage' }), metrics);
  await documentRoutes(door);
  const { answerTheRest } = watchRoutes(door);
  ticketRoutes(door, { core });

  await door.register(async (known) => {
    spareOthers(known);
    demandCredentials(known, core);
    limitRate(known, core.clock);
    await uploadRoutes(known, { core, publicUrl });
    await known.register(async (json) => {
      readJson(json);
      userRoutes(json, core);
      adminRoutes(json, core);
      passwordRoutes(json, core);
      onlineRoutes(json, core);
      blacklistRoutes(json, core);
      friendRoutes(json, core);
      noDisturbRoutes(json, core);
      shieldRoutes(json, core);
      wordRoutes(json, core);
      selfRegisterRoutes(json, core);
      groupRoutes(json, core);
      memberRoutes(json, core);
      roomRoutes(json, core);
      roomMemberRoutes(json, core);
      messageRoutes(json, { core, publicUrl });
      reportRoutes(json, core);
      statisticRoutes(json, core);
      resourceRoutes(json, { core, publicUrl });
      crossRoutes(json, core);
      crossPeopleRoutes(json, core);
      answerTheRest(json);
    });
  });

  serveDocument(door);
}
