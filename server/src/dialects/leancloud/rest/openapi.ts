// The OpenAPI document of this door, printed from its routes and their words.
import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { Type } from 'typebox';
import { answer } from './conventions.ts';
import { words } from './words.ts';

const intro = `Conversations, members, messages, chatrooms, service conversations, users and files, as LeanCloud's REST documents
describe them.

Every call names an app in \`X-LC-Id\` and brings one credential: \`X-LC-Key\` with the app key, or with the master key and
\`,master\` behind it; or \`X-LC-Sign\`, which is \`md5(<Unix milliseconds> + <key>),<the same milliseconds>\`, with \`,master\`
where the master key made it. Parameters may stand in the query or in a JSON body.

Errors are \`{"code": 4303, "error": "CONVERSATION_NOT_FOUND"}\` with one of the statuses 400, 401, 403, 404, 429, 500 and 503.`;

const header = (name: string, description: string) => ({ type: 'apiKey', in: 'header', name, description }) as const;
const problem = Type.Object({ code: Type.Integer(), error: Type.String() }, { description: 'What was wrong' });
const done = Type.Unknown({ description: 'As it was asked for' });

/** Before the routes are added. */
export async function documentRoutes(door: FastifyInstance): Promise<void> {
  await door.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'LeanCloud IM', version: '1.2', description: intro },
      components: {
        securitySchemes: {
          app: header('X-LC-Id', 'The id of your app'),
          key: header('X-LC-Key', 'The app key, or the master key with ,master'),
          sign: header('X-LC-Sign', 'A signature instead of the key'),
        },
      },
      security: [
        { app: [], key: [] },
        { app: [], sign: [] },
      ],
    },
  });
  door.addHook('onRoute', (route) => {
    const method = String(route.method);
    route.schema = { ...route.schema, ...schemaOf(method, route.url) };
  });
}

/** Paths that are none, and what Fastify adds by itself, are not shown. */
function schemaOf(method: string, url: string): FastifySchema {
  if (url.includes('*') || method === 'HEAD' || url.startsWith('/docs/')) return { hide: true };
  const [tag, summary, parameters = ''] = words[`${method} ${url}`] ?? ['Other', url];
  const names = parameters.split(' ').filter((name) => name !== '');
  const given = Type.Object(Object.fromEntries(names.map((name) => [name, Type.Optional(Type.Unknown())])));
  const bodily = method === 'POST' || method === 'PUT';
  return {
    tags: [tag],
    summary,
    ...(names.length === 0 ? {} : bodily ? { body: given } : { querystring: given }),
    response: { 200: done, '4XX': problem },
  };
}

/** After the routes were added; needs no credentials. */
export function serveDocument(door: FastifyInstance): void {
  door.get('/docs/leancloud/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    answer(reply, door.swagger()),
  );
}
