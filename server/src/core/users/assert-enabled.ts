import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import type { PrincipalKey } from '../ids.ts';

/** What every login asks, whatever door it comes through. Throws `disabled`. */
export async function assertEnabled({ facts }: Pick<Core, 'facts'>, app: App, who: PrincipalKey): Promise<void> {
  if ((await facts.person(app.no, who))?.disabled)
    throw new ImError('disabled', 'this user is disabled', { purpose: 'login' });
}
