// The files of a tar, one after the other; each is read before the next one begins.
type Entry = { readonly name: string; readonly size: number; readonly chunks: AsyncIterable<Buffer> };

const block = 512;

export const isTar = (head: Buffer): boolean =>
  head.length >= 262 && head.subarray(257, 262).toString('latin1') === 'ustar';

export async function* tarEntries(chunks: AsyncIterable<Buffer>): AsyncGenerator<Entry> {
  const bytes = reader(chunks);
  for (let long: string | undefined; ; ) {
    const header = await bytes.take(block);
    if (header.length < block || header.every((byte) => byte === 0)) return;
    const size = Number.parseInt(textOf(header, 124, 12), 8) || 0;
    const type = String.fromCharCode(header[156] ?? 0);
    const padding = (block - (size % block)) % block;
    if (type === 'L' || type === 'x') {
      const body = await bytes.take(size);
      await bytes.take(padding);
      long =
        type === 'L'
          ? body.toString('utf8').replace(/\0.*$/s, '')
          : (/\d+ path=([^\n]*)\n/.exec(body.toString('utf8'))?.[1] ?? long);
      continue;
    }
    const prefix = textOf(header, 345, 155);
    const name = long ?? `${prefix === '' ? '' : `${prefix}/`}${textOf(header, 0, 100)}`;
    long = undefined;
    const state = { left: size };
    const content = bytes.upTo(state);
    if (type === '0' || type === '\0') yield { name, size, chunks: content };
    for await (const _ of bytes.upTo(state));
    await bytes.take(padding);
  }
}

const textOf = (header: Buffer, from: number, length: number): string =>
  header
    .subarray(from, from + length)
    .toString('utf8')
    .replace(/\0.*$/s, '')
    .trim();

function reader(chunks: AsyncIterable<Buffer>) {
  const source = chunks[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  const fill = async (): Promise<boolean> => {
    const next = await source.next();
    if (next.done) return false;
    held = held.length === 0 ? next.value : Buffer.concat([held, next.value]);
    return true;
  };
  return {
    /** Fewer at the end. */
    async take(count: number): Promise<Buffer> {
      while (held.length < count && (await fill()));
      const taken = held.subarray(0, count);
      held = held.subarray(count);
      return taken;
    },
    async *upTo(state: { left: number }): AsyncGenerator<Buffer> {
      while (state.left > 0) {
        if (held.length === 0 && !(await fill())) throw new Error('the archive ends inside a file');
        const piece = held.subarray(0, state.left);
        held = held.subarray(piece.length);
        state.left -= piece.length;
        yield piece;
      }
    },
  };
}
