// Message ids that tell nothing: the server-wide number under the app's own key. Reversible, so no column holds them; of the
// right form but not made here they name nothing.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { App } from '../apps/app.ts';
import type { Message } from './message.ts';

const form = /^[A-Za-z0-9_-]{22}$/;
/** The upper half of the block: what deciphers to something else was not made here. */
const mark = Buffer.from('hongyan\0');

/** 22 characters; an imported message's own id; random where nothing is stored. */
export function midOf({ idKey }: Pick<App, 'idKey'>, { no, foreignId }: Pick<Message, 'no' | 'foreignId'>): string {
  if (foreignId !== undefined) return foreignId;
  if (no === 0) return randomBytes(16).toString('base64url');
  const block = Buffer.alloc(16);
  mark.copy(block);
  block.writeBigUInt64BE(BigInt(no), 8);
  const cipher = createCipheriv('aes-128-ecb', Buffer.from(idKey, 'hex'), null).setAutoPadding(false);
  return Buffer.concat([cipher.update(block), cipher.final()]).toString('base64url');
}

/** undefined: no id of this app. */
export function noOfMid({ idKey }: Pick<App, 'idKey'>, mid: string): number | undefined {
  if (!form.test(mid)) return undefined;
  const block = Buffer.from(mid, 'base64url');
  if (block.length !== 16) return undefined;
  const decipher = createDecipheriv('aes-128-ecb', Buffer.from(idKey, 'hex'), null).setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(block), decipher.final()]);
  if (!plain.subarray(0, 8).equals(mark)) return undefined;
  const no = Number(plain.readBigUInt64BE(8));
  return Number.isSafeInteger(no) ? no : undefined;
}
