import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import type { Content } from '../messages/message.ts';
import type { SpeakPolicy } from '../messages/speak.ts';
import { type Soon, soon } from '../soon.ts';
import { starOut } from './star-out.ts';

/** What the app's sensitive words leave of a content; the same object where nothing was hit. Throws `bad-words`. */
export const allowedWords = (
  core: Pick<Core, 'store' | 'words'>,
  app: App,
  content: Content,
  { words }: Pick<SpeakPolicy['obey'], 'words'>,
): Soon<Content> => {
  if (words === 'off') return content;
  return soon(starOut(core, app, content), (starred) => {
    if (words === 'refuse' && starred !== content)
      throw new ImError('bad-words', 'the message holds a word that is not allowed', { purpose: 'send' });
    return starred;
  });
};
