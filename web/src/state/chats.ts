// All chats of this session: what arrives is put where it belongs.
import { computed, signal } from '@preact/signals';
import type { Im, Message, Outgoing, Talk, TalkInfo, Words } from 'hongyan-im';
import { type Chat, type ChatKind, keyFor, kindOf, type Line, makeChat, withLine } from './chat.ts';
import { announce, hush } from './live.ts';
import { friends, groups, nameOf, rooms, speakerName } from './people.ts';
import { openKey } from './route.ts';
import { forEachSession, im, logins, myId, session } from './session.ts';

const chats = signal<readonly Chat[]>([]);

/** The chat with that id, made when it is first spoken of. */
export function chatAt(kind: ChatKind, id: string): Chat {
  const key = keyFor(kind, id);
  const known = chats.peek().find((chat) => chat.key === key);
  if (known) return known;
  const made = makeChat(kind, id);
  chats.value = [...chats.peek(), made];
  return made;
}

export const chatOf = (talk: Talk): Chat => chatAt(kindOf(talk), talk.id);

/** What is in the list: everything with a message, friends, and the places I am in; the latest first. */
export const listed = computed<readonly Chat[]>(() => {
  for (const id of friends.value.keys()) chatAt('user', id);
  for (const id of groups.value.keys()) chatAt('group', id);
  for (const id of rooms.value.keys()) chatAt('room', id);
  const all = chats.value.filter(({ kind, id, last }) => {
    if (kind === 'group') return groups.value.has(id);
    if (kind === 'room') return rooms.value.has(id);
    return last.value || friends.value.has(id);
  });
  const at = (chat: Chat): number => chat.last.value?.ts ?? 0;
  return all.sort((a, b) => at(b) - at(a) || nameOf(a).localeCompare(nameOf(b)));
});

export const unreadTotal = computed(() => chats.value.reduce((sum, { unread }) => sum + unread.value, 0));

/** The way to speak there. People who are not friends are spoken to as strangers. */
export function talkOf({ kind, id }: Chat): Talk {
  if (kind !== 'user') return im()[kind](id);
  return session.peek()?.me.isPassenger || friends.peek().has(id) ? im().friend(id) : im().stranger(id);
}

export const lineOf = (message: Message): Line => ({
  id: String(message.ts),
  ts: message.ts,
  from: message.from,
  own: message.own,
  words: message,
  ...(message.edited !== undefined && { edited: message.edited }),
});

/** Places are marked read by looking at them. */
export const isOpen = (chat: Chat): boolean => openKey.peek() === chat.key && document.visibilityState === 'visible';

export function markRead(chat: Chat): void {
  chat.unread.value = 0;
  chat.mentioned.value = false;
  const last = chat.last.peek();
  if (chat.kind === 'room' || !last || last.outgoing || last.ts <= chat.readTs.peek()) return;
  chat.readTs.value = last.ts;
  talkOf(chat)
    .read(last.ts)
    .catch(() => {});
}

function hear(message: Message): void {
  const chat = chatOf(message.talk);
  const line = lineOf(message);
  const isNew = !chat.lines.peek().some(({ ts, outgoing }) => ts === line.ts && !outgoing);
  chat.lines.value = withLine(chat.lines.peek(), line);
  show(chat, line);
  stopTyping(chat, message.from);
  if (message.own || !isNew) return;
  if (isOpen(chat)) markRead(chat);
  else chat.unread.value++;
  announce(speakerName(chat.kind, message.from), message);
}

function show(chat: Chat, line: Line): void {
  const last = chat.last.peek();
  if (!last || last.id === line.id || last.outgoing || last.ts <= line.ts) chat.last.value = line;
}

const words = (item: Outgoing): Words => item.words ?? { kind: 'other', media: -1, body: '' };

