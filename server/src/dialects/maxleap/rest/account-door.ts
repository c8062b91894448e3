// /2.0: the account service, as far as logging in needs it. It has error numbers of its own, and knows who is logged in
// by a session token, alone or beside a key.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { headerOf, keyHeaders } from '../auth.ts';
import { demandCredentials } from '../caller.ts';
import { accountCodeRoutes } from './account-codes.ts';
import { accountError } from './account-errors.ts';
import { accountLoginRoutes } from './account-logins.ts';
import { accountPasswordRoutes } from './account-passwords.ts';
import { accountRoutes } from './accounts.ts';
import { answerErrors, type DoorMetrics, readJson } from './conventions.ts';

export async function accountDoor(
  door: FastifyInstance,
  { core, metrics }: { core: Core; metrics?: DoorMetrics },
): Promise<void> {
  answerErrors(door, core.log.child({ area: 'maxleap-accounts' }), metrics, accountError);
  demandCredentials(door, core, refusal);
  readJson(door);
  accountRoutes(door, core);
  accountLoginRoutes(door, core);
  accountPasswordRoutes(door, core);
  accountCodeRoutes(door, core);
}

/** A wrong or expired session is told from a key that is not this app's, and that from no credential at all. */
function refusal(error: ImError, { headers }: FastifyRequest): ImError {
  if (error.details.what === 'token' || error.code === 'disabled') return error;
  const named = headerOf(headers, 'x-ml-appid') !== undefined;
  const shown = keyHeaders.some((name) => headerOf(headers, name) !== undefined);
  return named && shown ? new ImError('unauthenticated', 'the AppId and the key do not match', { what: 'key' }) : error;
}
