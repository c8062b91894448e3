// Whose request it is: put there by the check of credentials, read by the routes.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ImError } from '../../core/errors.ts';
import { type AuthPorts, authenticate, type Caller, headerOf } from './auth.ts';
import { badCredentialsError } from './errors.ts';

const slot = 'maxleapCaller';

export const callerOf = (request: FastifyRequest): Caller => request.getDecorator<Caller>(slot);

type Refusal = (error: ImError, request: FastifyRequest) => ImError;

/**
 * Every route of the scope demands credentials, before its body is read and before anything is looked up. `refusal`: what
 * is said of wrong ones; usually one thing of all of them.
 */
export function demandCredentials(app: FastifyInstance, core: AuthPorts, refusal: Refusal = badCredentialsError): void {
  app.decorateRequest(slot, null);
  app.addHook('onRequest', async (request) => {
    const { headers } = request;
    const caller = await authenticate(core, headerOf(headers, 'x-ml-appid'), headers).catch((error: unknown) => {
      throw error instanceof ImError && wrong.includes(error.code) ? refusal(error, request) : error;
    });
    request.setDecorator(slot, caller);
  });
}

const wrong: readonly string[] = ['unauthenticated', 'session-expired', 'disabled'];

export type EndpointGroup = 'system' | 'destroy' | 'search' | 'attachment';

/** An onRequest hook: the app may have reserved this group of endpoints for the master key. */
export const guard = (group: EndpointGroup) => async (request: FastifyRequest) => {
  const { app, master } = callerOf(request);
  if (!master && app.settings['maxleap.requireMasterKey'].includes(group)) {
    throw new ImError('forbidden', 'this operation needs the master key');
  }
};
