// MaxLeap's REST door: the table of contents.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Core } from '../../core/core.ts';
import { callerOf, demandCredentials, guard } from './caller.ts';
import { accountDoor } from './rest/account-door.ts';
import { attachmentRoutes } from './rest/attachment.ts';
import { attributeRoutes } from './rest/attributes.ts';
import { cardRoutes } from './rest/cards.ts';
import { chatRoutes } from './rest/chats.ts';
import { allowOrigins, answerErrors, checkBodies, type DoorMetrics, readJson } from './rest/conventions.ts';
import { friendRoutes } from './rest/friends.ts';
import { groupRoutes } from './rest/groups.ts';
import { installRoutes } from './rest/installs.ts';
import { memberRoutes } from './rest/members.ts';
import { documentRoutes, serveDocument } from './rest/openapi.ts';
import { passengerRoutes } from './rest/passengers.ts';
import { roomRoutes } from './rest/rooms.ts';
import { strangerRoutes } from './rest/strangers.ts';
import { systemRoutes } from './rest/system.ts';
import { talkRoutes } from './rest/talks.ts';
import { spareOthers, watchRoutes } from './rest/unknown.ts';
import { uploadedFiles } from './rest/uploads.ts';
import { userRoutes } from './rest/users.ts';

export type MaxleapOptions = {
  readonly core: Core;
  /** Origin that the client of a request sees, without a slash at its end. */
  readonly publicUrl: (request: FastifyRequest) => string;
  readonly metrics?: DoorMetrics;
};

/** A Fastify plugin, to be registered without a prefix. Its hooks, parsers and errors are its own. */
export async function maxleapRest(door: FastifyInstance, { core, publicUrl, metrics }: MaxleapOptions): Promise<void> {
  answerErrors(door, core.log.child({ area: 'maxleap' }), metrics);
  spareOthers(door);
  allowOrigins(door);
  checkBodies(door);
  await documentRoutes(door);
  const { answerTheRest } = watchRoutes(door);

  await door.register(async (known) => {
    demandCredentials(known, core);
    await known.register(async (form) => {
      form.addHook('onRequest', guard('attachment'));
      await attachmentRoutes(form, { core, publicUrl, appOf: (request) => callerOf(request).app });
    });
    await known.register(async (json) => {
      readJson(json);
      userRoutes(json, core);
      attributeRoutes(json, core);
      friendRoutes(json, core);
      strangerRoutes(json, core);
      groupRoutes(json, core);
      roomRoutes(json, core);
      memberRoutes(json, core);
      passengerRoutes(json, core);
      chatRoutes(json, core);
      talkRoutes(json, core);
      systemRoutes(json, core);
      installRoutes(json, core);
      cardRoutes(json, core);
    });
  });

  await door.register(accountDoor, { core, metrics });
  await door.register(uploadedFiles, { core });
  answerTheRest();
  serveDocument(door);
}
