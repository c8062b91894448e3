// Uploaded files over HTTP, without credentials: their URLs stand in `<img>` and in other people's messages.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { uploadsPrefix } from '../../../core/attachments/links.ts';
import { type FilePorts, serveFile } from '../../../http/files.ts';

type FileRequest = FastifyRequest<{ Params: { folder: string; name: string } }>;

/** GET and HEAD; whoever registers this must not put a check of credentials before it. */
export async function uploadedFiles(app: FastifyInstance, { core }: { core: FilePorts }): Promise<void> {
  const url = `${uploadsPrefix}/:folder/:name`;
  const handler = (request: FileRequest, reply: FastifyReply) =>
    serveFile(core, request, reply, `${request.params.folder}/${request.params.name}`);
  app.get(url, { exposeHeadRoute: false }, handler);
  app.head(url, handler);
}
