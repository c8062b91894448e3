// What one does with friends, groups and rooms. Each reads again what it changed: a server need not tell.

import { type ChatKind, keyFor } from './chat.ts';
import { groups, leaving, readFriends, readPlaces, rooms } from './people.ts';
import { close, open, openKey } from './route.ts';
import { im, myId } from './session.ts';

type PlaceKind = 'group' | 'room';

const at = (kind: PlaceKind) => im()[kind === 'group' ? 'groups' : 'rooms'];

export async function addFriend(id: string): Promise<void> {
  if (id === myId.peek()) throw Object.assign(new Error('oneself'), { code: 5007 });
  await im().users.get(id);
  await im().friends.add(id);
  await readFriends();
  open('user', id);
}

export async function removeFriend(id: string): Promise<void> {
  await im().friends.remove(id);
  await readFriends();
}

/** Members who do not exist yet are made: their first visit finds the group. */
export async function createPlace(kind: PlaceKind, name: string, members: readonly string[]): Promise<void> {
  const mine = [...new Set([myId.peek(), ...members])];
  const id = await (kind === 'group'
    ? im().groups.create({ name, members: mine })
    : im().rooms.create({ name, members: mine }));
  await readPlaces();
  open(kind, id);
}

/** Goes in, unless I am there already. */
export async function enterPlace(kind: PlaceKind, id: string): Promise<void> {
  if ((kind === 'group' ? groups : rooms).peek().has(id)) return;
  await at(kind).join(id);
  await readPlaces();
}

function closeIfOpen(kind: ChatKind, id: string): void {
  if (openKey.peek() === keyFor(kind, id)) close();
}

/** Without being told afterwards that I am gone. */
async function goFrom(kind: PlaceKind, id: string, go: () => Promise<unknown>): Promise<void> {
  leaving.add(id);
  try {
    await go();
    closeIfOpen(kind, id);
    await readPlaces();
  } finally {
    leaving.delete(id);
  }
}

export const leavePlace = (kind: PlaceKind, id: string): Promise<void> => goFrom(kind, id, () => at(kind).leave(id));

export const dissolve = (id: string): Promise<void> => goFrom('group', id, () => im().groups.remove(id));

export async function rename(kind: PlaceKind, id: string, name: string): Promise<void> {
  await at(kind).update(id, { name });
  await readPlaces();
}

export async function addMembers(kind: PlaceKind, id: string, ids: readonly string[]): Promise<void> {
  await at(kind).addMembers(id, ids);
  await readPlaces();
}

export async function removeMember(kind: PlaceKind, id: string, member: string): Promise<void> {
  await at(kind).removeMembers(id, [member]);
  await readPlaces();
}
