// Which room a lost session was in: who comes back soon is put back. Kept in memory: a restart empties the rooms.
import type { Clock } from '../../../core/ports/clock.ts';

const backWithinMs = 30 * 60_000;
const rememberedMax = 50_000;

export type Rooms = {
  /** A session was lost while it took part in `room` (its number). */
  lost(app: number, who: string, device: string, room: number): void;
  /** The room to be put back into, once. */
  back(app: number, who: string, device: string): number | undefined;
};

export function openRooms(clock: Clock): Rooms {
  const rooms = new Map<string, { room: number; untilMs: number }>();
  const keyOf = (app: number, who: string, device: string) => JSON.stringify([app, who, device]);
  return {
    lost(app, who, device, room) {
      const key = keyOf(app, who, device);
      rooms.delete(key);
      rooms.set(key, { room, untilMs: clock.now() + backWithinMs });
      const [oldest] = rooms.keys();
      if (rooms.size > rememberedMax && oldest !== undefined) rooms.delete(oldest);
    },
    back(app, who, device) {
      const key = keyOf(app, who, device);
      const found = rooms.get(key);
      rooms.delete(key);
      return found && found.untilMs > clock.now() ? found.room : undefined;
    },
  };
}
