// What an application may say about a user: his attributes, and a number of its own choosing.
import type { App } from '../apps/app.ts';
import { type AttributesChange, applyAttributes } from '../attributes.ts';
import type { Core } from '../core.ts';
import { ensureUsers, type UnknownUsers } from './ensure.ts';

type Ports = Pick<Core, 'store' | 'clock'>;

/** Throws `user-not-found` when it may not create the user; `invalid-argument`, `too-long`. */
export async function changeUserAttributes(
  core: Ports,
  app: App,
  id: string,
  change: AttributesChange,
  unknown: UnknownUsers,
): Promise<void> {
  // A change that could never be stored must not create anybody.
  applyAttributes({}, change);
  await ensureUsers(core, app, [id], unknown);
  await core.store.users.setAttributes(app.no, id, change, core.clock.now());
}

/** `kindNo`: a safe integer. Throws as above. */
export async function setUserKind(
  core: Ports,
  app: App,
  id: string,
  kindNo: number,
  unknown: UnknownUsers,
): Promise<void> {
  await ensureUsers(core, app, [id], unknown);
  await core.store.users.setKindNo(app.no, id, kindNo, core.clock.now());
}
