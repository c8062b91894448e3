// What a message holds: JMessage's `msg_type` and `msg_body`, to and from the core's content.

import { uploadPathOf } from '../../core/attachments/links.ts';
import type { Media } from '../../core/attachments/media.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Content, FileRef } from '../../core/messages/message.ts';
import { badValue } from './errors.ts';
import { type MediaKind, mediaIdOfUrl, urlOfMedia } from './media-ids.ts';
import { asObject, fieldOf, integerOf, neededText, textOf } from './rest/body.ts';

const types = ['text', 'image', 'voice', 'file', 'video', 'location', 'custom'] as const;
export type MessageType = (typeof types)[number];
export const isMessageType = (text: unknown): text is MessageType => types.includes(text as MessageType);

/** As it stands in a request and in a report. */
export type MessageBody = { readonly type: MessageType; readonly body: JsonObject };

/** Their sum is bounded as a whole. */
const anyText = { bytesMax: 64 * 1024 };
const crcMax = 2 ** 32 - 1;

/** Throws `invalid-argument` for what a body of that type needs and has not. Whether a file exists is not looked at. */
export function readMessageBody({ type, body }: MessageBody, publicUrl: string): Content {
  if (type === 'custom') return { type: 'custom', data: body };
  const given = fieldOf(body, 'extras');
  const extras = given === undefined ? {} : { extras: asObject(given, 'extras') };
  switch (type) {
    case 'text':
      return { type: 'text', text: neededText(body, 'text', anyText), ...extras };
    case 'image': {
      const file = readFile(body, publicUrl);
      return { type, file: { ...file, width: needed(body, 'width'), height: needed(body, 'height') }, ...extras };
    }
    case 'voice': {
      const durationMs = needed(body, 'duration') * 1_000;
      return { type: 'audio', file: readFile(body, publicUrl), durationMs, ...extras };
    }
    case 'file':
      return { type, file: { ...readFile(body, publicUrl), name: neededText(body, 'fname', anyText) }, ...extras };
    case 'video':
      return { ...readVideo(body, publicUrl), ...extras };
    case 'location':
      return { ...readLocation(body), ...extras };
    default:
      return type satisfies never;
  }
}

function needed(body: JsonObject, name: string, max = Number.MAX_SAFE_INTEGER): number {
  const value = integerOf(body, name, 0, max);
  if (value === undefined) throw badValue(`${name} is missing`, name);
  return value;
}

function decimal(body: JsonObject, name: string): number {
  const value = fieldOf(body, name);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw badValue(`${name} must be a number`, name);
  return number;
}

function readFile(body: JsonObject, publicUrl: string): FileRef {
  const format = textOf(body, 'format', anyText);
  const hash = textOf(body, 'hash', anyText);
  return {
    url: urlOfMedia(publicUrl, neededText(body, 'media_id', { ...anyText, bytesMin: 1 })),
    crc32: needed(body, 'media_crc32', crcMax),
    size: needed(body, 'fsize'),
    ...(format === undefined ? {} : { format }),
    ...(hash === undefined ? {} : { hash }),
  };
}

function readVideo(body: JsonObject, publicUrl: string): Content {
  const video = asObject(fieldOf(body, 'video'), 'video');
  const thumb = fieldOf(body, 'thumb');
  const poster = thumb === undefined ? undefined : asObject(thumb, 'thumb');
  const posterId = poster && textOf(poster, 'media_id', anyText);
  return {
    type: 'video',
    file: { ...readFile(video, publicUrl), name: neededText(video, 'fname', anyText) },
    durationMs: Math.round(decimal(body, 'duration') * 1_000),
    ...(posterId ? { thumb: { url: urlOfMedia(publicUrl, posterId) } } : {}),
  };
}

function readLocation(body: JsonObject): Content {
  // The documents misspell it in one place, and so do those who followed them.
  const label = textOf(body, 'label', anyText) ?? textOf(body, 'lable', anyText);
  return {
    type: 'location',
    latitude: decimal(body, 'latitude'),
    longitude: decimal(body, 'longitude'),
    scale: decimal(body, 'scale'),
    ...(label === undefined ? {} : { label }),
  };
}

/** What the server knows of uploads, by path: other doors say no more of a file than where it is. */
export type KnownFiles = ReadonlyMap<string, Media>;

const nothingKnown: KnownFiles = new Map();

/** Any door's content in this one's words. A file that lies elsewhere has no id, and becomes a text with its address. */
export function toMessageBody(content: Content, known: KnownFiles = nothingKnown): MessageBody {
  const extras: JsonObject = content.extras === undefined ? {} : { extras: content.extras };
  switch (content.type) {
    case 'text':
      return { type: 'text', body: { text: content.text, ...extras } };
    case 'location': {
      const { latitude, longitude, scale = 0, label } = content;
      const labelled: JsonObject = label === undefined ? {} : { label };
      return { type: 'location', body: { latitude, longitude, scale, ...labelled, ...extras } };
    }
    case 'custom':
      if (content.name === undefined && isJsonObject(content.data))
        return { type: 'custom', body: { ...content.data, ...extras } };
      return { type: 'custom', body: { ...named(content.name), data: content.data, ...extras } };
    case 'recalled':
      return { type: 'text', body: { text: '' } };
    default: {
      const found = toFile(content, known);
      return found ? { ...found, body: { ...found.body, ...extras } } : asLink(content, extras);
    }
  }
}

const named = (name: string | undefined): JsonObject => (name === undefined ? {} : { name });

type FileContent = Extract<Content, { file: FileRef }>;

const asLink = ({ text, file }: FileContent, extras: JsonObject): MessageBody => ({
  type: 'text',
  body: { text: [text, file.url].filter(Boolean).join(' '), ...extras },
});

const kinds = { image: 'image', audio: 'voice', video: 'file', file: 'file' } as const;

function toFile(content: FileContent, known: KnownFiles): MessageBody | undefined {
  const { file, durationMs = 0 } = content;
  const row = known.get(uploadPathOf(file.url) ?? '');
  const base = toRef(kinds[content.type], file, row);
  if (!base) return undefined;
  const fname = file.name ?? row?.name ?? '';
  switch (content.type) {
    case 'image': {
      const size = { width: file.width ?? row?.width ?? 0, height: file.height ?? row?.height ?? 0 };
      return { type: 'image', body: { ...base, ...size } };
    }
    case 'audio':
      return { type: 'voice', body: { ...base, duration: Math.round(durationMs / 1_000) } };
    case 'file':
      return { type: 'file', body: { ...base, fname } };
    case 'video':
      return { type: 'video', body: { video: { ...base, fname }, duration: durationMs / 1_000 } };
    default:
      return content.type satisfies never;
  }
}

/** undefined: it has no id, or nobody knows enough of it. */
function toRef(kind: MediaKind, file: FileRef, row: Media | undefined): JsonObject | undefined {
  const id = mediaIdOfUrl(kind, file.url);
  if (id === undefined) return undefined;
  const { format, hash } = file;
  return {
    media_id: id,
    media_crc32: file.crc32 ?? row?.crc32 ?? 0,
    fsize: file.size ?? row?.bytes ?? 0,
    ...(format === undefined ? {} : { format }),
    ...(hash === undefined ? {} : { hash }),
  };
}
