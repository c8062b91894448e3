/** The beginning of a text, at most so many bytes of UTF-8, cut between characters. */
export function clip(text: string, bytesMax: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= bytesMax) return text;
  let end = bytesMax - 3;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return `${bytes.subarray(0, end).toString()}…`;
}

export const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
