// One dialog at a time.
import { signal } from '@preact/signals';
import type { Chat } from './chat.ts';

export type DialogName =
  | { is: 'add-friend' }
  | { is: 'new-group' }
  | { is: 'new-room' }
  | { is: 'rooms' }
  | { is: 'notices' }
  | { is: 'details'; chat: Chat }
  | { is: 'picture'; chat: Chat; line: string }
  | { is: 'sure'; question: string; yes: string; run: () => void };

export const dialog = signal<DialogName | undefined>(undefined);

export const show = (name: DialogName): void => {
  dialog.value = name;
};

export const hide = (): void => {
  dialog.value = undefined;
};
