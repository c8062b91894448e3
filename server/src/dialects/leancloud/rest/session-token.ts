// Some calls are made by the realtime SDKs themselves, in the name of a client that is logged in on the socket.
import type { FastifyRequest } from 'fastify';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { readToken } from '../socket/tokens.ts';
import { callerOf, paramsIn } from './conventions.ts';
import { optionalText } from './params.ts';

/** Who calls, by the token of an open session; it must be of the client that the request names. Throws `session-expired`. */
export function clientOf(core: Pick<Core, 'clock'>, request: FastifyRequest): string {
  const token = request.headers['x-lc-im-session-token'];
  const facts = readTokenOf(core, request, Array.isArray(token) ? token[0] : token);
  const named = optionalText(paramsIn(request), 'client_id');
  if (facts === undefined || (named !== undefined && named !== facts.client))
    throw new ImError('session-expired', 'SESSION_TOKEN_EXPIRED', { purpose: 'read' });
  return facts.client;
}

function readTokenOf({ clock }: Pick<Core, 'clock'>, request: FastifyRequest, token: string | undefined) {
  if (token === undefined) return undefined;
  try {
    return readToken(callerOf(request).app, token, clock.now());
  } catch {
    return undefined;
  }
}
