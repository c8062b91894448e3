// What is said: LeanCloud's message text, to and from the core's content. The vendor's rich messages are JSON in a text,
// told apart by `_lctype`; any other text is a plain one. What this door could not write again byte by byte is kept
// beside the content as it came.
import { createHash } from 'node:crypto';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Content, FileRef, Message, Original } from '../../core/messages/message.ts';
import { parseJson } from '../../http/json.ts';

/** What everybody sees of a message that was taken back. */
export const recalledData = '{"_lctype":-127}';

export type Said = { readonly content: Content; readonly original?: Original };
/** A message's text; of a binary one its bytes in base64. */
export type Data = { readonly data: string; readonly bin: boolean };

const fileTypes = new Map([
  [-2, 'image'],
  [-3, 'audio'],
  [-4, 'video'],
  [-6, 'file'],
] as const);
const typeNumbers = new Map([...fileTypes].map(([number, type]) => [type, number]));
const ownName = /^lc\.(-?\d{1,9})$/;
const binaryName = 'lc.binary';

/** Never refuses: what it does not understand is a plain text. */
export function parseData(text: string): Said {
  const content = contentOf(text);
  return write(content) === text
    ? { content }
    : { content, original: { door: 'leancloud', body: text, binary: false } };
}

/** Bytes that only the application understands. */
export const parseBinary = (bytes: Uint8Array): Said => ({
  content: { type: 'custom', name: binaryName, data: null },
  original: { door: 'leancloud', body: Buffer.from(bytes).toString('base64'), binary: true },
});

/** As a LeanCloud client gets it: what this door's clients said as they said it, everything else in the vendor's words. */
export function dataOf({ content, original }: Pick<Message, 'content' | 'original'>): Data {
  if (content.type !== 'recalled' && original?.door === 'leancloud')
    return { data: original.body, bin: original.binary };
  return { data: write(content), bin: false };
}

/** The `_lctype` that a message of this content has; undefined where it has none. */
export function lctypeOf(message: Pick<Message, 'content' | 'original'>): number | undefined {
  const { data, bin } = dataOf(message);
  const json = bin ? undefined : tryJson(data);
  return isJsonObject(json) && typeof json._lctype === 'number' ? json._lctype : undefined;
}

function contentOf(text: string): Content {
  const json = tryJson(text);
  if (!isJsonObject(json) || typeof json._lctype !== 'number' || !Number.isSafeInteger(json._lctype))
    return { type: 'text', text };
  const extras = isJsonObject(json._lcattrs) ? { extras: json._lcattrs } : {};
  const caption = typeof json._lctext === 'string' ? json._lctext : undefined;
  if (json._lctype === -1) return { type: 'text', text: caption ?? '', ...extras };
  if (json._lctype === -5) return locationOf(json, extras) ?? ownContent(json);
  const type = fileTypes.get(json._lctype as -2);
  return (type && fileContent(type, json, caption, extras)) ?? ownContent(json);
}

const ownContent = (json: JsonObject): Content => ({ type: 'custom', name: `lc.${json._lctype}`, data: json });

function locationOf(
  { _lcloc: place, _lctext: label }: JsonObject,
  extras: { extras?: JsonObject },
): Content | undefined {
  if (!isJsonObject(place)) return undefined;
  const { latitude, longitude } = place;
  if (typeof latitude !== 'number' || typeof longitude !== 'number') return undefined;
  return { type: 'location', latitude, longitude, ...optional('label', textOf(label)), ...extras };
}

function fileContent(
  type: 'image' | 'audio' | 'video' | 'file',
  { _lcfile: file }: JsonObject,
  text: string | undefined,
  extras: { extras?: JsonObject },
): Content | undefined {
  if (!isJsonObject(file) || typeof file.url !== 'string' || file.url === '') return undefined;
  const meta = isJsonObject(file.metaData) ? file.metaData : {};
  const ref: FileRef = {
    url: file.url,
    ...optional('name', textOf(meta.name) ?? textOf(file.name)),
    ...optional('size', numberOf(meta.size) ?? numberOf(file.size)),
    ...optional('width', numberOf(meta.width)),
    ...optional('height', numberOf(meta.height)),
    ...optional('format', textOf(meta.format)),
  };
  const seconds = numberOf(meta.duration);
  return {
    type,
    file: ref,
    ...optional('text', text),
    ...optional('durationMs', seconds === undefined ? undefined : Math.round(seconds * 1000)),
    ...extras,
  };
}

/** Keys in the order in which the vendor's JavaScript SDK writes them: its plain messages then need no original. */
function write(content: Content): string {
  const attrs = content.extras === undefined ? {} : { _lcattrs: content.extras };
  switch (content.type) {
    case 'text':
      return JSON.stringify({ _lctext: content.text, ...attrs, _lctype: -1 });
    case 'image':
    case 'audio':
    case 'video':
    case 'file':
      return JSON.stringify({
        ...optional('_lctext', content.text),
        ...attrs,
        _lcfile: writeFile(content.file, content.durationMs),
        _lctype: typeNumbers.get(content.type),
      });
    case 'location':
      return JSON.stringify({
        ...optional('_lctext', content.label),
        ...attrs,
        _lcloc: { longitude: content.longitude, latitude: content.latitude },
        _lctype: -5,
      });
    case 'custom':
      return writeOwn(content.name, content.data, attrs);
    case 'recalled':
      return recalledData;
    default:
      return content satisfies never;
  }
}

/** The vendor's plugin reads no file without an id; of what came through another door it follows from the address. */
export const fileIdOf = (url: string): string => createHash('md5').update(url).digest('hex').slice(0, 24);

function writeFile({ url, name, size, width, height, format }: FileRef, durationMs: number | undefined): JsonObject {
  const duration = durationMs === undefined ? undefined : durationMs / 1000;
  const metaData = {
    ...optional('name', name),
    ...optional('format', format),
    ...optional('size', size),
    ...optional('width', width),
    ...optional('height', height),
    ...optional('duration', duration),
  };
  return { url, objId: fileIdOf(url), ...(Object.keys(metaData).length > 0 ? { metaData } : {}) };
}

/** A kind of another door's is a text that names it and carries it along. */
function writeOwn(name: string | undefined, data: Json, attrs: { _lcattrs?: JsonObject }): string {
  if (ownName.test(name ?? '') && isJsonObject(data)) return JSON.stringify(data);
  const words = ['[message]', name].filter(Boolean).join(' ');
  return JSON.stringify({ _lctext: words, _lcattrs: { ...attrs._lcattrs, data }, _lctype: -1 });
}

const textOf = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
const numberOf = (value: Json | undefined): number | undefined => (typeof value === 'number' ? value : undefined);

function tryJson(text: string): Json | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function optional<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [P in K]?: V });
}
