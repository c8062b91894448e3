import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { PrincipalKey } from '../ids.ts';
import { guestId } from './id.ts';

/**
 * Users of `home`, who exist there, are known in `here` from now on; answers under which names. Throws `conflict` (what:
 * name). Whether one app may address the other is the caller's to check.
 */
export async function welcomeGuests(
  core: Pick<Core, 'store' | 'facts' | 'clock'>,
  here: App,
  home: App,
  names: readonly string[],
): Promise<PrincipalKey[]> {
  if (here.no === home.no) return [...names];
  const ids = names.map((name) => guestId(name, home));
  const unknown: PrincipalKey[] = [];
  for (const id of ids) if ((await core.facts.person(here.no, id))?.home !== home.no) unknown.push(id);
  if (unknown.length > 0)
    await core.store.guests.welcome(
      here.no,
      unknown.map((id) => ({ id, home: home.no })),
      core.clock.now(),
    );
  for (const id of unknown) core.facts.forgetPerson(here.no, id);
  return ids;
}
