// The request object of a message, checked.
import type { JsonObject } from '../../core/json.ts';
import { type Draft, messageFlags } from '../../core/messages/message.ts';
import { badValue } from './errors.ts';
import { isMessageType, readMessageBody } from './message-body.ts';
import { asObject, fieldOf, flagOf, integer, integerOf, neededText, textOf } from './rest/body.ts';
import { type Envelope, keepOriginal } from './stored-form.ts';

export type MessageRequest = {
  /** The app that the target belongs to. */
  readonly appkey: string | undefined;
  readonly from: { readonly admin: boolean; readonly name: string };
  readonly target:
    | { readonly type: 'single'; readonly name: string }
    | { readonly type: 'group' | 'chatroom'; readonly no: number };
  readonly draft: Draft;
};

/** UTF-8 bytes of a message body as JSON. */
const bodyBytesMax = 4_096;
const nameRule = { bytesMin: 1, bytesMax: 1_024 };
const shownNameRule = { bytesMax: 1_024 };
const refCharsMax = 128;

/** `key`: a repeated request with the same one is the same message. Throws `invalid-argument`. */
export function readMessage(
  given: JsonObject,
  publicUrl: string,
  key: string | readonly string[] | undefined,
): MessageRequest {
  if (integerOf(given, 'version', 1, 1) === undefined) throw badValue('version is missing', 'version');
  const target = readTarget(given);
  const type = neededText(given, 'from_type', nameRule);
  if (type !== 'admin' && type !== 'user') throw badValue('from_type must be admin or user', 'from_type');
  const name = neededText(given, 'from_id', nameRule);
  return {
    appkey: textOf(given, 'target_appkey', nameRule),
    from: { admin: type === 'admin', name },
    target,
    draft: { ...readDraft(given, publicUrl), ...readKey(key) },
  };
}

function readKey(key: string | readonly string[] | undefined): { ref?: string } {
  if (key === undefined) return {};
  if (typeof key !== 'string' || key === '' || key.length > refCharsMax)
    throw badValue(`Idempotency-Key must have 1 to ${refCharsMax} characters`, 'Idempotency-Key');
  return { ref: `jm:${key}` };
}

function readTarget(given: JsonObject): MessageRequest['target'] {
  const type = neededText(given, 'target_type', nameRule);
  const value = fieldOf(given, 'target_id');
  const name = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof name !== 'string' || name === '') throw badValue('target_id is missing', 'target_id');
  if (type === 'single') return { type, name };
  if (type !== 'group' && type !== 'chatroom')
    throw badValue('target_type must be single, group or chatroom', 'target_type');
  const no = /^\d+$/.test(name) ? integer(name) : undefined;
  if (no === undefined) throw badValue('target_id must be a number', 'target_id');
  return { type, no };
}

function readDraft(given: JsonObject, publicUrl: string): Draft {
  const type = fieldOf(given, 'msg_type');
  if (!isMessageType(type)) throw badValue('msg_type is none of the known ones', 'msg_type');
  const body = asObject(fieldOf(given, 'msg_body'), 'msg_body');
  if (Buffer.byteLength(JSON.stringify(body)) > bodyBytesMax)
    throw badValue(`msg_body is longer than ${bodyBytesMax} bytes`, 'msg_body');
  const content = readMessageBody({ type, body }, publicUrl);
  const { notification, ...names } = readEnvelope(given);
  const alert = notification && textOf(notification, 'alert', shownNameRule);
  const original = keepOriginal(content, { type, body }, { ...names, ...(notification ? { notification } : {}) });
  const offline = flagOf(given, 'no_offline') ? messageFlags.uncounted : 0;
  const quiet = flagOf(given, 'no_notification') ? messageFlags.silent : 0;
  return {
    content,
    flags: offline | quiet,
    ...(original ? { original } : {}),
    ...(alert ? { push: { overwrite: alert } } : {}),
  };
}

function readEnvelope(given: JsonObject): Envelope {
  const fromName = textOf(given, 'from_name', shownNameRule);
  const targetName = textOf(given, 'target_name', shownNameRule);
  const created = integerOf(given, 'create_time', 0, Number.MAX_SAFE_INTEGER);
  const notification = fieldOf(given, 'notification');
  return {
    ...(fromName === undefined ? {} : { from_name: fromName }),
    ...(targetName === undefined ? {} : { target_name: targetName }),
    ...(created === undefined ? {} : { create_time: created }),
    ...(notification === undefined ? {} : { notification: readNotification(asObject(notification, 'notification')) }),
  };
}

/** Other keys are left out. */
function readNotification(given: JsonObject): JsonObject {
  const title = textOf(given, 'title', shownNameRule);
  const alert = textOf(given, 'alert', shownNameRule);
  return { ...(title === undefined ? {} : { title }), ...(alert === undefined ? {} : { alert }) };
}
