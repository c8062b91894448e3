// An app's rows as LeanCloud would hand them out: made up, always the same ones, of every kind and with every oddity.
import { createHash } from 'node:crypto';
import { saltedSha512 } from '../../src/accounts/passwords.ts';
import type { JsonObject } from '../../src/core/json.ts';

export type Size = { readonly users: number; readonly conversations: number; readonly messages: number };

/** Everything was said before this; the app is 180 days old. */
export const epoch = Date.UTC(2026, 4, 1);
const spanMs = 180 * 86_400_000;

/** The same numbers in every run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    const mixed = Math.imul(state ^ (state >>> 13), 0x297a2d39);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}

const hex24 = (name: string): string => createHash('sha1').update(name).digest('hex').slice(0, 24);
const iso = (at: number): string => new Date(at).toISOString();
export const userId = (n: number): string => hex24(`user ${n}`);
export const passwordOf = (n: number): string => `s3cret-${n}`;

/** Every fifth has no password, every seventh came through a third party, every eleventh has a phone. */
export function userRow(n: number): JsonObject {
  const salt = `salt${n}`;
  return {
    objectId: userId(n),
    username: n % 50 === 49 ? `double${Math.floor(n / 100)}` : `user${n}`,
    ...(n % 5 === 4 ? {} : { salt, password: saltedSha512(salt, passwordOf(n)) }),
    ...(n % 7 === 3 ? { authData: { weixin: { openid: `wx${n}`, access_token: 'secret' } } } : {}),
    ...(n % 11 === 0 ? { mobilePhoneNumber: `+8613${String(n).padStart(9, '0')}`, mobilePhoneVerified: true } : {}),
    nickname: `人${n} 🦢`,
    emailVerified: false,
    createdAt: iso(epoch + n * 1000),
    updatedAt: iso(epoch + n * 2000),
  };
}

export function installRow(n: number): JsonObject {
  return {
    objectId: hex24(`install ${n}`),
    installationId: `install-${n}`,
    deviceType: n % 2 === 0 ? 'ios' : 'android',
    deviceToken: `token${n}`,
    channels: n % 13 === 12 ? [] : [userId(n)],
    valid: n % 17 !== 16,
    createdAt: iso(epoch),
    updatedAt: iso(epoch + n),
  };
}

export const conversationId = (n: number): string => hex24(`conversation ${n}`);
const isRoom = (n: number): boolean => n % 40 === 39;
export const isService = (n: number): boolean => n % 200 === 150;

/** Pairs half of them, groups of up to 30, rooms, services; some unique, some muted, some with odd columns. */
export function conversationRow(n: number, size: Size): JsonObject {
  const roll = dice(n + 1);
  const pick = (): string => userId(Math.floor(roll() * size.users));
  const many = n % 2 === 0 ? 2 : 3 + Math.floor(roll() * 28);
  const members = [...new Set(Array.from({ length: many }, pick))];
  const [first = userId(0)] = members;
  const createdAt = epoch + Math.floor(roll() * 86_400_000);
  return {
    objectId: conversationId(n),
    ...(isRoom(n) ? { tr: true } : isService(n) ? { sys: true } : { m: members, c: first }),
    ...(n % 3 === 0 ? { name: n % 9 === 0 ? `群 "${n}" \u202e 🎉` : `talk ${n}` } : {}),
    ...(n % 4 === 0 ? { attr: { colour: 'red', deep: { n, list: [1, null, 'x'] } } } : {}),
    ...(n % 5 === 0 ? { extra: n, 'odd key': 'kept', flag: false } : {}),
    ...(n % 2 === 0 && n % 8 === 0 && !isRoom(n) && !isService(n) ? { unique: true, uniqueId: hex24(`u${n}`) } : {}),
    ...(n % 7 === 0 && !isRoom(n) && !isService(n) ? { mu: [first] } : {}),
    createdAt: iso(createdAt),
    updatedAt: iso(createdAt + 1000),
  };
}

const oddities = [
  '\0',
  '\ud800 alone',
  '‮right to left',
  '👩‍👩‍👧‍👦',
  '  ',
  '\u2028',
  '"\\',
  '',
  '﻿bom',
  'e\u0301',
  '<b>&amp;',
];

function dataOf(n: number, roll: () => number): { data: string; bin?: boolean } {
  const json = (value: JsonObject): { data: string } => ({ data: JSON.stringify(value) });
  switch (n % 24) {
    case 0:
      return { data: `plain ${n}` };
    case 1:
      return json({ _lctype: -1, _lctext: `other order of keys ${n}` });
    case 2:
      return json({
        _lctext: 'a cat',
        _lcfile: { url: `https://files.example/${n}.png`, metaData: { width: 640, height: 480 } },
        _lctype: -2,
      });
    case 3:
      return json({ _lcfile: { url: `https://files.example/${n}.mp3`, metaData: { duration: 2.75 } }, _lctype: -3 });
    case 4:
      return json({ _lcfile: { objId: hex24(`f${n}`), url: `https://files.example/${n}.mp4` }, _lctype: -4 });
    case 5:
      return json({ _lcloc: { longitude: 116.4, latitude: 39.9 }, _lctype: -5 });
    case 6:
      return json({ _lcfile: { url: `https://files.example/${n}.pdf`, name: `${n}.pdf`, size: 12 }, _lctype: -6 });
    case 7:
      return json({ _lctype: 7, own: { n, deep: [1, 2, { x: null }] } });
    case 8:
      return {
        data: Buffer.from(Array.from({ length: 40 }, () => Math.floor(roll() * 256))).toString('base64'),
        bin: true,
      };
    case 9:
      return json({ _lctype: -127 });
    case 10:
      return json({ _lctext: `${oddities[Math.floor(roll() * oddities.length)]}${n}`, _lctype: -1 });
    case 11:
      return { data: `${oddities[Math.floor(roll() * oddities.length)]}${n}` };
    case 12:
      return n % 240 === 12 ? json({ _lctext: '长'.repeat(1_690), _lctype: -1 }) : { data: '{"broken": ' };
    default:
      return json({ _lctext: `message ${n} 你好`, ...(n % 3 === 0 ? { _lcattrs: { n } } : {}), _lctype: -1 });
  }
}

/** In the order of saying. Every twentieth shares its millisecond with the one before in the same conversation. */
export function* messageRows(size: Size): Generator<JsonObject> {
  const roll = dice(7);
  let before: { ts: number; conversation: number } | undefined;
  const step = spanMs / size.messages;
  for (let n = 0; n < size.messages; n++) {
    const tie = n % 20 === 19 || n % 20 === 18;
    const ts: number = tie && before ? before.ts : Math.floor(epoch + n * step + roll() * step * 0.8);
    // People do not talk evenly: a few conversations have most of what is said.
    const conversation: number = tie && before ? before.conversation : Math.floor(roll() ** 3 * size.conversations);
    before = { ts, conversation };
    if (isService(conversation)) continue;
    const id = conversationId(conversation);
    yield {
      timestamp: ts,
      'conv-id': id,
      ...dataOf(n, roll),
      from: userId(Math.floor(roll() * size.users)),
      'msg-id': createHash('md5').update(`message ${n}`).digest('base64url'),
      'is-conv': true,
      'is-room': false,
      to: id,
      bin: n % 24 === 8,
      'from-ip': '10.0.0.1',
      ...(n % 6 === 0 ? { 'ack-at': ts + 500 } : {}),
      ...(n % 30 === 13 ? { 'patch-timestamp': ts + 60_000 } : {}),
      ...(n % 50 === 14 ? { 'mention-all': true, 'mention-pids': [] } : {}),
    };
  }
}
