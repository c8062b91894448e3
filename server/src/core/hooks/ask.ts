// What an application's own hooks say. Absent or unwanted ones cost nothing.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError, type ImErrorDetails } from '../errors.ts';
import type { After, Before, Say } from '../ports/hooks.ts';

const nothing: Say = {};
type Purpose = ImErrorDetails['purpose'];
/** What was refused, for a door that tells these apart; everything else is a change. */
const purposes: { readonly [H in Before['hook']]?: Purpose } = { message: 'send', edit: 'edit', vouch: 'login' };

/** Throws `rejected-by-app` with the application's own code and words. */
export async function askHook({ hooks }: Pick<Core, 'hooks'>, app: App, what: Before): Promise<Say> {
  if (!hooks?.wants(app, what.hook)) return nothing;
  const say = await hooks.before(app, what);
  if (say.reject) {
    const { code, detail } = say.reject;
    throw new ImError('rejected-by-app', detail ?? 'the application refused it', {
      purpose: purposes[what.hook] ?? 'change',
      ...(code === undefined ? {} : { appCode: code }),
    });
  }
  return say;
}

export function tellHook({ hooks }: Pick<Core, 'hooks'>, app: App, what: After): void {
  if (hooks?.wants(app, what.hook)) hooks.after(app, what);
}
