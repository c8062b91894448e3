// The earlier part of a log, page by page.
import type { Message, Talk } from 'hongyan-im';
import { type Chat, type Line, newest, withPage } from './chat.ts';
import { lineOf, markRead, talkOf } from './chats.ts';
import { im, session } from './session.ts';

const pageSize = 30;

/** Whom I talked to both as a friend and as a stranger I have two histories with. */
function talksOf(chat: Chat): Talk[] {
  if (chat.kind !== 'user' || session.peek()?.me.isPassenger) return [talkOf(chat)];
  return [im().friend(chat.id), im().stranger(chat.id)];
}

async function pageBefore(chat: Chat, before: number | undefined): Promise<{ lines: Line[]; isFirst: boolean }> {
  const options = { limit: pageSize, ...(before !== undefined && { before }) };
  const pages = await Promise.all(talksOf(chat).map((talk) => talk.history(options)));
  const all = pages.flat().sort((a: Message, b: Message) => a.ts - b.ts);
  const isFirst = pages.every(({ length }) => length < pageSize) && all.length <= pageSize;
  return { lines: all.slice(-pageSize).map(lineOf), isFirst };
}

/** Reads one more page of the past. */
export async function readPast(chat: Chat): Promise<void> {
  const { past, lines, last } = chat;
  if (past.peek() === 'loading' || past.peek() === 'all') return;
  if (chat.kind === 'room') {
    past.value = 'all';
    return;
  }
  const isFirstLook = past.peek() === 'unread';
  past.value = 'loading';
  try {
    const before = isFirstLook ? undefined : lines.peek().find(({ outgoing }) => !outgoing)?.ts;
    const page = await pageBefore(chat, before);
    lines.value = withPage(lines.peek(), page.lines);
    last.value = lines.peek().at(-1) ?? last.peek();
    past.value = page.isFirst ? 'all' : 'more';
  } catch {
    past.value = isFirstLook ? 'unread' : 'failed';
  }
}

/** A chat comes into view. */
export async function look(chat: Chat): Promise<void> {
  const since = chat.readTs.peek();
  const wasUnread = chat.unread.peek() > 0;
  if (chat.past.peek() === 'unread') await readPast(chat);
  const firstNew = wasUnread && chat.lines.peek().find(({ ts, own }) => ts > since && !own);
  chat.newFrom.value = firstNew ? firstNew.ts : 0;
  if (newest(chat.lines.peek())) markRead(chat);
  if (chat.kind === 'group') {
    const marks = await talkOf(chat)
      .reads()
      .catch(() => ({}));
    chat.marks.value = { ...marks, ...chat.marks.peek() };
  }
}
