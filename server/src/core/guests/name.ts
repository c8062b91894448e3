// Who a guest is, and how apps know each other's people.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { PrincipalKey } from '../ids.ts';
import { guestId, looksLikeGuest, splitGuestId } from './id.ts';

/** A user of an app, wherever he is named. */
export type Person = { readonly name: string; readonly app: App };

/** Who a guest is at home; undefined: `who` is no guest, or his app is gone. */
export async function homeOf(
  core: Pick<Core, 'facts' | 'apps'>,
  app: App,
  who: PrincipalKey,
): Promise<Person | undefined> {
  if (!looksLikeGuest(who)) return undefined;
  const home = (await core.facts.person(app.no, who))?.home ?? null;
  if (home === null) return undefined;
  const { name, appId } = splitGuestId(who);
  const found = await core.apps.byId(appId);
  return found?.no === home ? { name, app: found } : undefined;
}

/** How `to` knows somebody whom `from` calls `who`. */
export async function nameElsewhere(
  core: Pick<Core, 'facts' | 'apps'>,
  from: App,
  who: PrincipalKey,
  to: App,
): Promise<PrincipalKey> {
  const home = await homeOf(core, from, who);
  if (!home) return guestId(who, from);
  return home.app.no === to.no ? home.name : who;
}

/** Whether the operator lets one of two apps address the other; an app is its own neighbour. */
export const areNeighbours = (a: App, b: App): boolean => a.no === b.no || mayAddress(a, b) || mayAddress(b, a);

export const mayAddress = ({ settings }: App, { id }: App): boolean => settings['jmessage.crossApps'].includes(id);
