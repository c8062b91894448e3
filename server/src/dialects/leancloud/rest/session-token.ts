// Some calls are made by the realtime SDKs themselves, in the name of a client that is logged in on the socket.
import type { FastifyRequest } from 'fastify';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { readToken } from '../socket/tokens.ts';
import { callerOf, paramsIn } from './conventions.ts';
import { optionalText } from './params.ts';

/**
 * Who calls, by the token of an open session; it must be of the client that the request names, and given after the
 * application last sent him away. Throws `session-expired`.
 */
export async function clientOf(core: Pick<Core, 'clock' | 'store'>, request: FastifyRequest): Promise<string> {
  const { app } = callerOf(request);
  const token = request.headers['x-lc-im-session-token'];
  const facts = readTokenOf(core, request, Array.isArray(token) ? token[0] : token);
  const named = optionalText(paramsIn(request), 'client_id');
  if (facts === undefined || (named !== undefined && named !== facts.client)) throw expired();
  if (facts.issuedAt <= (await core.store.users.sentAwayAt(app.no, facts.client))) throw expired();
  return facts.client;
}

const expired = (): ImError => new ImError('session-expired', 'SESSION_TOKEN_EXPIRED', { purpose: 'read' });

function readTokenOf({ clock }: Pick<Core, 'clock'>, request: FastifyRequest, token: string | undefined) {
  if (token === undefined) return undefined;
  try {
    return readToken(callerOf(request).app, token, clock.now());
  } catch {
    return undefined;
  }
}
