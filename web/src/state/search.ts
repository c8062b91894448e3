// Finds people, groups and rooms by a part of their name. The server compares whole values only, so the newest hundred of
// each are read and looked through here, and a person is also asked for by the whole name.
import type { Group, Room, User } from 'hongyan-im';
import { idOf, nameFrom } from '../words/names.ts';
import type { ChatKind } from './chat.ts';
import { nameOfPlace } from './people.ts';
import { im } from './session.ts';

export type Hit = { kind: ChatKind; id: string; name: string };

const newestFirst = { sort: '-ts', limit: 100 };
const hitsMax = 12;

const none = (): never[] => [];

export async function search(text: string): Promise<Hit[]> {
  const wanted = text.trim().toLowerCase();
  const { users, groups, rooms } = im();
  const [exact, people, everyGroup, everyRoom] = await Promise.all([
    users
      .get(idOf(text.trim()))
      .then((user) => [user])
      .catch(none),
    users.find(newestFirst).catch(none),
    groups.find(newestFirst).catch(none),
    rooms.find(newestFirst).catch(none),
  ]);
  const hits: Hit[] = [
    ...[...exact, ...people].map(({ id }: User): Hit => ({ kind: 'user', id, name: nameFrom(id) })),
    ...everyGroup.map((group: Group): Hit => ({ kind: 'group', id: group.id, name: nameOfPlace(group) })),
    ...everyRoom.map((room: Room): Hit => ({ kind: 'room', id: room.id, name: nameOfPlace(room) })),
  ];
  const seen = new Set<string>();
  return hits
    .filter(({ kind, id, name }) => {
      const key = `${kind} ${id}`;
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew && name.toLowerCase().includes(wanted);
    })
    .slice(0, hitsMax * 3);
}
