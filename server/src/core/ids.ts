// How ids and keys look. Sources of randomness are cryptographic: ids of uploads and conversations are capabilities.
import { createHash, randomBytes } from 'node:crypto';
import { ImError } from './errors.ts';
import { limits } from './limits.ts';

/**
 * A principal as one string: a user is its bare id, a passenger is `:` + id. It names senders, members and topics.
 * The only ids this takes away are user ids that begin with `:`.
 */
export type PrincipalKey = string;

export const passengerKey = (id: string): PrincipalKey => `:${id}`;
export const isPassenger = (who: PrincipalKey): boolean => who.startsWith(':');
/** The id that a door shows: without the passenger's mark. */
export const bareId = (who: PrincipalKey): string => (isPassenger(who) ? who.slice(1) : who);

/** Lower-case hex digits: 32 for MaxLeap conversations, 24 for keys and accounts, 16 for friendships. */
export const hexId = (digits: number): string => randomBytes(digits / 2).toString('hex');

/** The claim that makes a pair of principals have one direct conversation. */
export const pairClaim = (a: PrincipalKey, b: PrincipalKey): string => (a < b ? `d:${a}|${b}` : `d:${b}|${a}`);

/** The claim that makes a member set have one conversation, in any order of naming. Two people's is their pair's. */
export function setClaim(kind: 'group' | 'temporary', members: readonly PrincipalKey[]): string {
  const sorted = [...new Set(members)].sort();
  const [a, b] = sorted;
  if (kind === 'group' && sorted.length === 2 && a !== undefined && b !== undefined) return pairClaim(a, b);
  const hash = createHash('sha256').update(JSON.stringify(sorted)).digest('base64url');
  return `${kind === 'group' ? 'u' : 't'}:${hash}`;
}

/** 32 hex digits: who knows the service's id and the client's finds their thread by it. */
export const threadId = (service: string, who: PrincipalKey): string =>
  createHash('md5').update(`${service}:${who}`).digest('hex');

/** The claim that makes a service have one thread with each client. */
export const threadClaim = (service: number, who: PrincipalKey): string => `s:${service}|${who}`;

const plainId = /^[A-Za-z0-9_-]+$/;

/** Refuses what a MaxLeap client may not create as an id. `what` names it in the message. */
export function assertPlainId(id: unknown, what: string): asserts id is string {
  if (typeof id !== 'string' || !plainId.test(id)) {
    throw new ImError('invalid-argument', `${what} may hold letters, digits, _ and - only`, { what, why: 'syntax' });
  }
  if (id.length > limits.idCharsMax) {
    throw new ImError('too-long', `${what} is longer than ${limits.idCharsMax} characters`, {
      what,
      max: limits.idCharsMax,
    });
  }
}
