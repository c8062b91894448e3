import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import { assertPlainId } from '../ids.ts';
import type { Passenger } from './passenger.ts';

/** Throws `passenger-not-found`; for an id that nobody could have, what is wrong with it. */
export async function openPassenger(core: Pick<Core, 'store'>, app: App, id: string): Promise<Passenger> {
  const passenger = await core.store.passengers.byId(app.no, id);
  if (passenger) return passenger;
  assertPlainId(id, 'passenger id');
  throw new ImError('passenger-not-found', 'passenger not found');
}
