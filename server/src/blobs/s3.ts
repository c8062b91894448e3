// Blobs as objects of one bucket of any storage that speaks S3. An object appears whole or not at all: small ones are
// put at once, larger ones in parts that only the last call makes an object of.
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  type MultipartUpload,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { isUploadPath } from '../core/attachments/paths.ts';
import type { Blobs, LinkHeaders } from '../core/ports/blobs.ts';
import type { Log } from '../core/ports/log.ts';

export type S3Options = {
  /** Absent: Amazon's, by the region. */
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: { reveal(): string };
  /** '' or a path with a slash at its end. */
  readonly prefix: string;
  /** The bucket stands in the path, not in the host's name. */
  readonly pathStyle: boolean;
  /** `redirect`: readers are sent to the bucket with a link that is good for some minutes. */
  readonly reads: 'proxy' | 'redirect';
};

export const s3Bounds = {
  /** The smallest part S3 takes: an upload holds two of them, and what is not collected yet (some 20 MiB in all). */
  partBytes: 5 * 1024 * 1024,
  /** Files on their way up, and with them the memory for parts; further ones fail. */
  uploadsAtOnce: 64,
  /** Connections to the storage: every reader of a file holds one. */
  socketsMax: 512,
  connectMs: 5_000,
  /** From the request's first byte, a part of an upload included, to the head of its answer. */
  answerMs: 20_000,
  /** A body that does not move, be it that our own reader is slow: as long as the HTTP listener waits for him. */
  silenceMs: 120_000,
  attempts: 3,
  /** Parts of an upload that began earlier belong to nobody: no request lives that long. */
  staleMs: 3_600_000,
  sweepEveryMs: 3_600_000,
  removesAtOnce: 8,
  /** How long the link of a redirected reader is good. */
  linkSeconds: 900,
};

export type S3Blobs = Blobs & {
  /** Answers how many abandoned uploads were cleared away; rejects where the storage cannot list them. */
  sweep(): Promise<number>;
  /** Sweeps now and every hour, in the background, until it is closed. */
  keepClean(): void;
  close(): Promise<void>;
};

type Bucket = {
  readonly client: S3Client;
  readonly options: S3Options;
  readonly bounds: typeof s3Bounds;
  readonly log: Log;
  uploads: number;
};

/** Asks nothing of the storage yet. */
export function openS3Blobs(options: S3Options, log: Log, bounds: typeof s3Bounds = s3Bounds): S3Blobs {
  const bucket: Bucket = { client: openClient(options, bounds), options, bounds, log, uploads: 0 };
  const closing = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const sweepQuietly = async (): Promise<void> => {
    try {
      const swept = await sweep(bucket, closing.signal);
      if (swept > 0) log.info({ swept }, 'half-written uploads in the bucket are cleared away');
    } catch (err) {
      if (!closing.signal.aborted) log.warn({ err }, 'the bucket could not be searched for half-written uploads');
    }
  };
  return {
    write: (path, source) => write(bucket, path, source),
    read: (path, range) => read(bucket, path, range),
    remove: (paths) => remove(bucket, paths),
    ...(options.reads === 'redirect' ? { link: (path, headers) => link(bucket, path, headers) } : {}),
    sweep: () => sweep(bucket, closing.signal),
    keepClean() {
      void sweepQuietly();
      timer = setInterval(sweepQuietly, bounds.sweepEveryMs).unref();
    },
    async close() {
      clearInterval(timer);
      closing.abort();
      bucket.client.destroy();
    },
  };
}

/** Writes, reads and removes a small object; rejects with what the storage says. */
export async function tryS3(options: S3Options, bounds: typeof s3Bounds = s3Bounds): Promise<void> {
  const client = openClient(options, bounds);
  const place = { Bucket: options.bucket, Key: `${options.prefix}.doctor-${process.pid}` };
  try {
    await client.send(new PutObjectCommand({ ...place, Body: Buffer.from('trial') }));
    try {
      const { Body } = await client.send(new GetObjectCommand(place));
      if ((await Body?.transformToString()) !== 'trial') throw new Error('what was written is not what is read');
    } finally {
      await client.send(new DeleteObjectCommand(place));
    }
  } finally {
    client.destroy();
  }
}

function openClient(options: S3Options, bounds: typeof s3Bounds): S3Client {
  const agent = { keepAlive: true, maxSockets: bounds.socketsMax };
  const { endpoint, region, accessKey, secretKey, pathStyle } = options;
  return new S3Client({
    ...(endpoint === undefined ? {} : { endpoint }),
    region,
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey.reveal() },
    forcePathStyle: pathStyle,
    maxAttempts: bounds.attempts,
    // The newer checksums are unknown to many a storage that speaks S3.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: bounds.connectMs,
      requestTimeout: bounds.answerMs,
      throwOnRequestTimeout: true,
      socketTimeout: bounds.silenceMs,
      // It would write to the console otherwise.
      logger: { debug() {}, info() {}, warn() {}, error() {} },
      httpAgent: agent,
      httpsAgent: agent,
    },
  });
}

const placeOf = ({ options }: Bucket, path: string) => ({ Bucket: options.bucket, Key: `${options.prefix}${path}` });

