// `POST /attachment`: one file in, its URLs out. It belongs behind the door's check of credentials; the files
// themselves are served by uploads.ts, without any.
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import { uploadUrl } from '../../../core/attachments/links.ts';
import { upload } from '../../../core/attachments/upload.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { limits } from '../../../core/limits.ts';
import { takeFile } from '../../../http/multipart.ts';

export type AttachmentOptions = {
  readonly core: Pick<Core, 'store' | 'blobs' | 'thumbnails' | 'clock' | 'log'>;
  /** Origin that the client sees, without a slash at its end. */
  readonly publicUrl: (request: FastifyRequest) => string;
  /** The app that the request was authenticated for. */
  readonly appOf: (request: FastifyRequest) => App;
};

/** Answers a JSON array: `[original, thumbnail]` for a picture, `[original]` for anything else. */
export async function attachmentRoutes(
  app: FastifyInstance,
  { core, publicUrl, appOf }: AttachmentOptions,
): Promise<void> {
  await app.register(async (form) => {
    // The body is read here, as it arrives: neither Fastify's parsers nor its limit for JSON may touch it.
    form.removeAllContentTypeParsers();
    form.addContentTypeParser('*', (_request, _payload, done) => done(null));
    // Fastify refuses a content type that is none before any parser is asked.
    form.setErrorHandler((error: FastifyError) => {
      if (error.code !== 'FST_ERR_CTP_INVALID_MEDIA_TYPE') throw error;
      throw new ImError('bad-upload', 'not a multipart form', { why: 'none' });
    });
    form.post('/attachment', async (request, reply) => {
      const tenant = appOf(request);
      const bytesMax = tenant.settings.attachmentBytesMax + limits.formExtraBytesMax;
      const { file, thumb } = await takeFile(request.raw, bytesMax, (found) => upload(core, tenant, found)).catch(
        (error) => {
          // A connection whose request was not read to its end cannot carry another one.
          if (!request.raw.complete) reply.header('connection', 'close');
          throw error;
        },
      );
      const base = publicUrl(request);
      return [file, ...(thumb ? [thumb] : [])].map(({ path }) => uploadUrl(base, path));
    });
  });
}
