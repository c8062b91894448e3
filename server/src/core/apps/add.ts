import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import { hexId } from '../ids.ts';
import type { App, NewApp } from './app.ts';
import { assertName } from './name.ts';

/** What every vendor's clients accept as an id or a key: JMessage's Java and Go clients refuse anything else. */
export const newKey = (): string => hexId(24);

/** Adds an app; id and keys that are not given are made. Throws `conflict` when the id is taken, `invalid-argument`. */
export async function addApp(core: Pick<Core, 'store' | 'apps'>, wanted: Partial<NewApp>): Promise<App> {
  const { id = newKey(), clientKey = newKey(), masterKey = newKey(), name = '' } = wanted;
  if (!/^[\w-]{1,128}$/.test(id))
    throw new ImError('invalid-argument', 'an app id is 1 to 128 letters, digits, _ and -', {
      what: 'id',
      why: 'syntax',
    });
  for (const [what, key] of Object.entries({ clientKey, masterKey })) assertKey(key, what);
  if (clientKey === masterKey)
    throw new ImError('invalid-argument', 'the client key and the master key must differ', { what: 'masterKey' });
  assertName(name);
  if (await core.store.apps.byId(id)) throw new ImError('conflict', `there is an app ${id} already`, { what: 'id' });
  const app = await core.store.apps.put({ ...wanted, id, name, clientKey, masterKey, idKey: hexId(32) });
  core.apps.forget(id);
  return app;
}

/** Keys travel in headers. */
export function assertKey(key: string, what: string): void {
  if (!/^[\x21-\x7e]{1,256}$/.test(key)) {
    throw new ImError('invalid-argument', `${what} is 1 to 256 visible characters without spaces`, {
      what,
      why: 'syntax',
    });
  }
}
