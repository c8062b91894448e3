// Passwords as argon2id, hashed in threads of their own. A stored password reads
// `<scheme>|<what the scheme needs>|<argon2id hash>`; the hash is taken over what the scheme makes of the password:
//   md5        its MD5 in hex, so that clients which send no more than that can be checked too. What we make ourselves.
//   lc-sha512  LeanCloud's salted SHA-512, taken over in an import
//   bcrypt     the bcrypt text, taken over in an import; needs its version, cost and salt
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { ImError } from '../core/errors.ts';
import type { ForeignPassword, GivenPassword, Passwords } from '../core/ports/passwords.ts';
import { type Hasher, openHasher } from './hash-client.ts';
import { cost } from './hash-cost.ts';
import type { HashCall } from './hash-thread.ts';
import { openQueue } from './queue.ts';

const costText = `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$`;

export type PasswordOptions = {
  /** Hashes at once; default: half of the cores, so that the other half goes on serving. */
  readonly atOnce?: number;
  /** Hashes that wait, about five milliseconds each. */
  readonly waitingMax?: number;
};

export function openPasswords(options: PasswordOptions = {}): Passwords {
  const { atOnce = Math.max(1, Math.floor(availableParallelism() / 2)), waitingMax = 256 } = options;
  const queue = openQueue({ atOnce, waitingMax });
  const idle: Hasher[] = Array.from({ length: atOnce }, openHasher);
  const all = [...idle];

  /** One turn in the queue: as many calls as it takes, on one thread. */
  const inTurn = <T>(work: (ask: Ask) => Promise<T>): Promise<T> =>
    queue.run(async () => {
      const hasher = idle.pop() as Hasher;
      try {
        return await work(async (call) => hasher.call(call));
      } finally {
        idle.push(hasher);
      }
    });

  return {
    hash: (given) => inTurn((ask) => hashMd5(ask, md5Of(given))),

    async adopt(foreign) {
      if (foreign.scheme === 'md5') {
        const hash = foreign.hash.toLowerCase();
        if (!/^[0-9a-f]{32}$/.test(hash)) throw notAHash(foreign.scheme);
        return inTurn((ask) => hashMd5(ask, hash));
      }
      const { needs, text } = foreignParts(foreign);
      return inTurn(async (ask) => `${foreign.scheme}|${needs}|${await ask({ do: 'argon2', text })}`);
    },

    async verify(stored, given) {
      const [scheme = '', needs = '', hash = ''] = stored.split('|');
      return inTurn(async (ask) => {
        const text = await schemeText(ask, scheme, needs, given);
        if (text === undefined || !(await ask({ do: 'verify', hash, text }))) return { good: false };
        const best = scheme === 'md5' && hash.startsWith(costText);
        return best ? { good: true } : { good: true, better: await hashMd5(ask, md5Of(given)) };
      });
    },

    async close() {
      await queue.close();
      await Promise.all(all.map((hasher) => hasher.close()));
    },
  };
}

type Ask = (call: HashCall) => Promise<string | boolean>;

const hashMd5 = async (ask: Ask, text: string): Promise<string> => `md5||${await ask({ do: 'argon2', text })}`;

const md5Of = (given: GivenPassword): string =>
  'md5' in given ? given.md5.toLowerCase() : createHash('md5').update(given.plain, 'utf8').digest('hex');

/** What the scheme makes of the password; undefined when only the plain one would do. */
async function schemeText(ask: Ask, scheme: string, needs: string, given: GivenPassword): Promise<string | undefined> {
  if (scheme === 'md5') return md5Of(given);
  if (!('plain' in given)) return undefined;
  if (scheme === 'lc-sha512') return saltedSha512(decodeURIComponent(needs), given.plain);
  if (scheme === 'bcrypt') return String(await ask({ do: 'bcrypt', text: given.plain, salt: needs }));
  throw new Error(`a stored password of an unknown scheme: ${scheme.slice(0, 16)}`);
}

/** LeanCloud's: SHA-512 over salt and password, then 512 times over its own bytes. */
export function saltedSha512(salt: string, plain: string): string {
  let digest = createHash('sha512').update(salt, 'utf8').update(plain, 'utf8').digest();
  for (let round = 0; round < 512; round++) digest = createHash('sha512').update(digest).digest();
  return digest.toString('base64');
}

const bcryptText = /^(\$2[aby]\$(0[4-9]|1[0-5])\$[./A-Za-z0-9]{22})[./A-Za-z0-9]{31}$/;

function foreignParts(foreign: Exclude<ForeignPassword, { scheme: 'md5' }>): { needs: string; text: string } {
  if (foreign.scheme === 'lc-sha512') {
    if (!/^[A-Za-z0-9+/]{86}==$/.test(foreign.hash)) throw notAHash(foreign.scheme);
    return { needs: encodeURIComponent(foreign.salt), text: foreign.hash };
  }
  const parts = bcryptText.exec(foreign.hash);
  if (!parts?.[1]) throw notAHash(foreign.scheme);
  return { needs: parts[1], text: foreign.hash };
}

const notAHash = (scheme: string): ImError =>
  new ImError('invalid-argument', `this is no ${scheme} hash`, { what: 'password', why: 'syntax' });