/** My own message on its way, at every step. */
function follow(item: Outgoing): void {
  const chat = chatOf(item.talk);
  const lines = chat.lines.peek();
  const known = lines.find(({ id }) => id === item.ref);
  if (item.state === 'cancelled') {
    chat.lines.value = lines.filter(({ id }) => id !== item.ref);
    if (chat.last.peek()?.id === item.ref) chat.last.value = chat.lines.value.at(-1);
    return;
  }
  const line: Line = {
    id: item.ref,
    ts: item.ts ?? known?.ts ?? Date.now(),
    from: myId.peek(),
    own: true,
    words: words(item),
    ...(item.ts === undefined && { outgoing: item, version: `${item.state} ${item.progress}` }),
  };
  // What history or another tab showed meanwhile is the same message.
  const others = item.ts === undefined ? lines : lines.filter(({ ts, id }) => ts !== item.ts || id === item.ref);
  chat.lines.value = withLine(others, line);
  show(chat, line);
}

function change(message: { talk: Talk; ts: number }, facts: Partial<Line>): void {
  const chat = chatOf(message.talk);
  const isIt = (line: Line): boolean => line.ts === message.ts && !line.outgoing;
  chat.lines.value = chat.lines.peek().map((line) => (isIt(line) ? { ...line, ...facts } : line));
  const last = chat.last.peek();
  if (last && isIt(last)) chat.last.value = { ...last, ...facts };
}

function mark({ talk, from, own, ts }: { talk: Talk; from: string; own: boolean; ts: number }): void {
  const chat = chatOf(talk);
  if (own) {
    chat.readTs.value = Math.max(chat.readTs.peek(), ts);
    if ((chat.last.peek()?.ts ?? 0) <= ts) chat.unread.value = 0;
  } else if ((chat.marks.peek()[from] ?? 0) < ts) {
    chat.marks.value = { ...chat.marks.peek(), [from]: ts };
  }
}

const typingMs = 4_000;
const timers = new Map<string, ReturnType<typeof setTimeout>>();

function type({ talk, from }: { talk: Talk; from: string }): void {
  if (from === myId.peek()) return;
  const chat = chatOf(talk);
  const name = `${chat.key} ${from}`;
  clearTimeout(timers.get(name));
  timers.set(
    name,
    setTimeout(() => stopTyping(chat, from), typingMs),
  );
  if (!chat.typing.peek().includes(from)) chat.typing.value = [...chat.typing.peek(), from];
}

function stopTyping(chat: Chat, from: string): void {
  if (chat.typing.peek().includes(from)) chat.typing.value = chat.typing.peek().filter((one) => one !== from);
}

function takeIn({ talk, recent, unread, mentioned, readTs, peerReadTs }: TalkInfo): void {
  const chat = chatOf(talk);
  const last = chat.last.peek();
  if (recent) show(chat, lineOf(recent));
  chat.readTs.value = Math.max(chat.readTs.peek(), readTs ?? 0);
  if (peerReadTs) mark({ talk, from: talk.id, own: false, ts: peerReadTs });
  // What arrived while the answer was on its way is counted already.
  if (last && recent && last.ts > recent.ts) return;
  chat.unread.value = isOpen(chat) ? 0 : unread;
  chat.mentioned.value = !!mentioned && !isOpen(chat);
}

/** Reads the overview: newest messages, unread counts, marks. */
export async function readOverview(): Promise<void> {
  for (const info of await im().conversations({ limit: 100 })) takeIn(info);
}

function start(line: Im): void {
  line.on('message', hear);
  line.on('edited', (message) => change(message, { words: message, edited: message.edited ?? message.ts }));
  line.on('recalled', (recalled) => {
    change(recalled, { recalled: true });
    hush();
  });
  line.on('typing', type);
  line.on('read', mark);
  line.on('outbox', follow);
  line.on('state', (state) => {
    if (state === 'online' && logins.peek() > 1) readOverview().catch(() => {});
  });
}

forEachSession(start, () => {
  for (const timer of timers.values()) clearTimeout(timer);
  timers.clear();
  chats.value = [];
  logins.value = 0;
});
