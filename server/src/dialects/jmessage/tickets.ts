// Addresses of files that end: the path stands in them encrypted, so that nobody learns from one the address that lasts.
import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto';
import type { App } from '../../core/apps/app.ts';

/** How long an address that was asked for is good. */
export const ticketMsMax = 60 * 60_000;

const cipher = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

const keyOf = ({ idKey }: Pick<App, 'idKey'>): Buffer => createHash('sha256').update(`file ticket ${idKey}`).digest();

/** The same for a minute: who asks again gets what he can have kept. */
export function sealTicket(app: App, path: string, nowMs: number): string {
  const text = `${Math.ceil(nowMs / 60_000) * 60_000 + ticketMsMax} ${path}`;
  // Of what is sealed itself: no two texts share one.
  const iv = createHmac('sha256', keyOf(app)).update(text).digest().subarray(0, ivBytes);
  const sealing = createCipheriv(cipher, keyOf(app), iv);
  const sealed = Buffer.concat([sealing.update(text), sealing.final()]);
  return `${app.id}.${Buffer.concat([iv, sealing.getAuthTag(), sealed]).toString('base64url')}`;
}

export const appOfTicket = (ticket: string): string => ticket.slice(0, Math.max(0, ticket.lastIndexOf('.')));

/** The path; undefined: not made here, or too old. */
export function openTicket(app: App, ticket: string, nowMs: number): string | undefined {
  const bytes = Buffer.from(ticket.slice(ticket.lastIndexOf('.') + 1), 'base64url');
  if (bytes.length <= ivBytes + tagBytes) return undefined;
  try {
    const opening = createDecipheriv(cipher, keyOf(app), bytes.subarray(0, ivBytes), { authTagLength: tagBytes });
    opening.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
    const text = Buffer.concat([opening.update(bytes.subarray(ivBytes + tagBytes)), opening.final()]).toString();
    const space = text.indexOf(' ');
    return Number(text.slice(0, space)) >= nowMs ? text.slice(space + 1) : undefined;
  } catch {
    return undefined;
  }
}
