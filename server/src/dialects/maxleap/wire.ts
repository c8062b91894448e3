// What is said: MaxLeap's `{media, body}` with its `remark`, to and from the core's content, and the shape of `say`.
// Everything a MaxLeap client can say survives the round trip, so this door never keeps an original beside the content.
import { ImError } from '../../core/errors.ts';
import type { Content, Draft, PushWords } from '../../core/messages/message.ts';
import { parseJson } from '../../http/json.ts';

export type MlContent = { readonly media: number; readonly body: string };
/** Content as it stands in events and in history. */
export type MlWords = { readonly content: MlContent; readonly remark?: string };

/** UTF-8 bytes of a body. */
const bodyBytesMax = 32 * 1024;
const remarkCharsMax = 4096;

const fileMedia = ['image', 'audio', 'video'] as const;
const ownName = /^ml\.([1-9][0-9]{0,15})$/;

/** Checks what a client wants to say. Throws `invalid-argument`, `too-long`. */
export function parseWords(content: unknown, remark: unknown): Content {
  if (typeof content !== 'object' || content === null) throw wrong('content', 'content must be an object');
  const { media = 0, body: given } = content as { media?: unknown; body?: unknown };
  if (typeof media !== 'number' || !Number.isSafeInteger(media) || media < 0) {
    throw wrong('media', 'media must be a whole number, 0 or more');
  }
  // The JavaScript SDK of 2016 puts the whole answer of an upload into the body: the file's URL, then its thumbnail's.
  const [body, second] = Array.isArray(given) ? (given as unknown[]) : [given];
  if (typeof body !== 'string' || body === '') throw wrong('body', 'content.body must be a text that is not empty');
  if (Buffer.byteLength(body) > bodyBytesMax) {
    throw new ImError('too-long', `content.body is longer than ${bodyBytesMax} bytes`, {
      what: 'body',
      max: bodyBytesMax,
    });
  }
  return contentOf(media, body, parseRemark(remark ?? second));
}

function parseRemark(remark: unknown): string | undefined {
  if (remark === undefined || remark === null) return undefined;
  if (typeof remark !== 'string') throw wrong('remark', 'remark must be a text');
  if (remark.length > remarkCharsMax) {
    throw new ImError('too-long', `remark is longer than ${remarkCharsMax} characters`, {
      what: 'remark',
      max: remarkCharsMax,
    });
  }
  return remark;
}

const wrong = (what: string, message: string) => new ImError('invalid-argument', message, { what, why: 'type' });

function contentOf(media: number, body: string, remark: string | undefined): Content {
  const extras = remark === undefined ? {} : { extras: { remark } };
  if (media === 0) return { type: 'text', text: body, ...extras };
  const type = fileMedia[media - 1];
  if (type === undefined) return { type: 'custom', name: `ml.${media}`, data: body, ...extras };
  if (type === 'image' && remark !== undefined && isLink(remark)) {
    return { type, file: { url: body }, thumb: { url: remark } };
  }
  return { type, file: { url: body }, ...extras };
}

const isLink = (text: string): boolean => /^https?:\/\//i.test(text);

/** The content as a MaxLeap client can show it; a kind it has no word for becomes text that says what it was. */
export function toContent(content: Content): MlWords {
  const remark = content.extras?.remark;
  const withRemark = typeof remark === 'string' ? { remark } : {};
  switch (content.type) {
    case 'text':
      return { content: { media: 0, body: content.text }, ...withRemark };
    case 'image': {
      const thumb = content.thumb ? { remark: content.thumb.url } : withRemark;
      return { content: { media: 1, body: content.file.url }, ...thumb };
    }
    case 'audio':
      return { content: { media: 2, body: content.file.url }, ...withRemark };
    case 'video':
      return { content: { media: 3, body: content.file.url }, ...withRemark };
    case 'file':
      return { content: text('[file]', content.file.name, content.text, content.file.url), ...withRemark };
    case 'location':
      return { content: text('[location]', content.label, `${content.latitude},${content.longitude}`), ...withRemark };
    case 'custom': {
      const media = ownName.exec(content.name ?? '')?.[1];
      if (media !== undefined && typeof content.data === 'string') {
        return { content: { media: Number(media), body: content.data }, ...withRemark };
      }
      return { content: text('[message]', content.name), ...withRemark };
    }
    case 'recalled':
      return { content: text('[recalled]') };
    default:
      return content satisfies never;
  }
}

