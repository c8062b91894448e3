// Where a report goes on: everything the next page needs, signed with the app's key. The server remembers nothing.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { App } from '../../core/apps/app.ts';
import { isJsonObject } from '../../core/json.ts';
import { badValue } from './errors.ts';
import type { Place, Span } from './report.ts';

export type Cursor = Span & {
  /** The path that it is a cursor of. */
  readonly path: string;
  readonly after: Place;
  readonly count: number;
  readonly total: number;
  /** Unix milliseconds. */
  readonly until: number;
};

export const cursorMsMax = 120_000;

const sign = ({ idKey }: Pick<App, 'idKey'>, text: string): Buffer =>
  createHmac('sha256', Buffer.from(idKey, 'hex')).update(`cursor ${text}`).digest();

export function sealCursor(app: App, cursor: Cursor): string {
  const text = Buffer.from(JSON.stringify(cursor)).toString('base64url');
  return `${text}.${sign(app, text).toString('base64url')}`;
}

/** Throws `invalid-argument` for what was not made here, for this path, or is too old. */
export function openCursor(app: App, path: string, sealed: string, nowMs: number): Cursor {
  const [text = '', mac = ''] = sealed.split('.');
  const given = Buffer.from(mac, 'base64url');
  const expected = sign(app, text);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw unknown();
  const cursor: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
  if (!isJsonObject(cursor) || cursor.path !== path || Number(cursor.until) < nowMs) throw unknown();
  return cursor as unknown as Cursor;
}

const unknown = () => badValue('the cursor is unknown, or too old', 'cursor');
