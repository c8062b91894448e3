// The OpenAPI document of this door, printed from the schemas of its routes.
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { asyncApi } from '../socket/asyncapi.ts';
import { answer } from './conventions.ts';
import { describe } from './describe.ts';

const intro = `Users, friends, groups, rooms, passengers and system messages, as the MaxLeap IM documents of 2016 describe them.

Every call names an app in \`X-ML-AppId\` and brings one credential: a key in \`X-ML-APIKey\` or \`X-ML-MasterKey\`, a
sign in \`X-ML-Request-Sign\`, which is \`md5(<Unix milliseconds> + <key>),<the same milliseconds>\`, or an account's session
token in \`X-ML-Session-Token\`.

Errors are \`{"errorCode": 5004, "errorMessage": "group not found"}\`: 5001 illegal parameter, 5002 database error,
5003 unauthorised, 5004 no such object, 5005 conflict, 5006 storage failed, 5007 not an image, 5008 member limit
reached, 5009 not supported, 5010 too long, 5011 file too large, 5012 upload failed.

Accounts (\`/2.0\`) have errors of their own, \`{"code": 210, "error": "…", "errorCode": 210, "errorMessage": "…"}\`: 107
malformed, 155 too often, 200 no username, 201 no password, 202 username taken, 203 mail address taken, 208 identity taken,
210 wrong password, 211 no such user, 240 phone taken, 253 bad authData, 301 wrong code, 401 unauthorised, 90000 no
permission, 90100 bad session token, 90101 expired session token, 90102 AppId and key do not match.`;

const header = (name: string, description: string) => ({ type: 'apiKey', in: 'header', name, description }) as const;

/** Before the routes are added. */
export async function documentRoutes(door: FastifyInstance): Promise<void> {
  await door.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'MaxLeap IM', version: '2', description: intro },
      components: {
        securitySchemes: {
          app: header('X-ML-AppId', 'The id of your app'),
          key: header('X-ML-APIKey', 'Any key of the app'),
          sign: header('X-ML-Request-Sign', 'A request sign'),
          master: header('X-ML-MasterKey', 'The master key'),
          session: header('X-ML-Session-Token', 'What logging in to an account answered'),
        },
      },
      security: [
        { app: [], key: [] },
        { app: [], sign: [] },
        { app: [], master: [] },
        { app: [], session: [] },
      ],
    },
  });
  door.addHook('onRoute', (route) => {
    if (route.url === '/attachment' && route.method === 'POST') route.schema = uploading;
    if (route.url.startsWith('/uploads/')) route.schema = { ...downloading, hide: route.method !== 'GET' };
  });
}

const file = Type.String({ contentMediaType: 'application/octet-stream', description: 'The file' });

const uploading = {
  ...describe('/attachment', {
    tag: 'Attachments',
    summary: 'Upload a file',
    description: 'One file of a form, in whatever field it is. A picture gets a thumbnail of at most 128 × 128 pixels.',
    body: Type.Object({ attachment: file }),
    answers: {
      200: Type.Array(Type.String(), { description: 'The URL of the file, and of its thumbnail where there is one' }),
    },
  }),
  consumes: ['multipart/form-data'],
};

const downloading = {
  ...describe('/uploads/:folder/:name', {
    tag: 'Attachments',
    summary: 'An uploaded file',
    description: 'Needs no credentials. Answers conditional and range requests.',
    answers: { 200: file },
  }),
  produces: ['application/octet-stream'],
  security: [],
};

/** After the routes were added; needs no credentials. The socket's document stands beside it. */
export function serveDocument(door: FastifyInstance): void {
  door.get('/docs/maxleap/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    answer(reply, door.swagger()),
  );
  door.get('/docs/maxleap/asyncapi.json', { schema: { hide: true } }, async (_request, reply) =>
    answer(reply, asyncApi()),
  );
}
