// A device says where it can be reached.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import { limits } from '../limits.ts';
import { ensureUsers, type UnknownUsers } from '../users/ensure.ts';
import { nobodyOf, type Registration } from './install.ts';
import { readSubscription } from './subscription.ts';

/** `who` null: nobody has logged in on it yet. Throws `invalid-argument`, `too-long`; `user-not-found` when it may not create him. Of too many devices of one user the oldest is dropped. */
export async function registerInstall(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  who: string | null,
  given: Registration,
  unknown: UnknownUsers,
): Promise<void> {
  const { install, platform, token, language, appVersion } = given;
  for (const [what, value, max] of [
    ['install', install, limits.installCharsMax],
    ['token', token, limits.pushTokenCharsMax],
    ['language', language, 64],
    ['appVersion', appVersion, 64],
  ] as const) {
    if (value !== null && value.length > max)
      throw new ImError('too-long', `${what} is longer than ${max} characters`, { what, max });
  }
  if (install === '' || /\p{Cc}/u.test(install)) throw wrong('install', 'install is an id without control characters');
  if (!/^[a-z][a-z0-9_-]{0,31}$/.test(platform))
    throw wrong('platform', 'platform is ios, android, web, or a name of your own in lower case');
  if (!fits(app, platform, token)) throw wrong('token', `token is not what a device of platform ${platform} is given`);
  if (who !== null) await ensureUsers(core, app, [who], unknown);
  await core.store.installs.register(app.no, who ?? nobodyOf(install), given, core.clock.now());
}

const wrong = (what: string, message: string) => new ImError('invalid-argument', message, { what, why: 'syntax' });

function fits(app: App, platform: string, token: string): boolean {
  if (platform === 'ios') return /^([0-9a-f]{2}){32,200}$/i.test(token);
  if (platform === 'web') return readSubscription(token, app.settings['push.webpush']?.hosts) !== undefined;
  return /^[\x21-\x7e]+$/.test(token);
}