async function write(bucket: Bucket, path: string, source: Readable): Promise<{ bytes: number }> {
  if (!isUploadPath(path)) throw new TypeError('not the path of an upload');
  const passed = { bytes: 0, ended: false, failure: undefined as unknown };
  async function* pass(): AsyncGenerator<Buffer> {
    let handing = false;
    try {
      for await (const chunk of source as AsyncIterable<Buffer>) {
        passed.bytes += chunk.length;
        handing = true;
        yield chunk;
        handing = false;
      }
    } catch (failure) {
      // What is thrown in while a chunk is handed over says that the storage gave up.
      if (!handing) passed.failure = failure;
      throw failure;
    }
    passed.ended = true;
  }
  bucket.uploads += 1;
  try {
    if (bucket.uploads > bucket.bounds.uploadsAtOnce) throw new Error('too many uploads at once');
    await new Upload({
      client: bucket.client,
      params: { ...placeOf(bucket, path), Body: Readable.from(pass(), { objectMode: false }) },
      queueSize: 1,
      partSize: bucket.bounds.partBytes,
    }).done();
    return { bytes: passed.bytes };
  } catch (error) {
    source.destroy();
    // Of a last call whose answer got lost nobody knows what it did.
    if (passed.ended) await removeQuietly(bucket, path);
    throw passed.failure ?? error;
  } finally {
    bucket.uploads -= 1;
  }
}

async function read(
  bucket: Bucket,
  path: string,
  range?: { start: number; end: number },
): Promise<Readable | undefined> {
  if (!isUploadPath(path)) return undefined;
  const wanted = range ? { Range: `bytes=${range.start}-${range.end}` } : {};
  try {
    const { Body, ContentRange } = await bucket.client.send(
      new GetObjectCommand({ ...placeOf(bucket, path), ...wanted }),
    );
    const body = Body as Readable | undefined;
    if (range && !isRange(ContentRange, range)) {
      body?.destroy();
      throw new Error(`the storage answered with another range than it was asked for: ${ContentRange ?? 'none'}`);
    }
    return body;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The lengths that we promise a reader are those of the range that he asked for. */
function isRange(answered: string | undefined, { start, end }: { start: number; end: number }): boolean {
  const [, first, last, size] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(answered ?? '') ?? [];
  return Number(first) === start && (Number(last) === end || (Number(last) < end && Number(last) + 1 === Number(size)));
}

/** One by one: the call for many asks for checksums that not every storage knows. */
async function remove(bucket: Bucket, paths: readonly string[]): Promise<void> {
  const wanted = paths.filter(isUploadPath);
  const { removesAtOnce } = bucket.bounds;
  for (let at = 0; at < wanted.length; at += removesAtOnce) {
    const some = wanted.slice(at, at + removesAtOnce);
    await Promise.all(
      some.map((path) =>
        bucket.client.send(new DeleteObjectCommand(placeOf(bucket, path))).catch((error: unknown) => {
          if (!isMissing(error)) throw error;
        }),
      ),
    );
  }
}

async function removeQuietly(bucket: Bucket, path: string): Promise<void> {
  await remove(bucket, [path]).catch((err: unknown) =>
    bucket.log.warn({ err, path }, 'an upload that failed may have left an object in the bucket'),
  );
}

async function link(bucket: Bucket, path: string, headers: LinkHeaders): Promise<{ url: string; seconds: number }> {
  if (!isUploadPath(path)) throw new TypeError('not the path of an upload');
  const { linkSeconds: seconds } = bucket.bounds;
  const command = new GetObjectCommand({
    ...placeOf(bucket, path),
    ResponseContentType: headers.type,
    ResponseContentDisposition: headers.disposition,
  });
  return { url: await getSignedUrl(bucket.client, command, { expiresIn: seconds }), seconds };
}

/** Only what bears a name of ours is touched: the bucket may be shared. */
async function sweep(bucket: Bucket, abortSignal: AbortSignal): Promise<number> {
  const { client, options, bounds } = bucket;
  const startedBefore = Date.now() - bounds.staleMs;
  const isStale = ({ Key = '', Initiated }: MultipartUpload): boolean =>
    Key.startsWith(options.prefix) &&
    isUploadPath(Key.slice(options.prefix.length)) &&
    Initiated !== undefined &&
    Initiated.getTime() < startedBefore;
  let swept = 0;
  let after: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } | undefined = {};
  while (after) {
    const page: ListMultipartUploadsCommand = new ListMultipartUploadsCommand({
      Bucket: options.bucket,
      Prefix: options.prefix,
      ...after,
    });
    const { Uploads = [], IsTruncated, NextKeyMarker, NextUploadIdMarker } = await client.send(page, { abortSignal });
    for (const { Key, UploadId } of Uploads.filter(isStale)) {
      const abort = new AbortMultipartUploadCommand({ Bucket: options.bucket, Key, UploadId });
      await client.send(abort, { abortSignal }).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
      swept += 1;
    }
    after = IsTruncated ? { KeyMarker: NextKeyMarker, UploadIdMarker: NextUploadIdMarker } : undefined;
  }
  return swept;
}

/** A missing bucket is no missing object. */
const isMissing = (error: unknown): boolean =>
  error instanceof Error && ['NoSuchKey', 'NotFound', 'NoSuchUpload'].includes(error.name);
