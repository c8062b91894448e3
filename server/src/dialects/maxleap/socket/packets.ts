// The Socket.IO packet protocol as text, revisions 4 (spoken over Engine.IO 3) and 5 (over Engine.IO 4). What the server
// hears looks the same in both; what it says differs in connecting and refusing only.
import { limits } from '../../../core/limits.ts';
import { textFrame } from '../../../realtime/ws-frame.ts';

export type EngineRevision = 3 | 4;

/** What a client sent, as far as it concerns us. `ignored`: well formed, and nothing we act on. */
export type Heard =
  | { readonly type: 'connect'; readonly namespace: string }
  | { readonly type: 'disconnect'; readonly namespace: string }
  | {
      readonly type: 'event';
      readonly namespace: string;
      readonly name: string;
      readonly args: unknown[];
      readonly ackId: number | undefined;
    }
  | { readonly type: 'ignored' };

/** One Socket.IO packet for any number of clients; its WebSocket frame is built when the first one needs it. */
export type EventPacket = { readonly text: string; frame: Buffer | undefined };

export const rootNamespace = '/';
export const chatNamespace = '/chat';

/** Longer names are nobody's typing error, and a refusal repeats the name. */
const namespaceCharsMax = 128;

const packet = (text: string): EventPacket => ({ text, frame: undefined });

/** The packet as one WebSocket frame that carries one Engine.IO message. */
export function packetFrame(from: EventPacket): Buffer {
  from.frame ??= textFrame(`4${from.text}`);
  return from.frame;
}

/** An event on /chat with one argument. */
export const eventPacket = (name: string, argument: unknown): EventPacket =>
  packet(`2${chatNamespace},${JSON.stringify([name, argument])}`);

/** The answer to an event that carried `ackId`; without a value the callback is called without arguments. */
export const replyPacket = (ackId: number, value: unknown): EventPacket =>
  packet(`3${chatNamespace},${ackId}${JSON.stringify(value === undefined ? [] : [value])}`);

export const disconnectPacket: EventPacket = packet(`1${chatNamespace}`);

const rootWelcome: EventPacket = packet('0');
const chatWelcome: EventPacket = packet(`0${chatNamespace}`);

export function welcomePacket(revision: EngineRevision, namespace: string, id: string): EventPacket {
  const root = namespace === rootNamespace;
  if (revision === 3) return root ? rootWelcome : chatWelcome;
  return packet(`0${root ? '' : `${namespace},`}{"sid":"${id}"}`);
}

export function refusalPacket(revision: EngineRevision, namespace: string): EventPacket {
  const reason = 'Invalid namespace';
  return packet(`4${namespace},${JSON.stringify(revision === 3 ? reason : { message: reason })}`);
}

/**
 * Reads one packet; undefined when it breaks the protocol (the connection is to be closed then). Binary packets do:
 * nothing of this door is binary. The query that socket.io-client from 1.5 on repeats, unencoded and with commas, in
 * its connect packet is cut off.
 */
export function hear(text: string): Heard | undefined {
  const type = text.charAt(0);
  if (type === '2') return hearEvent(text);
  if (type === '3') return { type: 'ignored' };
  if (type !== '0' && type !== '1') return undefined;
  let namespace: string = rootNamespace;
  if (text.charAt(1) === '/') {
    const end = text.search(/[,?]/);
    namespace = text.slice(1, end < 0 ? undefined : end);
    if (namespace.length > namespaceCharsMax) return undefined;
  }
  return { type: type === '0' ? 'connect' : 'disconnect', namespace };
}

function hearEvent(text: string): Heard | undefined {
  let at = 1;
  let namespace: string = rootNamespace;
  if (text.charAt(1) === '/') {
    const comma = text.indexOf(',');
    if (comma < 0 || comma > namespaceCharsMax) return undefined;
    namespace = text.slice(1, comma);
    at = comma + 1;
  }
  let ackId: number | undefined;
  const idAt = at;
  while (isDigit(text.charCodeAt(at))) at += 1;
  if (at > idAt) {
    ackId = Number(text.slice(idAt, at));
    if (!Number.isSafeInteger(ackId)) return undefined;
  }
  let data: unknown;
  try {
    data = JSON.parse(text.slice(at));
  } catch {
    return undefined;
  }
  if (!Array.isArray(data)) return undefined;
  const name: unknown = data[0];
  if (typeof name !== 'string') return undefined;
  if (!nestsWithin(data, limits.jsonDepthMax)) return { type: 'ignored' };
  data.shift();
  return { type: 'event', namespace, name, args: data, ackId };
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Whether arrays and objects lie at most `depthMax` deep in each other; looks no deeper than that. */
export function nestsWithin(value: unknown, depthMax: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depthMax === 0) return false;
  for (const inner of Array.isArray(value) ? value : Object.values(value)) {
    if (!nestsWithin(inner, depthMax - 1)) return false;
  }
  return true;
}
