// Lists once held names and numbers; from July 2015 on they hold objects, and every library written since expects those.
// Requests of the two times can be told apart, except for hand-written code: for that there is a setting.
import type { FastifyRequest } from 'fastify';
import { appOf } from '../caller.ts';

const libraries = [
  'JPush-API-Java-Client',
  'JMessage-Api-PHP-Client',
  'jpush-api-python-client',
  'JMessage-API-GO-Client',
];

/** True: the list that is asked for holds objects. */
export function wantsObjects(request: FastifyRequest): boolean {
  const shape = appOf(request).settings['jmessage.listShape'];
  if (shape !== 'auto') return shape === 'objects';
  const path = request.url.split('?', 1)[0] ?? '';
  if (!path.endsWith('/')) return true;
  const agent = request.headers['user-agent'] ?? '';
  return libraries.some((name) => agent.startsWith(name)) || request.headers['request-time'] !== undefined;
}
