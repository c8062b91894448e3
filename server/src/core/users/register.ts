import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { NewUser } from './user.ts';

/** How many share one write: a longer one would hold up the messages of others. */
const sliceMax = 50;

/**
 * Creates each user that is not there, apart from the others; answers in the order given. Ids are the door's to check.
 * Throws `full` (what: batch).
 */
export async function registerUsers(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  users: readonly NewUser[],
): Promise<('created' | 'exists')[]> {
  if (users.length > limits.registerMax)
    throw new ImError('full', `no more than ${limits.registerMax} users in one call`, {
      what: 'batch',
      max: limits.registerMax,
    });
  const outcomes: ('created' | 'exists')[] = [];
  for (let from = 0; from < users.length; from += sliceMax) {
    const slice = users.slice(from, from + sliceMax);
    outcomes.push(...(await core.store.users.register(app.no, slice, core.clock.now())));
  }
  return outcomes;
}
