// A storage that speaks S3, on a free port with a folder of its own: s3rver, and before it the two operations on parts
// that it lacks. It can be away, fall silent, and come back on its old port.
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Options } from '../../src/blobs/s3.ts';

type Range = { start?: number; end?: number | object };
type S3rver = {
  callback(): RequestListener;
  store: { getObject(bucket: string, key: string, range: Range): Promise<unknown> };
};
type S3rverOptions = { directory: string; silent: boolean; vhostBuckets: boolean };
const S3rver = createRequire(import.meta.url)('s3rver') as new (options: S3rverOptions) => S3rver;

/** It takes an end of 0 for none, unless it is an object. */
function openObjects(directory: string): RequestListener {
  const s3rver = new S3rver({ directory, silent: true, vhostBuckets: false });
  const getObject = s3rver.store.getObject.bind(s3rver.store);
  s3rver.store.getObject = (bucketName, key, range) =>
    getObject(bucketName, key, range?.end === 0 ? { ...range, end: Object(0) } : range);
  return s3rver.callback();
}

export type S3Server = {
  readonly options: S3Options;
  /** HONGYAN_S3_* for a server that is to use it. */
  readonly env: Record<string, string>;
  /** Method and path of every request, `PUT /uploads/key?partNumber=1` for instance. */
  readonly requests: readonly string[];
  /** Every object's key, and `upload <key>` for each that is still in parts; sorted. */
  everything(): Promise<string[]>;
  /** Lets every upload that is still in parts have begun so long ago. */
  age(ms: number): Promise<void>;
  /** Requests of which this is true are taken and not answered, until it is called again. */
  silence(which?: (request: string) => boolean): void;
  /** Gone from one moment to the next: open connections break. */
  stop(): Promise<void>;
  /** On its old port, with its old objects. */
  start(): Promise<void>;
  close(): Promise<void>;
};

const bucket = 'uploads';

export async function openS3Server(more: Partial<S3Options> = {}): Promise<S3Server> {
  const directory = await mkdtemp(join(tmpdir(), 'hongyan-s3-'));
  const partsFolder = join(directory, bucket, '._S3rver_uploads');
  await mkdir(join(directory, bucket));
  const objects = openObjects(directory);
  const requests: string[] = [];
  let silenced: (request: string) => boolean = () => false;
  let held: (() => unknown)[] = [];

  const answer = (req: IncomingMessage, res: ServerResponse): void => {
    const query = new URL(req.url ?? '', 'http://x').searchParams;
    if (req.method === 'DELETE' && query.has('uploadId')) void abort(res, query.get('uploadId') ?? '');
    else if (req.method === 'GET' && query.has('uploads')) void list(res, query);
    else objects(req, res);
  };
  const server = createServer((req, res) => {
    const request = `${req.method} ${req.url}`;
    requests.push(request);
    if (silenced(request)) held.push(() => res.destroyed || answer(req, res));
    else answer(req, res);
  });

  /** Of an upload that goes while it is looked at: nothing. */
  const uploadInParts = async (id: string) => {
    try {
      const key = await readFile(join(partsFolder, id, 'key'), 'utf8');
      return [{ id, key, begun: (await stat(join(partsFolder, id))).mtime }];
    } catch (error) {
      if (isGone(error)) return [];
      throw error;
    }
  };
  const uploadsInParts = async () =>
    (await Promise.all((await readdir(partsFolder).catch(() => [])).map(uploadInParts))).flat();
  async function abort(res: ServerResponse, id: string): Promise<void> {
    const known = (await uploadsInParts()).some((upload) => upload.id === id);
    if (!known) return xml(res, 404, '<Error><Code>NoSuchUpload</Code><Message>none</Message></Error>');
    await rm(join(partsFolder, id), { recursive: true, force: true });
    res.writeHead(204).end();
  }
  /** One upload a page, so that paging is needed. */
  async function list(res: ServerResponse, query: URLSearchParams): Promise<void> {
    const found = (await uploadsInParts())
      .filter(({ key }) => key.startsWith(query.get('prefix') ?? ''))
      .sort((a, b) => (`${a.key} ${a.id}` < `${b.key} ${b.id}` ? -1 : 1));
    const marker = `${query.get('key-marker') ?? ''} ${query.get('upload-id-marker') ?? ''}`;
    const [first, ...rest] = found.filter(({ key, id }) => `${key} ${id}` > marker);
    const upload = first
      ? `<NextKeyMarker>${first.key}</NextKeyMarker><NextUploadIdMarker>${first.id}</NextUploadIdMarker>` +
        `<Upload><Key>${first.key}</Key><UploadId>${first.id}</UploadId><Initiated>${first.begun.toISOString()}</Initiated></Upload>`
      : '';
    xml(
      res,
      200,
      `<ListMultipartUploadsResult><IsTruncated>${rest.length > 0}</IsTruncated>${upload}</ListMultipartUploadsResult>`,
    );
  }

  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as { port: number }).port;
  };
  const port = await listen(0);
  const endpoint = `http://127.0.0.1:${port}`;
  const keys = { accessKey: 'S3RVER', secretKey: 'S3RVER' };
  const options: S3Options = {
    endpoint,
    region: 'us-east-1',
    bucket,
    accessKey: keys.accessKey,
    secretKey: { reveal: () => keys.secretKey },
    prefix: 'chat/',
    pathStyle: true,
    reads: 'proxy',
    ...more,
  };
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return {
    options,
    env: {
      HONGYAN_S3_ENDPOINT: endpoint,
      HONGYAN_S3_BUCKET: bucket,
      HONGYAN_S3_ACCESS_KEY: keys.accessKey,
      HONGYAN_S3_SECRET_KEY: keys.secretKey,
      HONGYAN_S3_PREFIX: 'chat',
    },
    requests,
    async everything() {
      const entries = await entriesOf(join(directory, bucket));
      const keysOf = entries.flatMap((name) => /^(.*)\._S3rver_object$/.exec(name)?.[1] ?? []);
      return [...keysOf, ...(await uploadsInParts()).map(({ key }) => `upload ${key}`)].sort();
    },
    async age(ms) {
      const begun = new Date(Date.now() - ms);
      for (const { id } of await uploadsInParts()) await utimes(join(partsFolder, id), begun, begun);
    },
    silence(which = () => false) {
      silenced = which;
      for (const go of held) go();
      held = [];
    },
    stop,
    async start() {
      await listen(port);
    },
    async close() {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const isGone = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** Of all folders below; once more when one of them went meanwhile. */
async function entriesOf(folder: string): Promise<string[]> {
  for (;;) {
    try {
      return await readdir(folder, { recursive: true });
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
}

function xml(res: ServerResponse, status: number, body: string): void {
  res.writeHead(status, { 'content-type': 'application/xml' }).end(`<?xml version="1.0" encoding="UTF-8"?>${body}`);
}
