// The oldest form of the frames: one flat JSON object a frame, the fields of its part laid beside `cmd`. Names of ops have
// hyphens, and what is JSON inside a protobuf frame is JSON here.
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { parseJson } from '../../../http/json.ts';
import { type Command, coerceCommand } from './frames.ts';
import type { CommandType } from './schema.ts';

const parts = {
  session: 'sessionMessage',
  conv: 'convMessage',
  direct: 'directMessage',
  ack: 'ackMessage',
  unread: 'unreadMessage',
  read: 'readMessage',
  rcp: 'rcpMessage',
  logs: 'logsMessage',
  error: 'errorMessage',
  patch: 'patchMessage',
  blacklist: 'blacklistMessage',
  report: 'reportMessage',
  loggedin: 'loggedinMessage',
} as const satisfies Partial<Record<CommandType, keyof Command>>;

const common = new Set(['cmd', 'op', 'appId', 'peerId', 'i', 'installationId', 'priority', 'service']);
const inside = ['attr', 'where', 'results', 'attrModified'];
const partOf = (cmd: string): keyof Command | undefined =>
  Object.hasOwn(parts, cmd) ? parts[cmd as keyof typeof parts] : undefined;

/** What a client sends to see whether anybody is there; it is answered by itself. */
export const ping = '{}';

/** undefined: no command. */
export function readJson(text: string): Command | undefined {
  const said = tryObject(text);
  if (typeof said?.cmd !== 'string') return undefined;
  const part = partOf(said.cmd);
  const head: JsonObject = {};
  const rest: JsonObject = {};
  for (const [key, value] of Object.entries(said)) {
    if (value === null) continue;
    if (common.has(key)) head[key] = value;
    else rest[key] = inside.includes(key) ? { data: JSON.stringify(value) } : value;
  }
  if (typeof head.op === 'string') head.op = head.op.replaceAll('-', '_');
  return coerceCommand(part === undefined ? head : { ...head, [part]: rest });
}

/** Whatever differs from client to client, `peerId`, goes behind the rest. */
export function writeJson(command: Command): string {
  const { cmd = '', op, ...more } = command;
  const part = partOf(cmd);
  const flat: Record<string, unknown> = { cmd, ...(op === undefined ? {} : { op: op.replaceAll('_', '-') }) };
  for (const [key, value] of Object.entries(more)) {
    if (key !== part) flat[key] = value;
    else for (const [name, field] of Object.entries(value as object)) flat[name] = fieldOf(name, field);
  }
  return JSON.stringify(flat, bytesAsText);
}

export const addressed = (text: string, peerId: string | undefined): string =>
  peerId === undefined ? text : `${text.slice(0, -1)},"peerId":${JSON.stringify(peerId)}}`;

function fieldOf(name: string, field: unknown): unknown {
  if (!inside.includes(name)) return field;
  return parseJson((field as { data: string }).data);
}

/** Bytes stand as base64. Buffers write themselves as something else before a replacer sees them: `this` holds the bytes. */
function bytesAsText(this: unknown, key: string, value: unknown): unknown {
  const raw = (this as Record<string, unknown>)[key];
  return raw instanceof Uint8Array ? Buffer.from(raw).toString('base64') : value;
}

function tryObject(text: string): JsonObject | undefined {
  try {
    const value: Json = parseJson(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
