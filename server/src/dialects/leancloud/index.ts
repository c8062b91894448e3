// LeanCloud's REST door: the table of contents.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Core } from '../../core/core.ts';
import { ImError } from '../../core/errors.ts';
import { limitRate } from './rate.ts';
import { batchRoutes } from './rest/batch.ts';
import { blacklistRoutes } from './rest/blacklists.ts';
import { broadcastRoutes } from './rest/broadcasts.ts';
import { classRoutes } from './rest/classes.ts';
import { clientRoutes } from './rest/clients.ts';
import { codeRoutes } from './rest/codes.ts';
import { allowOrigins, answerErrors, type DoorMetrics, demandCredentials, readJson } from './rest/conventions.ts';
import { conversationRoutes } from './rest/conversations.ts';
import { filePlaces, fileRoutes } from './rest/files.ts';
import { installationRoutes } from './rest/installations.ts';
import { memberInfoRoutes } from './rest/member-infos.ts';
import { memberRoutes } from './rest/members.ts';
import { messageRoutes } from './rest/messages.ts';
import { notificationRoutes } from './rest/notifications.ts';
import { olderRoutes } from './rest/older.ts';
import { olderMessageRoutes } from './rest/older-messages.ts';
import { documentRoutes, serveDocument } from './rest/openapi.ts';
import { serviceRoutes } from './rest/services.ts';
import { signRoutes } from './rest/signs.ts';
import { silenceRoutes } from './rest/silences.ts';
import { dateRoute, smallClassRoutes } from './rest/small-classes.ts';
import { subscriberRoutes } from './rest/subscribers.ts';
import { userChangeRoutes } from './rest/user-changes.ts';
import { userQueryRoutes } from './rest/user-query.ts';
import { userRoutes } from './rest/users.ts';

export type LeancloudOptions = {
  readonly core: Core;
  /** Origin that the client of a request sees, without a slash at its end. */
  readonly publicUrl: (request: FastifyRequest) => string;
  readonly metrics?: DoorMetrics;
};

/** A Fastify plugin, to be registered without a prefix. Its hooks, parsers and errors are its own. */
export async function leancloudRest(
  root: FastifyInstance,
  { core, publicUrl, metrics }: LeancloudOptions,
): Promise<void> {
  const log = core.log.child({ area: 'leancloud' });
  await root.register(async (place) => {
    answerErrors(place, log, metrics);
    allowOrigins(place);
    filePlaces(place, core);
  });
  await root.register(async (door) => {
    answerErrors(door, log, metrics);
    allowOrigins(door);
    readJson(door);
    await documentRoutes(door);
    dateRoute(door, core);
    await door.register(async (known) => {
      demandCredentials(known, core);
      limitRate(known, core.clock);
      conversationRoutes(known, core);
      memberRoutes(known, core);
      messageRoutes(known, core);
      silenceRoutes(known, core);
      blacklistRoutes(known, core);
      clientRoutes(known, core);
      memberInfoRoutes(known, core);
      subscriberRoutes(known, core);
      serviceRoutes(known, core);
      broadcastRoutes(known, core);
      olderMessageRoutes(known, core);
      olderRoutes(known, core);
      classRoutes(known, core);
      smallClassRoutes(known, core);
      notificationRoutes(known, core);
      signRoutes(known, core);
      userRoutes(known, core);
      userChangeRoutes(known, core);
      userQueryRoutes(known, core);
      codeRoutes(known, core);
      installationRoutes(known, core);
      batchRoutes(known);
      fileRoutes(known, { core, publicUrl });
    });
    serveDocument(door);
    for (const url of ['/1.1/classes/*', '/1.1/scan/classes/*'])
      door.all(url, async () => {
        throw new ImError('relation-not-found', "Class or object doesn't exists.");
      });
    for (const url of ['/1.1/*', '/1.2/*']) {
      door.all(url, async () => {
        throw new ImError('unsupported', 'Not found.');
      });
    }
  });
}
