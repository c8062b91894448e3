// Friends, groups and rooms of this session, who is online, and what everybody is called.
import { signal } from '@preact/signals';
import type { Group, Im, Room } from 'hongyan-im';
import { nameFrom } from '../words/names.ts';
import { t } from '../words/t.ts';
import type { Chat, ChatKind } from './chat.ts';
import { close, openKey, placeIn } from './route.ts';
import { forEachSession, im, myId, session } from './session.ts';
import { say } from './toasts.ts';

export const friends = signal<ReadonlyMap<string, true>>(new Map());
export const groups = signal<ReadonlyMap<string, Group>>(new Map());
export const rooms = signal<ReadonlyMap<string, Room>>(new Map());
export const online = signal<ReadonlySet<string>>(new Set());
const visitors = signal<ReadonlyMap<string, string>>(new Map());

type Named = { name?: string; attributes?: { name?: unknown } };

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/** A group or a room may be without a name. */
export const nameOfPlace = (place: Named | undefined): string =>
  textOf(place?.name) || textOf(place?.attributes?.name) || t().noName;

export function nameOf({ kind, id }: Pick<Chat, 'kind' | 'id'>): string {
  if (kind === 'group') return nameOfPlace(groups.value.get(id));
  if (kind === 'room') return nameOfPlace(rooms.value.get(id));
  if (kind === 'passenger') return visitorName(id);
  return nameFrom(id);
}

/** Who said it, in the words of this page. */
export const speakerName = (kind: ChatKind, from: string): string =>
  kind === 'passenger' && from !== myId.value ? visitorName(from) : nameFrom(from);

const asked = new Set<string>();

/** Passengers have a number for an id; what they call themselves is asked for once. */
function visitorName(id: string): string {
  if (id === myId.value) return session.value?.me.name ?? id;
  const name = visitors.value.get(id);
  if (name !== undefined) return name || t().passenger;
  if (!asked.has(id)) {
    asked.add(id);
    im()
      .passengers.get(id)
      .then(({ name }) => {
        visitors.value = new Map(visitors.peek()).set(id, textOf(name));
      })
      .catch(() => {});
  }
  return t().passenger;
}

const isUser = (): boolean => !session.peek()?.me.isPassenger;

export async function readFriends(): Promise<void> {
  if (!isUser()) return;
  const list: { id: string; online?: boolean }[] = await im().friends.list(true);
  friends.value = new Map(list.map(({ id }) => [id, true]));
  const now = new Set(online.peek());
  for (const { id, online: isOnline } of list) now[isOnline ? 'add' : 'delete'](id);
  online.value = now;
}

export async function readPlaces(): Promise<void> {
  if (!isUser()) return;
  const [myGroups, myRooms]: [Group[], Room[]] = await Promise.all([im().groups.list(true), im().rooms.list(true)]);
  groups.value = new Map(myGroups.map((group) => [group.id, group]));
  rooms.value = new Map(myRooms.map((room) => [room.id, room]));
}

/** Members, the owner counted, whom not every list shows. */
export const membersOf = (place: { members: string[]; owner?: string }): string[] => [
  ...new Set([...(place.owner ? [place.owner] : []), ...place.members]),
];

let wait: ReturnType<typeof setTimeout> | undefined;

/** Several changes at once are one question. */
function readPlacesSoon(): void {
  clearTimeout(wait);
  wait = setTimeout(() => readPlaces().catch(() => {}), 100);
}

/** Places that I am leaving of my own accord: nobody has to tell me. */
export const leaving = new Set<string>();

function gone(kind: ChatKind, id: string): void {
  if (leaving.has(id)) return;
  const place = placeIn(openKey.peek());
  const isKnown = (kind === 'group' ? groups : rooms).peek().has(id);
  if (!isKnown) return;
  say(t().noLongerIn(nameOf({ kind, id })));
  if (place?.kind === kind && place.id === id) close();
}

function start(line: Im): void {
  line.on('presence', ({ id, online: isOnline }) => {
    const now = new Set(online.peek());
    now[isOnline ? 'add' : 'delete'](id);
    online.value = now;
  });
  line.on('friends', ({ id, added }) => {
    say(added ? t().friendAdded(nameFrom(id)) : t().friendGone(nameFrom(id)));
    readFriends().catch(() => {});
  });
  line.on('members', ({ talk, removed, deleted }) => {
    if (deleted || removed.includes(myId.peek())) gone(talk.kind as ChatKind, talk.id);
    readPlacesSoon();
  });
}

forEachSession(start, () => {
  clearTimeout(wait);
  friends.value = new Map();
  groups.value = new Map();
  rooms.value = new Map();
  online.value = new Set();
  visitors.value = new Map();
  asked.clear();
});
