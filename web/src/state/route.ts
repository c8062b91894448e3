// Which chat is open stands in the address, so that the back button of a phone closes it.
import { signal } from '@preact/signals';
import { type ChatKind, keyFor } from './chat.ts';

const read = (): string => location.hash.replace(/^#\/?/, '');

/** Key of the open chat; empty: none. */
export const openKey = signal(read());

addEventListener('hashchange', () => {
  openKey.value = read();
});

export function open(kind: ChatKind, id: string): void {
  const key = keyFor(kind, id);
  if (openKey.peek() === key) return;
  // From chat to chat without a trail: back leads to the list.
  history[openKey.peek() ? 'replaceState' : 'pushState'](null, '', `#/${key}`);
  openKey.value = key;
}

export function close(): void {
  if (!openKey.peek()) return;
  history.replaceState(null, '', location.pathname);
  openKey.value = '';
}

/** What the address names; undefined when that is nothing. */
export function placeIn(key: string): { kind: ChatKind; id: string } | undefined {
  const [kind, id, ...more] = key.split('/');
  if (!id || more.length || !/^(user|group|room|passenger)$/.test(kind ?? '')) return undefined;
  try {
    return { kind: kind as ChatKind, id: decodeURIComponent(id) };
  } catch {
    return undefined;
  }
}
