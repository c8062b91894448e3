// What a client shows when it comes back: everything its session was opened with, signed. Nothing is stored, so it
// outlives a restart.
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { App } from '../../../core/apps/app.ts';
import { isJsonObject } from '../../../core/json.ts';
import { parseJson } from '../../../http/json.ts';

export const tokenSeconds = 172_800;

export type TokenFacts = {
  readonly client: string;
  readonly tag: string;
  readonly device: string;
  /** Unix milliseconds. */
  readonly issuedAt: number;
};

type Keys = Pick<App, 'id' | 'idKey' | 'masterKey'>;

export function issueToken(app: Keys, { client, tag, device, issuedAt }: TokenFacts): string {
  const body = Buffer.from(JSON.stringify([client, tag, device, issuedAt])).toString('base64url');
  return `${body}.${macOf(app, body)}`;
}

/** undefined: not ours, changed, or too old at `nowMs`. `ageless`: however old. */
export function readToken(app: Keys, token: string, nowMs: number, ageless = false): TokenFacts | undefined {
  const [body = '', mac = '', rest] = token.split('.');
  if (rest !== undefined || !equal(mac, macOf(app, body))) return undefined;
  const facts = read(Buffer.from(body, 'base64url').toString());
  return facts && (ageless || nowMs - facts.issuedAt <= tokenSeconds * 1000) ? facts : undefined;
}

function read(text: string): TokenFacts | undefined {
  const value = parseJson(text);
  if (!Array.isArray(value) || isJsonObject(value)) return undefined;
  const [client, tag, device, issuedAt] = value;
  if (typeof client !== 'string' || typeof tag !== 'string' || typeof device !== 'string') return undefined;
  return typeof issuedAt === 'number' ? { client, tag, device, issuedAt } : undefined;
}

/** The keys of one app make tokens of this app alone; a new master key ends them all. */
function macOf({ id, idKey, masterKey }: Keys, body: string): string {
  const key = Buffer.from(hkdfSync('sha256', masterKey, idKey, `hongyan leancloud session ${id}`, 32));
  return createHmac('sha256', key).update(body).digest('base64url');
}

function equal(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
