// What is said, to and from the wire's `{media, body}` and `remark`.
import type { FileLike, What, Words } from './types.ts';

export type Wording = { content: { media: number; body: string }; remark?: string };

const kinds = ['text', 'image', 'audio', 'video'] as const;

/** Wire → application. A file travels as its link, with its name, type and size in the remark. */
export function wordsOf({ content: { media, body }, remark }: Wording): Words {
  const words: Words = { kind: kinds[media] ?? 'other', media, body, remark, [media ? 'url' : 'text']: body };
  if (media === 1 && remark?.startsWith('http')) words.thumb = remark;
  if (!media && remark?.startsWith('{"file":')) {
    try {
      Object.assign(words, { kind: 'file', url: body, ...JSON.parse(remark) });
    } catch {}
  }
  return words;
}

/** Application → wire. `file`: to be uploaded first; then `withUrls` makes the wording of its answer. */
export function wordingOf(what: What): {
  wording?: Wording;
  file?: FileLike;
  withUrls(urls: readonly string[]): Wording;
} {
  // biome-ignore lint/suspicious/noExplicitAny: one of the shapes of What
  const given = (typeof what === 'string' ? { text: what } : what) as Record<string, any>;
  const media = given.media ?? kinds.findIndex((kind) => kind in given);
  const isFile = media < 0;
  const body = given.body ?? given[kinds[media as 0] ?? 'file'];
  const withUrls = ([url, thumb]: readonly string[]): Wording => {
    const { type, size, name = given.name } = body;
    const remark = given.remark ?? (isFile ? JSON.stringify({ file: { name, type, size } }) : thumb);
    return { content: { media: isFile ? 0 : media, body: url as string }, ...(remark && { remark }) };
  };
  return typeof body === 'string' ? { wording: withUrls([body]), withUrls } : { file: body, withUrls };
}
