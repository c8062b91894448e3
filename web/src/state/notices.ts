// System messages of this session: the server keeps none.
import { signal } from '@preact/signals';
import type { Words } from 'hongyan-im';
import { t } from '../words/t.ts';
import { announce } from './live.ts';
import { forEachSession, im, myId } from './session.ts';

export type Notice = { id: number; words: Words; ts: number };
export type Audience = { to: 'me' } | { to: 'all' } | { to: 'group'; id: string };

export const notices = signal<readonly Notice[]>([]);
export const unseen = signal(0);
const noticesMax = 100;
let count = 0;

export function announceTo(audience: Audience, text: string): Promise<unknown> {
  const { system } = im();
  const data = { content: { media: 0, body: text } };
  if (audience.to === 'group') return system.toGroup(audience.id, data);
  return audience.to === 'all' ? system.toAll(data) : system.toUser(myId.peek(), data);
}

forEachSession(
  (line) =>
    line.on('system', (words) => {
      const notice = { id: ++count, words, ts: words.ts || Date.now() };
      notices.value = [notice, ...notices.peek()].slice(0, noticesMax);
      unseen.value++;
      announce(t().notices, words);
    }),
  () => {
    notices.value = [];
    unseen.value = 0;
  },
);
