// What is kept of a secret. Tokens are long and random, so a plain digest hides them; a code is not, so its digest is
// bound to the app's own key and to what the code is for.
import { createHash, createHmac, randomBytes, randomInt } from 'node:crypto';
import type { App } from '../apps/app.ts';
import type { CodePurpose } from './proofs.ts';

export const newToken = (): string => randomBytes(24).toString('base64url');
export const tokenDigest = (token: string): string => createHash('sha256').update(token, 'utf8').digest('hex');

export const newCode = (): string => `${randomInt(1_000_000)}`.padStart(6, '0');
export const codeDigest = (app: App, purpose: CodePurpose, phone: string, code: string): string =>
  createHmac('sha256', app.idKey).update(`${purpose}\n${phone}\n${code}`, 'utf8').digest('hex');
