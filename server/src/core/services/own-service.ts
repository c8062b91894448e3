// The service by which a door shows what the application says to an audience, where the door can show nothing without a
// conversation. Made on first need; its id follows from the app's own key, so that everybody calls it alike.
import { createHash } from 'node:crypto';
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import { limits } from '../limits.ts';

export const ownServiceId = ({ idKey }: Pick<App, 'idKey'>): string =>
  createHash('sha256').update(`announcements ${idKey}`).digest('hex').slice(0, 24);

export async function ensureOwnService(
  { store, clock }: Pick<Core, 'store' | 'clock'>,
  app: Pick<App, 'no' | 'idKey'>,
): Promise<void> {
  const id = ownServiceId(app);
  if (await store.conversations.open(app.no, id)) return;
  const none = { attributes: {}, creator: null, owner: null, members: [], keeps: true } as const;
  const bounds = { membersMax: Number.MAX_SAFE_INTEGER, membershipsMax: limits.servicesPerUserMax };
  try {
    const wish = { ...none, id, kind: 'service', name: 'announcements' } as const;
    await store.conversations.create(app.no, wish, bounds, clock.now());
  } catch (error) {
    // Another node was first.
    if (!(error instanceof ImError && error.code === 'conflict')) throw error;
  }
}
