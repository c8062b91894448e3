// What guests are called.
import type { App } from '../apps/app.ts';
import type { PrincipalKey } from '../ids.ts';

/** How other apps know a user of `home`. */
export const guestId = (name: string, home: Pick<App, 'id'>): PrincipalKey => `${name}@${home.id}`;

/** Whether it could be one: what else is asked about guests costs nothing where nobody is called so. */
export const looksLikeGuest = (who: PrincipalKey): boolean => who.includes('@');

/** Of an id that is a guest's. */
export function splitGuestId(id: PrincipalKey): { readonly name: string; readonly appId: string } {
  const at = id.lastIndexOf('@');
  return { name: id.slice(0, at), appId: id.slice(at + 1) };
}
