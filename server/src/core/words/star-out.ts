// What a door does with a text that holds sensitive words.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { Content } from '../messages/message.ts';
import { type Soon, soon } from '../soon.ts';

/**
 * The content with the app's sensitive words starred, one `*` a character. Only text is looked at. The very same object
 * comes back when nothing was found.
 */
export function starOut(core: Pick<Core, 'words'>, app: App, content: Content): Soon<Content> {
  if (content.type !== 'text') return content;
  return soon(core.words.of(app.no), (matcher) => {
    const text = matcher.star(content.text);
    return text === content.text ? content : { ...content, text };
  });
}

/** Whether the text holds a sensitive word: for the doors that refuse instead of starring. */
export async function holdsWord(core: Pick<Core, 'words'>, app: App, text: string): Promise<boolean> {
  return (await core.words.of(app.no)).hits(text);
}