const text = (...parts: (string | undefined)[]): MlContent => ({ media: 0, body: parts.filter(Boolean).join(' ') });

/** 0 friend, 1 group, 2 room, 3 passenger, 4 stranger. */
export type TargetType = 0 | 1 | 2 | 3 | 4;

/** Where something is said or done. */
export type Place = { readonly id: string; readonly type: TargetType };

export type Say = {
  readonly to: Place;
  readonly draft: Draft;
  /** A number of the client's choosing that its `ack` event repeats. */
  readonly ack?: number;
};

const pushCharsMax = 4096;
const refCharsMax = 128;

/**
 * Takes an object, or the JSON text of one (the JavaScript SDK of 2016 and Android send text). `ts`, `from` and unknown
 * keys are ignored: the server's clock and the session decide. `ref` is this server's addition: a client's own
 * reference, by which a repeated message is recognised. Throws `invalid-argument`, `too-long`.
 */
export function parseSay(value: unknown): Say {
  const say = argumentOf(value, 'say');
  const to = parsePlace(say.to);
  const draft: Draft = {
    content: parseWords(say.content, say.remark),
    ...optional('push', parsePush(say.push)),
    ...optional('ref', parseRef(say.ref)),
  };
  return { to, draft, ...optional('ack', parseAck(say.ack)) };
}

/** The argument of an event: an object, or the JSON text of one. Throws `invalid-argument`. */
export const argumentOf = (value: unknown, what: string): Record<string, unknown> =>
  objectOf(typeof value === 'string' ? parseJson(value) : value, what);

/** Throws `invalid-argument`. */
export function parsePlace(value: unknown): Place {
  const to = objectOf(value, 'to');
  if (typeof to.id !== 'string' || to.id === '') throw wrong('to.id', 'to.id must be an id');
  return { id: to.id, type: parseType(to.type) };
}

/** The `ts` that names a message. Throws `invalid-argument`. */
export function parseTs(ts: unknown): number {
  if (typeof ts === 'number' && Number.isSafeInteger(ts) && ts >= 0) return ts;
  throw wrong('ts', 'ts must be a whole number of milliseconds');
}

/** Settings of a wrong type are left out: they decide how a push looks, never whether a message is sent. */
export function parsePush(value: unknown): PushWords | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const push = value as Record<string, unknown>;
  const words = {
    ...optional('enable', flag(push.enable)),
    ...optional('sound', pushText(push.sound)),
    ...optional('badge', typeof push.badge === 'number' && Number.isSafeInteger(push.badge) ? push.badge : undefined),
    ...optional('prefix', pushText(push.prefix)),
    ...optional('suffix', pushText(push.suffix)),
    ...optional('overwrite', pushText(push.overwrite)),
    ...optional('contentAvailable', flag(push.contentAvailable)),
  };
  return words;
}

const flag = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined);

function pushText(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (value.length <= pushCharsMax) return value;
  throw new ImError('too-long', `a text of push is longer than ${pushCharsMax} characters`, {
    what: 'push',
    max: pushCharsMax,
  });
}

function objectOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw wrong(what, `${what} must be an object`);
}

function parseType(type: unknown): TargetType {
  if (type === undefined || type === null) return 0;
  if (type === 0 || type === 1 || type === 2 || type === 3 || type === 4) return type;
  throw wrong('to.type', 'to.type must be 0, 1, 2, 3 or 4');
}

const parseAck = (ack: unknown): number | undefined =>
  typeof ack === 'number' && Number.isSafeInteger(ack) ? ack : undefined;

function parseRef(ref: unknown): string | undefined {
  if (ref === undefined || ref === null) return undefined;
  if (typeof ref !== 'string' || ref === '') throw wrong('ref', 'ref must be a text that is not empty');
  if (ref.length <= refCharsMax) return ref;
  throw new ImError('too-long', `ref is longer than ${refCharsMax} characters`, { what: 'ref', max: refCharsMax });
}

/** `{[name]: value}`, or nothing: an absent key stays absent. */
function optional<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [P in K]?: V });
}
