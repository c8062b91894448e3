// How names and passwords of accounts may look. Each function answers what is kept, or throws `invalid-argument` or
// `too-long` with `what`.
import { ImError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { GivenPassword } from '../ports/passwords.ts';

const wrong = (what: string, why: 'missing' | 'syntax' | 'type', sentence: string): ImError =>
  new ImError('invalid-argument', sentence, { what, why });

function textOf(value: unknown, what: string, bytesMax: number): string {
  if (value === undefined || value === null || value === '') throw wrong(what, 'missing', `${what} is missing`);
  if (typeof value !== 'string') throw wrong(what, 'type', `${what} must be a text`);
  if (Buffer.byteLength(value) > bytesMax)
    throw new ImError('too-long', `${what} is longer than ${bytesMax} bytes`, { what, max: bytesMax });
  return value;
}

export function usernameOf(value: unknown): string {
  const name = textOf(value, 'username', limits.usernameBytesMax);
  if (/\p{Cc}/u.test(name)) throw wrong('username', 'syntax', 'a username holds no control characters');
  return name;
}

/** Without blanks and hyphens; a mainland number is the same with its country's code and without. */
export function phoneOf(value: unknown): string {
  const phone = textOf(value, 'phone', 40)
    .replace(/[\s()-]/g, '')
    .replace(/^(\+|00)86(?=1\d{10}$)/, '');
  if (!/^\+?\d{5,20}$/.test(phone)) throw wrong('phone', 'syntax', 'a phone is 5 to 20 digits, with or without a +');
  return phone;
}

/** In lower case: hardly any mail system tells cases apart. */
export function emailOf(value: unknown): string {
  const email = textOf(value, 'email', 254).toLowerCase();
  if (!/^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u.test(email)) throw wrong('email', 'syntax', 'this is no mail address');
  return email;
}

export function passwordOf(value: unknown): GivenPassword {
  return { plain: textOf(value, 'password', limits.passwordBytesMax) };
}

/** Throws for a given password that could never have been set. */
export function assertGiven(given: GivenPassword): void {
  if ('plain' in given) textOf(given.plain, 'password', limits.passwordBytesMax);
  else if (!/^[0-9a-f]{32}$/i.test(given.md5)) throw wrong('password', 'syntax', 'this is no MD5 in hex');
}
