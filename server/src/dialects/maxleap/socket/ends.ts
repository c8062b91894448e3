// From and to, as MaxLeap writes them.
import type { MessagePlace } from '../../../core/events.ts';
import { bareId, isPassenger, type PrincipalKey } from '../../../core/ids.ts';

/** Numbers of `type` in from and to. */
export const placeTypes = { friend: 0, group: 1, room: 2, passenger: 3, stranger: 4 } as const;

/** A temporary conversation is shown as a group; what services say has no place of its own. */
const gatheringTypes = { group: 1, temporary: 1, room: 2, service: 1, thread: 1 } as const;

export type End = { readonly id: string; readonly type: number; readonly gid?: string };

/** Of what `speaker` does in a place; null: the application. */
export function endsOf(
  speaker: PrincipalKey | null,
  place: MessagePlace,
  betweenFriends: boolean,
): { from: End; to: End } {
  const id = bareId(speaker ?? '');
  if (place.kind !== 'direct') {
    const type = gatheringTypes[place.kind];
    return { from: { id, type, gid: place.id }, to: { id: place.id, type } };
  }
  const to = bareId(place.to);
  if (isPassenger(speaker ?? ''))
    return { from: { id, type: placeTypes.passenger }, to: { id: to, type: placeTypes.friend } };
  // A passenger's client drops whatever does not come "from a friend".
  if (isPassenger(place.to))
    return { from: { id, type: placeTypes.friend }, to: { id: to, type: placeTypes.passenger } };
  const type = betweenFriends ? placeTypes.friend : placeTypes.stranger;
  return { from: { id, type }, to: { id: to, type } };
}
