import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import type { PrincipalKey } from '../ids.ts';

/** What every login asks, whatever door it comes through. Throws `disabled`; `forbidden` for a guest. */
export async function assertEnabled({ facts }: Pick<Core, 'facts'>, app: App, who: PrincipalKey): Promise<void> {
  const person = await facts.person(app.no, who);
  if (person && person.home !== null)
    throw new ImError('forbidden', 'a guest logs in to his own app', { purpose: 'login' });
  if (person?.disabled) throw new ImError('disabled', 'this user is disabled', { purpose: 'login' });
}
