// Which app calls: put there by the check of credentials, read by the routes.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { App } from '../../core/apps/app.ts';
import type { Core } from '../../core/core.ts';
import { authenticate } from './auth.ts';

const slot = 'jmessageApp';

export const appOf = (request: FastifyRequest): App => request.getDecorator<App>(slot);

/** Every path of the scope demands credentials, unknown ones too, before anything else is looked at. */
export function demandCredentials(door: FastifyInstance, core: Pick<Core, 'apps'>): void {
  door.decorateRequest(slot, null);
  door.addHook('onRequest', async (request) => {
    request.setDecorator(slot, await authenticate(core, request.headers.authorization));
  });
}
