import type { Chat, Line } from '../../state/chat.ts';
import { talkOf } from '../../state/chats.ts';
import { attempt, say } from '../../state/toasts.ts';
import { t } from '../../words/t.ts';
import { type Item, Menu } from '../parts/menu.tsx';

export function LineMenu({ chat, line, edit }: { chat: Chat; line: Line; edit: (line: Line) => void }) {
  const { own, words, outgoing, ts } = line;
  if (outgoing) return null;
  const items: Item[] = [];
  const { text } = words;
  if (words.kind === 'text' && text) {
    items.push({
      icon: 'copy',
      label: t().copy,
      run: () => attempt(() => navigator.clipboard.writeText(text).then(() => say(t().copied))),
    });
    if (own && chat.kind !== 'room') items.push({ icon: 'edit', label: t().edit, run: () => edit(line) });
  }
  if (own && chat.kind !== 'room')
    items.push({ icon: 'undo', label: t().recall, run: () => attempt(() => talkOf(chat).recall(ts)) });
  if (!items.length) return null;
  return <Menu class="line-menu" icon="more" label={t().more} items={items} />;
}
