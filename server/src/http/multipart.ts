// One file out of a multipart form, as real clients send it: any field name, odd headers, other fields around it.
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import { ImError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';

export type FormFile = { readonly name: string; readonly type: string | undefined; readonly stream: Readable };

const noFile = (message: string, cause?: unknown) => new ImError('bad-upload', message, { why: 'none' }, { cause });

/**
 * Hands the first part that has a file name to `take`, while it arrives, and answers what `take` answers; other parts are
 * thrown away. `bytesMax` bounds the whole form. When `take` fails, or the form, or the connection, the stream that
 * `take` reads is destroyed. Throws `bad-upload` (why: none) for everything that is not a form with a file, and
 * `bad-upload` (why: size).
 */
export async function takeFile<T>(
  request: IncomingMessage,
  bytesMax: number,
  take: (file: FormFile) => Promise<T>,
): Promise<T> {
  try {
    const parser = openParser(request.headers['content-type']);
    return await receive(request, parser, bytesMax, take);
  } catch (error) {
    request.unpipe();
    await drain(request);
    throw error;
  }
}

function receive<T>(
  request: IncomingMessage,
  parser: BusboyInstance,
  bytesMax: number,
  take: (file: FormFile) => Promise<T>,
): Promise<T> {
  const form = Promise.withResolvers<void>();
  form.promise.catch(() => {}); // whoever waits for it hears it
  let bytes = 0;
  let part: BusboyFileStream | undefined;
  let taken: Promise<T> | undefined;

  const count = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > bytesMax)
      fail(new ImError('bad-upload', `the form is larger than ${bytesMax} bytes`, { why: 'size', max: bytesMax }));
  };
  const closed = () => {
    if (!request.complete) fail(noFile('the upload was broken off'));
  };
  const fail = (error: Error) => {
    request.unpipe(parser);
    form.reject(error);
    part?.destroy(error);
  };

  parser.on('file', (_field, file, name, _encoding, type) => {
    part = file;
    part.on('error', () => {}); // the reader hears it
    taken = take({ name, type, stream: Readable.from(untilDone(file, form.promise), { objectMode: false }) });
    taken.catch(fail);
  });
  parser.on('error', (error) => fail(noFile('the form is malformed', error)));
  parser.on('finish', () => form.resolve());
  request.on('error', () => {}); // `close` follows
  request.on('close', closed);
  request.on('data', count);
  request.pipe(parser);
  if (request.destroyed) closed();

  return form.promise
    .then(() => taken ?? Promise.reject(noFile('the form has no file')))
    .catch(async (error: unknown) => {
      await taken?.catch(() => {}); // it has to clear up before the caller hears
      throw error;
    })
    .finally(() => {
      request.off('close', closed);
      request.off('data', count);
    });
}

/** The part's bytes; it ends only when the whole form has arrived, so that a file is never taken from half a form. */
async function* untilDone(part: Readable, form: Promise<void>): AsyncGenerator<Buffer> {
  yield* part;
  await form;
}

function openParser(contentType: string | undefined): BusboyInstance {
  const boundary = boundaryOf(contentType ?? '');
  if (boundary === undefined) throw noFile('not a multipart form');
  return new Busboy({
    headers: { 'content-type': `multipart/form-data; boundary="${boundary.replace(/["\\]/g, '\\$&')}"` },
    isPartAFile: (_field, _type, name) => name !== undefined && name !== '',
    limits: {
      files: 1,
      parts: limits.formPartsMax,
      fields: limits.formPartsMax,
      fieldSize: 1024,
      headerPairs: 64,
      headerSize: 16 * 1024,
    },
  });
}

/**
 * The boundary that the body really uses. Curl, told to send a content type of the caller's making, appends its own
 * boundary to it: `multipart/form-data;; boundary=X`, or two boundaries of which only the last one is true.
 */
export function boundaryOf(contentType: string): string | undefined {
  const [type, ...parameters] = contentType.match(/(?:[^;"]|"(?:[^"\\]|\\.)*"?)+/g) ?? [];
  if (type?.trim().toLowerCase() !== 'multipart/form-data') return undefined;
  const values = parameters.flatMap((parameter) => {
    const match = /^\s*boundary\s*=\s*(?:"((?:[^"\\]|\\.)*)"|(\S+))\s*$/i.exec(parameter);
    return match ? [match[1]?.replace(/\\(.)/g, '$1') ?? match[2] ?? ''] : [];
  });
  const last = values.at(-1);
  return last && last.length <= limits.boundaryCharsMax ? last : undefined;
}

/**
 * Reads on and throws away, within bounds, until the client has said it all or pauses: many clients read an answer only
 * when their request is written, and closing on them would lose it.
 */
export async function drain(request: IncomingMessage): Promise<void> {
  let bytes = 0;
  const count = (chunk: Buffer) => {
    bytes += chunk.length;
  };
  request.on('data', count);
  request.resume();
  for (let before = -1; !request.complete && !request.destroyed && bytes !== before && bytes < limits.drainBytesMax; ) {
    before = bytes;
    await Promise.race([ended(request), wait(limits.drainIdleMs, undefined, { ref: false })]);
  }
  request.off('data', count);
  request.pause();
}

const ended = (request: IncomingMessage) => new Promise<void>((done) => request.once('close', done).once('end', done));
