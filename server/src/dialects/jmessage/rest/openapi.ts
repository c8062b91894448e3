// The OpenAPI document of this door, printed from the schemas of its routes.
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { answer } from './conventions.ts';

const intro = `Users, friends, groups, chat rooms, messages and reports, as the JMessage (极光 IM) REST documents of 2015 to 2019
describe them.

Every call brings HTTP Basic credentials: the appKey as the name, the masterSecret as the password. Bodies are JSON
whatever their content type says. Paths may end in a slash.

Errors are \`{"error": {"code": 899002, "message": "No such user"}}\` with one of the statuses 400, 401, 403, 404, 405, 429,
500 and 503.`;

/** Before the routes are added. */
export async function documentRoutes(door: FastifyInstance): Promise<void> {
  await door.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'JMessage', version: '2', description: intro },
      components: {
        securitySchemes: { basic: { type: 'http', scheme: 'basic', description: 'appKey and masterSecret' } },
      },
      security: [{ basic: [] }],
    },
  });
}

/** After the routes were added; needs no credentials. */
export function serveDocument(door: FastifyInstance): void {
  door.get('/docs/jmessage/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    answer(reply, door.swagger()),
  );
}
