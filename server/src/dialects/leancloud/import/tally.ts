// Messages of many conversations as numbers that do not depend on their order: how many there are, the first and the last,
// and all their digests laid over each other.
import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../core/json.ts';
import { recalledData } from '../wire.ts';
import { isRecalled } from './message.ts';

export type Tally = { count: number; readonly digest: Buffer; first: string; last: string };
export type Tallies = Map<string, Tally>;

const digestBytes = 16;

/** What a client sees of a record: where it stands, whose it is, what it says. */
export function digestOf(record: JsonObject): Buffer {
  const { timestamp, from, data, bin, 'msg-id': mid } = record;
  const text = bin === true || typeof data !== 'string' || !isRecalled(data) ? data : recalledData;
  return createHash('sha256')
    .update(JSON.stringify([timestamp, mid, from ?? '', text ?? '', bin === true]))
    .digest()
    .subarray(0, digestBytes);
}

/** Its place, as a text that sorts by time. */
const placeOf = (record: JsonObject): string => `${String(record.timestamp).padStart(16, '0')} ${record['msg-id']}`;

export function count(tallies: Tallies, key: string, record: JsonObject): void {
  const place = placeOf(record);
  const tally = tallies.get(key) ?? { count: 0, digest: Buffer.alloc(digestBytes), first: place, last: place };
  tallies.set(key, tally);
  const digest = digestOf(record);
  for (let n = 0; n < digestBytes; n++) tally.digest[n] = (tally.digest[n] ?? 0) ^ (digest[n] ?? 0);
  tally.count += 1;
  if (place < tally.first) tally.first = place;
  if (place > tally.last) tally.last = place;
}

/** undefined: they are the same. */
export function differenceOf(source: Tally | undefined, copy: Tally | undefined): string | undefined {
  const [s, c] = [source?.count ?? 0, copy?.count ?? 0];
  if (s !== c) return `${s} messages at the source, ${c} here`;
  if (source && copy && source.first !== copy.first)
    return `the first is ${source.first} at the source, ${copy.first} here`;
  if (source && copy && source.last !== copy.last) return `the last is ${source.last} at the source, ${copy.last} here`;
  if (source && copy && !source.digest.equals(copy.digest))
    return `${s} messages on both sides, and some say other things`;
  return undefined;
}
