import { readConfig } from '../config.ts';
import { makeLoginJwt, makeLoginToken } from '../core/accounts/login-token.ts';
import { assertPlainId } from '../core/ids.ts';
import { limits } from '../core/limits.ts';
import { type Io, OperatorError, UsageError } from './io.ts';
import { withStore } from './open-store.ts';
import { readOptions, words } from './options.ts';

/** Prints a login token for one user, and nothing else: what an app's own server would make with the master key. */
export async function token(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readOptions(args, { jwt: { type: 'boolean' }, minutes: { type: 'string' } });
  const [id = '', user = ''] = words(positionals, 'app', 'user');
  const minutesMax = limits.loginTokenAgeMsMax / 60_000;
  const minutes = Number(values.minutes ?? minutesMax);
  if (!(minutes > 0 && minutes <= minutesMax)) throw new UsageError(`--minutes is above 0 and at most ${minutesMax}`);
  assertPlainId(user, 'user id');
  const app = await withStore(readConfig(io.env), false, ({ store }) => store.apps.byId(id));
  if (!app) throw new OperatorError(`there is no app ${id}`);
  const make = values.jwt ? makeLoginJwt : makeLoginToken;
  io.out(make(app, user, Date.now(), Math.round(minutes * 60_000)));
  return 0;
}
