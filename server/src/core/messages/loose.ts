// Talk that is not stored: ordered per node, never paged. A retry is recognised for as long as a client that lost its
// connection goes on trying.
import { createHash } from 'node:crypto';
import { ImError } from '../errors.ts';
import { limits } from '../limits.ts';
import { Recent } from '../lru.ts';
import type { Clock } from '../ports/clock.ts';
import type { Append, Appended } from './message.ts';

export function openLoose(clock: Clock): (draft: Append) => Appended {
  const said = new Recent<{ ts: number; sum: string }>(clock, limits.looseRefsCached, limits.looseRefAgeMsMax);
  let last = 0;
  return ({ app, conversation, sender, ref, content }) => {
    const key = `${app}/${conversation}/${sender}/${ref}`;
    const sum = ref === undefined ? '' : createHash('sha256').update(JSON.stringify(content)).digest('base64url');
    const first = ref === undefined ? undefined : said.get(key);
    if (first && first.sum !== sum)
      throw new ImError('conflict', 'this reference was used for another message', { what: 'reference' });
    if (first) return { ts: first.ts, no: 0, prev: 0, fresh: false };
    last = Math.max(clock.now(), last + 1);
    if (ref !== undefined) said.set(key, { ts: last, sum });
    return { ts: last, no: 0, prev: 0, fresh: true };
  };
}
