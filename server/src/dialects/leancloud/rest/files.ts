// Files, the way the SDKs take: ask for a place, put the bytes there, say how it went. A place is a sealed address; nothing
// is kept of it before the bytes are there.
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import { eraseUpload } from '../../../core/attachments/erase.ts';
import { uploadUrl } from '../../../core/attachments/links.ts';
import type { Media } from '../../../core/attachments/media.ts';
import { pathExtension, typeOf } from '../../../core/attachments/media-types.ts';
import { newUploadPath } from '../../../core/attachments/paths.ts';
import { upload } from '../../../core/attachments/upload.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { seal, unseal } from '../file-tokens.ts';
import { iso } from '../rows.ts';
import { answer, callerOf, masterOnly, paramsIn, segment } from './conventions.ts';
import { flagOf, optionalText, textOf } from './params.ts';

export type FileOptions = {
  readonly core: Core;
  /** Origin that the client sees, without a slash at its end. */
  readonly publicUrl: (request: FastifyRequest) => string;
};

const placePath = '/1.1/fileUploads';
const placeAgeMs = 60 * 60_000;
const bucket = 'uploads';
const notFound = (): ImError => new ImError('media-not-found', "Class or object doesn't exists.");

export function fileRoutes(door: FastifyInstance, { core, publicUrl }: FileOptions): void {
  door.post('/1.1/fileTokens', async (request, reply) =>
    answer(reply, placeFor(core, request, publicUrl(request)), 201),
  );
  door.post('/1.1/fileCallback', async (request, reply) => {
    const { app } = callerOf(request);
    const params = paramsIn(request);
    const facts = placeIn(core, app, textOf(params, 'token'));
    const file = await core.store.media.byPath(facts.path);
    if (file && !flagOf(params, 'result', true)) await eraseUpload(core, file);
    return answer(reply, {});
  });
  // A file that is elsewhere: all that is known of it is in its id.
  door.post('/1.1/files', async (request, reply) => {
    const { app } = callerOf(request);
    const { name, url, mime_type: type, metaData } = paramsIn(request);
    const createdAt = iso(core.clock.now());
    const link = { url: textOf({ url: url ?? null }, 'url'), name: name ?? '', mime_type: type ?? null, createdAt };
    const objectId = seal(app, 'link', { ...link, metaData: isJsonObject(metaData) ? metaData : {} });
    return answer(reply, { objectId, createdAt, url: link.url, name: link.name }, 201);
  });
  for (const base of ['/1.1/files', '/1.1/classes/_File']) {
    door.get(`${base}/:id`, async (request, reply) => {
      const { app } = callerOf(request);
      const id = segment(request, 'id');
      const link = id.includes('.') ? unseal(app, 'link', id) : undefined;
      if (link) return answer(reply, { objectId: id, ...link, updatedAt: link.createdAt });
      return answer(reply, fileRow(await fileOf(core, app, id), publicUrl(request)));
    });
    door.delete(`${base}/:id`, { onRequest: masterOnly }, async (request, reply) => {
      await eraseUpload(core, await fileOf(core, callerOf(request).app, segment(request, 'id')));
      return answer(reply, {});
    });
  }
}

/** In a scope of its own: the bytes are read as they arrive, and the address is the credential. */
export function filePlaces(place: FastifyInstance, core: Core): void {
  place.removeAllContentTypeParsers();
  place.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  place.addHook('onRequest', async (request) => {
    delete request.raw.headers['content-type'];
  });
  place.put(placePath, async (request, reply) => {
    const params = new URLSearchParams((request.raw.url ?? '').split('?')[1]);
    const app = await core.apps.byId(params.get('app') ?? '');
    if (!app) throw new ImError('unauthenticated', 'Unauthorized.');
    const { path, name, type, attributes } = placeIn(core, app, params.get('token') ?? '');
    if (await core.store.media.byPath(path)) throw new ImError('already', 'This place has its file.');
    const stream = request.raw as Readable;
    await upload(core, app, { name, type, stream, path, attributes }).catch((error) => {
      // A connection whose request was not read to its end cannot carry another one.
      if (!request.raw.complete) reply.header('connection', 'close');
      throw error;
    });
    return answer(reply, {});
  });
}

type Place = {
  readonly path: string;
  readonly name: string;
  readonly type: string | undefined;
  readonly attributes?: JsonObject;
};

function placeFor(core: Core, request: FastifyRequest, origin: string): JsonObject {
  const { app } = callerOf(request);
  const params = paramsIn(request);
  const name = textOf(params, 'name');
  const type = typeOf(optionalText(params, 'mime_type'), name, undefined);
  const path = newUploadPath(app.id, pathExtension(name, type));
  const now = core.clock.now();
  const attributes = metaIn(params);
  const token = seal(app, 'upload', {
    path,
    name,
    type,
    until: now + placeAgeMs,
    ...(attributes ? { attributes } : {}),
  });
  return {
    objectId: idOf({ path }),
    createdAt: iso(now),
    token,
    provider: 's3',
    bucket,
    key: path,
    name,
    mime_type: type,
    url: uploadUrl(origin, path),
    upload_url: `${origin}${placePath}?app=${encodeURIComponent(app.id)}&token=${token}`,
  };
}

const metaBytesMax = 2_048;

/** What a client says of its file: `metaData`, as it is found again. It goes through an address, so it is short. */
function metaIn({ metaData }: JsonObject): JsonObject | undefined {
  if (!isJsonObject(metaData) || Object.keys(metaData).length === 0) return undefined;
  if (Buffer.byteLength(JSON.stringify(metaData)) > metaBytesMax)
    throw new ImError('too-long', `metaData has at most ${metaBytesMax} bytes.`, {
      what: 'metaData',
      max: metaBytesMax,
    });
  return metaData;
}

/** Throws `unauthenticated` for a token that is none, or too old. */
function placeIn({ clock }: Pick<Core, 'clock'>, app: App, token: string): Place {
  const { path, name, type, until, attributes } = unseal(app, 'upload', token) ?? {};
  if (typeof path !== 'string' || typeof name !== 'string' || typeof until !== 'number' || until < clock.now())
    throw new ImError('unauthenticated', 'Unauthorized.');
  const own = isJsonObject(attributes) ? { attributes } : {};
  return { path, name, type: typeof type === 'string' ? type : undefined, ...own };
}

/** 24 hex digits: the app's folder and the file's name. */
const idOf = ({ path }: Pick<Media, 'path'>): string => path.replace('/', '').slice(0, 24);

async function fileOf({ store }: Core, app: App, id: string): Promise<Media> {
  if (!/^[0-9a-f]{24}$/.test(id)) throw notFound();
  const file = await store.media.byStem(`${id.slice(0, 8)}/${id.slice(8)}`);
  if (file?.app !== app.no) throw notFound();
  return file;
}

const fileRow = (file: Media, origin: string): JsonObject => ({
  objectId: idOf(file),
  name: file.name,
  url: uploadUrl(origin, file.path),
  mime_type: file.type,
  bucket,
  provider: 's3',
  metaData: {
    ...file.attributes,
    size: file.bytes,
    ...(file.width === null ? {} : { width: file.width }),
    ...(file.height === null ? {} : { height: file.height }),
  },
  createdAt: iso(file.createdAt),
  updatedAt: iso(file.createdAt),
});
