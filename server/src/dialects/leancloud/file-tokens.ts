// What the server hands out to be shown again: facts with a seal, so that nothing has to be kept. A new master key breaks
// all seals.
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { App } from '../../core/apps/app.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { parseJson } from '../../http/json.ts';

type Keys = Pick<App, 'id' | 'idKey' | 'masterKey'>;
/** What a seal is good for: one made for something else is none. */
type Purpose = 'upload' | 'link';

export function seal(app: Keys, purpose: Purpose, facts: JsonObject): string {
  const body = Buffer.from(JSON.stringify(facts)).toString('base64url');
  return `${body}.${macOf(app, purpose, body)}`;
}

/** undefined: not sealed by this app, or changed. */
export function unseal(app: Keys, purpose: Purpose, text: string): JsonObject | undefined {
  const [body = '', mac = '', rest] = text.split('.');
  const [given, made] = [Buffer.from(mac), Buffer.from(macOf(app, purpose, body))];
  if (rest !== undefined || given.length !== made.length || !timingSafeEqual(given, made)) return undefined;
  const facts = parseJson(Buffer.from(body, 'base64url').toString());
  return isJsonObject(facts) ? facts : undefined;
}

function macOf({ id, idKey, masterKey }: Keys, purpose: Purpose, body: string): string {
  const key = Buffer.from(hkdfSync('sha256', masterKey, idKey, `hongyan leancloud ${purpose} ${id}`, 32));
  return createHmac('sha256', key).update(body).digest('base64url');
}
