// Files that what came speaks of: looked for where their links lead, fetched into our own storage, and linked from there.
import { createHash, createHmac } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { App } from '../apps/app.ts';
import { uploadUrl } from '../attachments/links.ts';
import { pathExtension } from '../attachments/media-types.ts';
import { newUploadPath } from '../attachments/paths.ts';
import { upload } from '../attachments/upload.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { limits } from '../limits.ts';
import type { Message } from '../messages/message.ts';
import type { Loss, Relinked } from './import.ts';
import { inParallel, nothingTaken, type Progress } from './source.ts';

/** `missing`: why nobody has it there. */
export type Found =
  | { readonly name: string; readonly type: string | undefined; readonly stream: Readable }
  | { readonly missing: string };

export type FileJob = {
  readonly core: Pick<Core, 'store' | 'blobs' | 'thumbnails' | 'clock' | 'log'>;
  readonly app: App;
  readonly source: string;
  readonly progress: Progress;
  /** Only files of these hosts are asked for: a link is what anybody may have said. */
  readonly hosts: readonly string[];
  /** Only whether it is there, or its bytes too. */
  readonly look: (url: string, bytes: boolean) => Promise<Found>;
  /** Into our own storage; else they are only looked for. */
  readonly fetch: boolean;
  /** Origin that clients see: links are put in the place of the old ones. Absent: they stay. */
  readonly publicUrl?: string;
  readonly parallel: number;
};

export async function bringFiles(job: FileJob): Promise<void> {
  const { core, app } = job;
  job.progress.stage('files');
  const known = new Map<string, string | null>();
  for (let after = { ts: 0, no: 0 }; ; ) {
    const page = await core.store.messages.log(app.no, { from: after, order: 'oldest' }, {}, limits.messagesPageMax);
    await bringOf(job, page.messages, known);
    if (!page.next) break;
    after = page.next;
  }
  await bringAvatars(job, known);
}

/** Files in users' own columns: pictures of people. */
async function bringAvatars(job: FileJob, known: Map<string, string | null>): Promise<void> {
  const { core, app } = job;
  for (let skip = 0; ; skip += limits.pageMax) {
    const accounts = await core.store.accounts.list(app.no, { skip, limit: limits.pageMax });
    await fetchAll(
      job,
      accounts.flatMap(({ attributes }) => fileUrlsIn(attributes)),
      known,
    );
    for (const { id, attributes } of job.publicUrl === undefined ? [] : accounts) {
      const after = withLinks(attributes, known, job.publicUrl ?? '');
      if (JSON.stringify(after) === JSON.stringify(attributes)) continue;
      await core.store.accounts.change(app.no, id, { attributes: after as JsonObject }, core.clock.now());
      job.progress.took({ ...nothingTaken, changed: 1 });
    }
    if (accounts.length < limits.pageMax) return;
  }
}

const isFile = (value: Json): value is { __type: 'File'; url: string } =>
  isJsonObject(value) && value.__type === 'File' && typeof value.url === 'string';

function fileUrlsIn(value: Json): string[] {
  if (isFile(value)) return [value.url];
  if (Array.isArray(value)) return value.flatMap(fileUrlsIn);
  return isJsonObject(value) ? Object.values(value).flatMap(fileUrlsIn) : [];
}

function withLinks(value: Json, known: ReadonlyMap<string, string | null>, publicUrl: string): Json {
  if (Array.isArray(value)) return value.map((one) => withLinks(one, known, publicUrl));
  if (!isJsonObject(value)) return value;
  const path = isFile(value) ? known.get(value.url) : undefined;
  if (path) return { ...value, url: uploadUrl(publicUrl, path) };
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withLinks(one, known, publicUrl)]));
}

/** `known`: where each link of late leads to here; null: nowhere. */
async function bringOf(job: FileJob, messages: readonly Message[], known: Map<string, string | null>): Promise<void> {
  if (known.size > limits.factsCached) known.clear();
  await fetchAll(
    job,
    messages.flatMap(({ content }) => ('file' in content ? [content.file.url] : [])),
    known,
  );
  if (job.publicUrl !== undefined) await relink(job, messages, known, job.publicUrl);
}

async function fetchAll(job: FileJob, urls: readonly string[], known: Map<string, string | null>): Promise<void> {
  const wanted = [...new Set(urls)].filter((url) => !known.has(url) && job.hosts.includes(hostOf(url)));
  const losses: Loss[] = [];
  await inParallel(wanted, job.parallel, async (url) => {
    const path = await bringOne(job, url, losses);
    known.set(url, path);
  });
  if (losses.length > 0) await job.core.store.imports.note(job.app.no, { source: job.source, states: [], losses });
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : '');

/** Its path here; null: only looked for, or not to be had. One that came before is not fetched again. */
async function bringOne(job: FileJob, url: string, losses: Loss[]): Promise<string | null> {
  const { core, app } = job;
  const name = decodeURIComponentSafe(new URL(url).pathname.split('/').at(-1) ?? '');
  const path = pathOf(app, url, name);
  if (await core.store.media.byPath(path)) {
    job.progress.took({ ...nothingTaken, same: 1 });
    return path;
  }
  const lose = (reason: string): null => {
    losses.push({ what: 'file', id: url.slice(0, 500), reason });
    job.progress.took({ ...nothingTaken, lost: 1 });
    return null;
  };
  const found = await job.look(url, job.fetch);
  if ('missing' in found) return lose(found.missing);
  job.progress.took({ ...nothingTaken, made: 1 });
  if (!job.fetch) {
    found.stream.destroy();
    return null;
  }
  try {
    await upload(core, app, { name: found.name || name, type: found.type, stream: found.stream, path });
    return path;
  } catch (error) {
    found.stream.destroy();
    if (error instanceof ImError && error.code === 'bad-upload') return lose(`cannot be kept: ${error.message}`);
    throw error;
  }
}

/** The same for the same link, and nobody can guess it. */
function pathOf(app: App, url: string, name: string): string {
  const [folder = ''] = newUploadPath(app.id, '').split('/');
  const stem = createHmac('sha256', app.idKey).update(`file ${url}`).digest('hex').slice(0, 32);
  const extension = pathExtension(name, '');
  return `${folder}/${stem}${extension === '' ? '' : `.${extension}`}`;
}

function decodeURIComponentSafe(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return createHash('md5').update(text).digest('hex');
  }
}

/** In the content, and in the sender's own words where they are kept. */
async function relink(
  job: FileJob,
  messages: readonly Message[],
  known: ReadonlyMap<string, string | null>,
  publicUrl: string,
): Promise<void> {
  const rows: Relinked[] = [];
  for (const { no, content, original } of messages) {
    if (!('file' in content)) continue;
    const path = known.get(content.file.url);
    if (!path) continue;
    const url = uploadUrl(publicUrl, path);
    rows.push({
      no,
      content: { ...content, file: { ...content.file, url } },
      ...(original ? { original: { ...original, body: relinked(original.body, content.file.url, url) } } : {}),
    });
  }
  if (rows.length === 0) return;
  const slice = { source: job.source, states: [], losses: [] };
  job.progress.took(await job.core.store.imports.relink(job.app.no, rows, slice));
}

/** A body is JSON, where slashes may be escaped. */
const relinked = (body: string, from: string, to: string): string =>
  body
    .replaceAll(JSON.stringify(from).slice(1, -1), JSON.stringify(to).slice(1, -1))
    .replaceAll(JSON.stringify(from).slice(1, -1).replaceAll('/', '\\/'), JSON.stringify(to).slice(1, -1));
