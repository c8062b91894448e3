// Names of users: what may be registered, and who is meant by a name that a request brings.
import type { App } from '../../core/apps/app.ts';
import type { Core } from '../../core/core.ts';
import type { User } from '../../core/users/user.ts';
import { badValue, noSuchUser } from './errors.ts';

type Ports = Pick<Core, 'store'>;

export const usernameBytesMax = 128;
const letters = /^[A-Za-z0-9_.@-]+$/;

/** What is wrong with a name that shall be registered; undefined: nothing. */
export function problemOfNewName(app: App, name: unknown): string | undefined {
  if (typeof name !== 'string') return 'username must be a text';
  if (!letters.test(name) || !/^[A-Za-z0-9]/.test(name))
    return 'username may hold letters, digits, _ . - and @, and begins with a letter or digit';
  if (name.length > usernameBytesMax) return `username is longer than ${usernameBytesMax} bytes`;
  const bytesMin = app.settings['jmessage.usernameBytesMin'];
  return name.length < bytesMin ? `username is shorter than ${bytesMin} bytes` : undefined;
}

/** Another door may know users by names that this one could not register; they are users all the same. */
function unknown(name: string): Error {
  return letters.test(name) && name.length <= usernameBytesMax
    ? noSuchUser(name)
    : badValue('there is no such user, nor could there be: a name has other letters or is too long', 'username');
}

/** Throws `user-not-found`, for guests of other apps too; `invalid-argument` for a name that nobody could have. */
export async function openNamed(core: Ports, app: App, name: string): Promise<User> {
  const user = await core.store.users.byId(app.no, name);
  if (!user || user.home !== null) throw unknown(name);
  return user;
}

/** In the order of the names; the first unknown one is named. Throws as above. */
export async function openAll(core: Ports, app: App, names: readonly string[]): Promise<User[]> {
  if (names.length === 0) return [];
  const found = await core.store.users.byIds(app.no, names);
  return names.map((name, i) => {
    const user = found[i];
    if (!user || user.home !== null) throw unknown(name);
    return user;
  });
}
