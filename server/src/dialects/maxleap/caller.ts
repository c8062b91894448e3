// Whose request it is: put there by the check of credentials, read by the routes.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Core } from '../../core/core.ts';
import { ImError } from '../../core/errors.ts';
import { authenticate, type Caller, headerOf } from './auth.ts';

const slot = 'maxleapCaller';

export const callerOf = (request: FastifyRequest): Caller => request.getDecorator<Caller>(slot);

/** Every route of the scope demands credentials, before its body is read and before anything is looked up. */
export function demandCredentials(app: FastifyInstance, core: Pick<Core, 'apps' | 'clock'>): void {
  app.decorateRequest(slot, null);
  app.addHook('onRequest', async (request) => {
    const { headers } = request;
    request.setDecorator(slot, await authenticate(core, headerOf(headers, 'x-ml-appid'), headers));
  });
}

export type EndpointGroup = 'system' | 'destroy' | 'search' | 'attachment';

/** An onRequest hook: the app may have reserved this group of endpoints for the master key. */
export const guard = (group: EndpointGroup) => async (request: FastifyRequest) => {
  const { app, master } = callerOf(request);
  if (!master && app.settings['maxleap.requireMasterKey'].includes(group)) {
    throw new ImError('forbidden', 'this operation needs the master key');
  }
};
