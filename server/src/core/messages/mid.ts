// Message ids that tell nothing: the server-wide number under the app's own key. Reversible, so no column holds them; of the
// right form but not made here they name nothing.
import { type Cipheriv, createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { App } from '../apps/app.ts';
import type { Message } from './message.ts';

const form = /^[A-Za-z0-9_-]{22}$/;
/** The upper half of the block: what deciphers to something else was not made here. */
const mark = Buffer.from('hongyan\0');

type Named = Pick<Message, 'no' | 'foreignId'> & Partial<Pick<Message, 'ts' | 'conversation' | 'sender'>>;

/**
 * 22 characters; an imported message's own id. Of one that is stored nowhere it is made from its place and sender, so that
 * everybody who hears of it names it alike; random where not even that is known.
 */
export function midOf(app: Pick<App, 'idKey'>, message: Named): string {
  if (message.foreignId !== undefined) return message.foreignId;
  const block = message.no === 0 ? passing(message) : numbered(message.no);
  if (block === undefined) return randomBytes(16).toString('base64url');
  return cipherOf(app).update(block).toString('base64url');
}

/**
 * Making a cipher costs ten times what a block does. Of this mode each block stands alone, so one serves for all of them. By
 * the key and not by the app: who holds an app may hold it for one event only.
 */
const ciphers = new Map<string, Cipheriv>();
const ciphersMax = 1_000;

function cipherOf({ idKey }: Pick<App, 'idKey'>): Cipheriv {
  let cipher = ciphers.get(idKey);
  if (!cipher) {
    if (ciphers.size >= ciphersMax) ciphers.clear();
    cipher = createCipheriv('aes-128-ecb', Buffer.from(idKey, 'hex'), null).setAutoPadding(false);
    ciphers.set(idKey, cipher);
  }
  return cipher;
}

function numbered(no: number): Buffer {
  const block = Buffer.alloc(16);
  mark.copy(block);
  block.writeBigUInt64BE(BigInt(no), 8);
  return block;
}

function passing({ ts, conversation = 0, sender }: Named): Buffer | undefined {
  if (ts === undefined) return undefined;
  const block = createHash('sha256')
    .update(JSON.stringify([conversation, ts, sender]))
    .digest()
    .subarray(0, 16);
  // Never the mark of a number.
  block[0] = 0xff;
  return block;
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
