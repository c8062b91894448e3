// Files: one in, as a form; and where one is.
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { App } from '../../../core/apps/app.ts';
import type { Media } from '../../../core/attachments/media.ts';
import { extensionOf } from '../../../core/attachments/media-types.ts';
import { upload } from '../../../core/attachments/upload.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { areNeighbours } from '../../../core/guests/name.ts';
import { limits } from '../../../core/limits.ts';
import { serveFile } from '../../../http/files.ts';
import { takeFile } from '../../../http/multipart.ts';
import { appOf } from '../caller.ts';
import { badValue } from '../errors.ts';
import { bitmapSize, formatOf } from '../media-format.ts';
import { endingCharsMax, type MediaKind, mediaIdOf, pathOfMedia } from '../media-ids.ts';
import { fileBytesMax, type Measured, measureFile } from '../receive-file.ts';
import { appOfTicket, openTicket, sealTicket, ticketMsMax } from '../tickets.ts';
import { answer } from './conventions.ts';
import { describe } from './describe.ts';
import { segment, wordOf } from './query.ts';
import * as shapes from './schemas-messages.ts';

const tag = 'Files';
const url = '/v1/resource';

export type ResourceOptions = {
  readonly core: Core;
  readonly publicUrl: (request: FastifyRequest) => string;
};

export function resourceRoutes(door: FastifyInstance, { core, publicUrl }: ResourceOptions): void {
  const query = { mediaId: Type.String({ description: 'As an upload or a message has it, encoded or not' }) };
  const schema = describe(url, {
    tag,
    summary: 'Where a file is',
    description: 'The address needs no credentials, and is good for an hour.',
    query,
    answers: { 200: shapes.mediaUrl },
  });
  door.get(url, { schema }, async (request, reply) => {
    const app = appOf(request);
    const path = pathOfMedia(wordOf(request, 'mediaId') ?? '');
    const file = path === undefined ? undefined : await core.store.media.byPath(path);
    const owner = file?.app === app.no ? app : (await core.store.apps.list()).find(({ no }) => no === file?.app);
    // What was said across apps shows files of the app where it was said.
    if (!file || !owner || !areNeighbours(app, owner)) throw badValue('there is no such file', 'mediaId');
    return answer(reply, { url: `${publicUrl(request)}${url}/${sealTicket(app, file.path, core.clock.now())}` });
  });
}

/** The addresses that are told: without credentials, for an hour. */
export function ticketRoutes(door: FastifyInstance, { core }: Pick<ResourceOptions, 'core'>): void {
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const ticket = segment(request, 'ticket');
    const app = await core.apps.byId(appOfTicket(ticket));
    const path = app && openTicket(app, ticket, core.clock.now());
    if (path === undefined) throw badValue('this address is over, or never was', 'url');
    return serveFile(core, request, reply, path, `private, max-age=${ticketMsMax / 1_000}`);
  };
  const schema = { hide: true };
  door.get(`${url}/:ticket`, { schema, exposeHeadRoute: false }, handler);
  door.head(`${url}/:ticket`, { schema }, handler);
}

/** In a scope of its own: the body is read here, as it arrives, and no parser may touch it. */
export async function uploadRoutes(door: FastifyInstance, { core }: ResourceOptions): Promise<void> {
  await door.register(async (form) => {
    form.removeAllContentTypeParsers();
    form.addContentTypeParser('*', (_request, _payload, done) => done(null));
    const refuse = form.errorHandler;
    // A content type that is none is refused before any parser is asked.
    form.setErrorHandler((error: FastifyError, request, reply) => {
      const bad = error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE';
      return refuse.call(
        form,
        bad ? (new ImError('bad-upload', 'not a multipart form', { why: 'none' }) as never) : error,
        request,
        reply,
      );
    });
    form.setValidatorCompiler(() => () => true);
    form.setSerializerCompiler(() => (value) => JSON.stringify(value));
    const body = Type.Object({
      filename: Type.String({ format: 'binary', description: 'The field may have any name' }),
    });
    const words = describe(url, {
      tag,
      summary: 'Upload a file',
      body,
      description: 'multipart/form-data with one file, in a field of any name; at most 8 MiB.',
      query: { type: Type.String({ description: 'image, file or voice', examples: ['image'] }) },
      answers: { 200: shapes.media },
    });
    form.post(url, { schema: { ...words, consumes: ['multipart/form-data'] } }, async (request, reply) => {
      const kind = wordOf(request, 'type');
      if (kind !== 'image' && kind !== 'file' && kind !== 'voice')
        throw badValue('type must be image, file or voice', 'type');
      const { file, measured } = await receive(core, appOf(request), request, kind).catch((error) => {
        // A connection whose request was not read to its end cannot carry another one.
        if (!request.raw.complete) reply.header('connection', 'close');
        throw error;
      });
      return answer(reply, toMedia(kind, file, measured));
    });
  });
}

async function receive(
  core: Core,
  app: App,
  request: FastifyRequest,
  kind: MediaKind,
): Promise<{ file: Media; measured: Measured }> {
  const type = request.headers['content-type'] ?? '';
  return takeFile(request.raw, fileBytesMax + limits.formExtraBytesMax, async (found) => {
    const measured = measureFile(found.stream, kind, type);
    const ending = extensionOf(found.name).slice(0, endingCharsMax);
    const { file } = await upload(core, app, { name: found.name, type: found.type, stream: measured.stream, ending });
    return { file, measured };
  });
}

function toMedia(kind: MediaKind, file: Media, { head, hash }: Measured) {
  const common = { media_id: mediaIdOf(kind, file.path), media_crc32: file.crc32, fsize: file.bytes, hash };
  if (kind === 'file') return { ...common, fname: file.name };
  const format = formatOf(head, file.name);
  if (kind === 'voice') return { ...common, format };
  const { width, height } = file.width === null ? { ...bitmapSize(head) } : file;
  return { ...common, width, height, format };
}
