// Single words of an app's list; what many change at once loses nothing. Every change is in force for the next message.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';

type Ports = Pick<Core, 'store' | 'words' | 'clock'>;

/** As the list keeps it: without blanks around it. */
const plain = (word: string): string => word.trim().toWellFormed();

/** All or nothing; words that are there already are passed over. Throws `full` (what: words) above `max`, `too-long`. */
export async function addWords(core: Ports, app: App, words: readonly string[], max: number): Promise<void> {
  await core.store.words.add(app.no, words.map(plain).filter(Boolean), max, core.clock.now());
  core.words.forget(app.no);
}

/** Words that are not there are ignored. */
export async function removeWords(core: Ports, app: App, words: readonly string[]): Promise<void> {
  await core.store.words.remove(app.no, words.map(plain));
  core.words.forget(app.no);
}

/** Nothing happens when `from` is not there. Throws `too-long`. */
export async function renameWord(core: Ports, app: App, from: string, to: string): Promise<void> {
  await core.store.words.rename(app.no, plain(from), plain(to), core.clock.now());
  core.words.forget(app.no);
}
