// A record of a history as a message to be restored.
import type { Loss, RestoredMessage } from '../../../core/imports/import.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { limits } from '../../../core/limits.ts';
import { parseBinary, parseData, recalledData, type Said } from '../wire.ts';
import { idsOf, isId, shown } from './values.ts';

export type DecodedMessage = { readonly row: RestoredMessage; readonly digest?: string } | { readonly loss: Loss };

const dayMs = 86_400_000;

/** `digest`: it was said to one client of a service, and this is the MD5 of `<service>:<client>`. */
export function decodeMessage(record: JsonObject, now: number): DecodedMessage {
  const { timestamp: ts, from, 'msg-id': mid, 'conv-id': convId } = record;
  const to = typeof record.to === 'string' && record.to !== '' ? record.to : convId;
  const lose = (reason: string, detail?: string): DecodedMessage => ({
    loss: {
      what: 'message',
      id: `${shown(to)}/${shown(mid ?? ts)}`,
      reason,
      ...(detail === undefined ? {} : { detail }),
    },
  });
  if (record['is-room'] === true) return lose('is of a retired kind of room');
  if (!isId(to)) return lose('names no conversation');
  if (to.startsWith('_tmp:')) return lose('is of a temporary conversation');
  if (!isId(mid)) return lose('has no id that can be kept');
  if (typeof ts !== 'number' || !Number.isSafeInteger(ts) || ts <= 0) return lose('has no time', shown(ts));
  if (ts > now + dayMs) return lose('is dated more than a day ahead', String(ts));
  if (from !== undefined && from !== null && from !== '' && !isId(from))
    return lose('has a sender that cannot be an id', shown(from));
  const said = saidIn(record);
  if (sizeOf(said) > limits.contentBytesMax) return lose('is larger than a message can be', `${sizeOf(said)} bytes`);
  const mentions = mentionsIn(record);
  const row: RestoredMessage = {
    to,
    foreignId: mid,
    ts,
    sender: typeof from === 'string' && from !== '' ? from : null,
    ...said,
    ...(mentions ? { mentions } : {}),
    ...timeIn('deliveredAt', record['ack-at']),
    ...timeIn('editedTs', record['patch-timestamp']),
  };
  const digest = typeof convId === 'string' && convId !== to && /^[0-9a-f]{32}$/.test(convId) ? convId : undefined;
  return digest === undefined ? { row } : { row, digest };
}

function saidIn({ data, bin }: JsonObject): Said {
  const text = typeof data === 'string' ? data : data === undefined || data === null ? '' : JSON.stringify(data);
  if (bin === true) {
    const said = parseBinary(Buffer.alloc(0));
    return { ...said, original: { door: 'leancloud', body: text, binary: true } };
  }
  return isRecalled(text) ? { content: { type: 'recalled' } } : parseData(text);
}

/** Whatever else such a text holds was taken back with it. */
export function isRecalled(text: string): boolean {
  if (text === recalledData) return true;
  if (!text.startsWith('{') || !text.includes('-127')) return false;
  try {
    const json: Json = JSON.parse(text) as Json;
    return isJsonObject(json) && json._lctype === -127;
  } catch {
    return false;
  }
}

const sizeOf = ({ content, original }: Said): number =>
  Buffer.byteLength(JSON.stringify(content)) + (original ? Buffer.byteLength(original.body) : 0);

function mentionsIn(record: JsonObject): RestoredMessage['mentions'] {
  const all = record['mention-all'] === true;
  const { ids } = idsOf(record['mention-pids']);
  return all || ids.length > 0 ? { all, who: ids } : undefined;
}

const timeIn = <K extends string>(name: K, value: Json | undefined): { readonly [P in K]?: number } =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0
    ? ({ [name]: value } as { readonly [P in K]?: number })
    : {};
