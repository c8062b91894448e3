// The operator's REST API: apps and their settings, and how the server is. It has a token of its own, and words of its
// own; no door's key opens it.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addApp } from '../core/apps/add.ts';
import type { App, AppChange, NewApp } from '../core/apps/app.ts';
import { changeApp } from '../core/apps/change.ts';
import { removeApp } from '../core/apps/remove.ts';
import { withoutSecrets } from '../core/apps/settings.ts';
import type { Core } from '../core/core.ts';
import { ImError, type ImErrorCode } from '../core/errors.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import { adminDocument } from './admin-document.ts';
import { adminWords } from './admin-words.ts';
import { adminShape } from './errors.ts';
import { parseJson } from './json.ts';

export type AdminOptions = {
  core: Pick<Core, 'store' | 'apps' | 'blobs' | 'bus' | 'log' | 'words' | 'clock'>;
  token: { reveal(): string };
  /** Figures of the running server that /admin/status adds to its own. */
  status?: () => Record<string, unknown>;
};

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** A Fastify plugin. Comparing digests takes the same time whatever was sent, and whatever its length. */
export async function admin(root: FastifyInstance, { core, token, status }: AdminOptions): Promise<void> {
  root.get('/docs/admin/openapi.json', async () => adminDocument);
  const expected = digest(`Bearer ${token.reveal()}`);
  const log = core.log.child({ area: 'admin' });
  const started = Date.now();

  await root.register(
    async (app) => {
      app.removeAllContentTypeParsers();
      app.addContentTypeParser(
        'application/json',
        { parseAs: 'string' },
        async (_request: FastifyRequest, body: string) => (body.trim() === '' ? undefined : parseJson(body)),
      );
      app.addHook('onRequest', async (request, reply) => {
        reply.header('Cache-Control', 'no-store');
        if (!timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) {
          reply.header('WWW-Authenticate', 'Bearer');
          throw new ImError('unauthenticated', 'the operator token is missing or wrong');
        }
      });
      app.setErrorHandler((error, _request, reply) => answer(error, reply, log));

      app.get('/status', async () => ({
        version: adminDocument.info.version,
        node: process.versions.node,
        uptimeSeconds: Math.floor((Date.now() - started) / 1000),
        ready: await core.store.healthy().catch(() => false),
        ...status?.(),
      }));
      app.get('/apps', async (request) => (await core.store.apps.list()).map((one) => shown(one, wantsKeys(request))));
      app.post('/apps', async (request, reply) => {
        const added = await addApp(core, readNewApp(request.body));
        log.info({ app: added.id }, 'app added');
        return reply.code(201).send(shown(added, true));
      });
      app.get<ById>('/apps/:id', async (request) => shown(await existing(core, request.params.id), wantsKeys(request)));
      app.patch<ById>('/apps/:id', async (request) => {
        const changed = await changeApp(core, request.params.id, readChange(request.body));
        log.info({ app: changed.id }, 'app changed');
        return shown(changed, wantsKeys(request));
      });
      app.delete<ById>('/apps/:id', async (request, reply) => {
        await removeApp(core, request.params.id);
        log.info({ app: request.params.id }, 'app removed');
        return reply.code(204).send();
      });
      await app.register(adminWords, { core });
    },
    { prefix: '/admin' },
  );
}

type ById = { Params: { id: string } };

const wantsKeys = (request: FastifyRequest): boolean => (request.query as Record<string, string>).keys === 'true';

async function existing(core: AdminOptions['core'], id: string): Promise<App> {
  const app = await core.store.apps.byId(id);
  if (!app) throw new ImError('app-not-found', 'there is no such app', { what: 'id' });
  return app;
}

function shown(app: App, keys: boolean) {
  const { id, name, clientKey, masterKey, extraKeys, createdAt, updatedAt } = app;
  const settings = withoutSecrets(app.settings);
  const overrides = withoutSecrets(app.overrides);
  return { id, name, settings, overrides, createdAt, updatedAt, ...(keys ? { clientKey, masterKey, extraKeys } : {}) };
}

type Reader = (value: unknown, name: string) => unknown;
const text: Reader = (value, name) => {
  if (typeof value === 'string') return value;
  throw new ImError('invalid-argument', `${name} is a string`, { what: name, why: 'type' });
};
const texts: Reader = (value, name) => {
  if (Array.isArray(value) && value.length <= 16 && value.every((item) => typeof item === 'string')) return value;
  throw new ImError('invalid-argument', `${name} is a list of at most 16 strings`, { what: name, why: 'type' });
};
const map: Reader = (value, name) => {
  if (isJsonObject(value)) return value;
  throw new ImError('invalid-argument', `${name} is an object`, { what: name, why: 'type' });
};

const keyFields = { name: text, clientKey: text, masterKey: text, extraKeys: texts };
const readNewApp = (body: unknown): Partial<NewApp> => readFields(body ?? {}, { id: text, ...keyFields });
const readChange = (body: unknown): AppChange => readFields(body, { ...keyFields, settings: map });

/** Unknown fields are refused: a misspelt setting must not look as if it were taken. */
function readFields(body: unknown, fields: Readonly<Record<string, Reader>>): JsonObject {
  if (!isJsonObject(body))
    throw new ImError('invalid-argument', 'the body is a JSON object', { what: 'body', why: 'type' });
  for (const [name, value] of Object.entries(body)) {
    const read = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!read)
      throw new ImError(
        'invalid-argument',
        `there is no field ${name.slice(0, 64)}; there are ${Object.keys(fields).join(', ')}`,
        { what: name },
      );
    read(value, name);
  }
  return body;
}

const statuses: Partial<Record<ImErrorCode, number>> = {
  'invalid-argument': 400,
  'too-long': 400,
  unauthenticated: 401,
  'app-not-found': 404,
  conflict: 409,
  full: 409,
  unavailable: 503,
};

function answer(error: unknown, reply: FastifyReply, log: AdminOptions['core']['log']): void {
  if (error instanceof ImError && statuses[error.code]) {
    reply.code(statuses[error.code] ?? 500).send({ error: { code: error.code, message: error.message } });
    return;
  }
  const { statusCode = 500, message = '' } = error as { statusCode?: number; message?: string };
  const told = statusCode >= 400 && statusCode < 500;
  if (!told) log.error({ error }, 'request failed');
  reply.code(told ? statusCode : 500).send(adminShape.body(told ? statusCode : 500, told ? message : 'internal error'));
}
