// What a screen reader is told as it happens.
import { signal } from '@preact/signals';
import type { Words } from 'hongyan-im';
import { t } from '../words/t.ts';

export const spoken = signal('');
/** Long enough to be read out; what was taken back must not stand there. */
const spokenMs = 6_000;
let timer: ReturnType<typeof setTimeout> | undefined;

/** The message in one line, for the list and for readers. */
export function outline(words: Words): string {
  if (words.kind === 'text') return words.text ?? '';
  if (words.kind === 'image') return `[${t().picture}]`;
  if (words.kind === 'audio') return `[${t().audio}]`;
  if (words.kind === 'video') return `[${t().video}]`;
  if (words.kind === 'file') return `[${t().file}] ${typeof words.file?.name === 'string' ? words.file.name : ''}`;
  return `[${t().message}]`;
}

export function announce(from: string, words: Words): void {
  clearTimeout(timer);
  spoken.value = t().heard(from, outline(words).slice(0, 200));
  timer = setTimeout(hush, spokenMs);
}

export function hush(): void {
  spoken.value = '';
}
