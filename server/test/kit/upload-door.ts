// The upload routes alone on a real listener: the app is given, credentials are not asked for.
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { errorAnswer } from '../../src/dialects/maxleap/errors.ts';
import { attachmentRoutes } from '../../src/dialects/maxleap/rest/attachment.ts';
import { uploadedFiles } from '../../src/dialects/maxleap/rest/uploads.ts';
import { openHttp } from '../../src/http/server.ts';
import { type Files, openFiles } from './files.ts';
import { quietLog } from './quiet-log.ts';

export type UploadDoor = {
  readonly files: Files;
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
};

export async function openUploadDoor(): Promise<UploadDoor> {
  const files = await openFiles();
  const http = await openHttp({ host: '127.0.0.1', port: 0, log: quietLog, checks: [] });
  await http.fastify.register(async (scope) => {
    scope.setErrorHandler((error, _request, reply) => {
      const { status, body } = errorAnswer(error);
      return reply.code(status).send(body);
    });
    let app = await files.app();
    scope.addHook('onRequest', async () => {
      app = await files.app();
    });
    await scope.register(attachmentRoutes, { core: files.core, publicUrl: http.publicUrl, appOf: () => app });
    await scope.register(uploadedFiles, { core: files.core });
  });
  const { url, port } = await http.listen();
  return {
    files,
    url,
    port,
    async close() {
      await http.close();
      await files.close();
    },
  };
}

export type FormPart = { field: string; fileName?: string; type?: string; content: Buffer | string };

/** A multipart body, written out by hand so that a test can bend it. */
export function formBody(boundary: string, parts: readonly FormPart[], end = true): Buffer {
  const pieces = parts.flatMap(({ field, fileName, type, content }) => [
    `--${boundary}\r\nContent-Disposition: form-data; name="${field}"${fileName === undefined ? '' : `; filename="${fileName}"`}\r\n`,
    type === undefined ? '\r\n' : `Content-Type: ${type}\r\n\r\n`,
    content,
    '\r\n',
  ]);
  return Buffer.concat([...pieces, end ? `--${boundary}--\r\n` : ''].map((piece) => Buffer.from(piece)));
}

export type Posted = { status: number; body: unknown; headers: Record<string, unknown> };

/** POST /attachment with exactly these headers; without a length the body goes in chunks. */
export function post(
  door: Pick<UploadDoor, 'port'>,
  contentType: string,
  body: Buffer,
  contentLength?: number,
): Promise<Posted> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': contentType,
      ...(contentLength === undefined ? {} : { 'content-length': contentLength }),
    };
    const request = httpRequest(
      { port: door.port, host: '127.0.0.1', method: 'POST', path: '/attachment', headers },
      async (answer) => {
        let text = '';
        for await (const chunk of answer.setEncoding('utf8')) text += chunk;
        resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text), headers: answer.headers });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** Bytes as they are, on a socket of their own; answers what came back until the server closed or `stop` says so. */
export function raw(
  door: Pick<UploadDoor, 'port'>,
  sent: Buffer,
  stop: (text: string) => boolean = () => false,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(door.port, '127.0.0.1', () => socket.write(sent));
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk) => {
      text += chunk;
      if (stop(text)) socket.destroy();
    });
    socket.on('close', () => resolve(text)).on('error', reject);
  });
}
