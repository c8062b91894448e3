// Registration of users: each item is created or refused by itself.
import type { App } from '../../core/apps/app.ts';
import type { Core } from '../../core/core.ts';
import { ImError } from '../../core/errors.ts';
import { hexId } from '../../core/ids.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { registerUsers } from '../../core/users/register.ts';
import { badValue } from './errors.ts';
import { problemOfNewName } from './names.ts';
import { neededText, type TextRule } from './rest/body.ts';
import { readProfile } from './wire.ts';

export const passwordRule: TextRule = { bytesMin: 4, bytesMax: 128 };

/** `error`: why he was not created. */
export type Registration = { readonly username: string; readonly error?: ImError };

/** Few, and as soon as they are hashed: what is said meanwhile waits for no long write. */
const storedAtOnce = 10;

type Candidate = { readonly name: string; readonly password: string; readonly profile: JsonObject };

/** In the order of the items. Throws only what concerns all of them: `unavailable`. */
export async function registerBatch(
  core: Core,
  app: App,
  items: readonly Json[],
  marks: { readonly admin?: true } = {},
): Promise<Registration[]> {
  const read = items.map((item) => readItem(app, item));
  const taken = new Set(await core.store.users.existing(app.no, read.flatMap(nameOf)));
  const fresh: Candidate[] = [];
  for (const one of read) {
    if (one instanceof ImError || taken.has(one.name)) continue;
    taken.add(one.name);
    fresh.push(one);
  }
  const created = await create(core, app, fresh, marks);
  return read.map((one, i) => {
    if (one instanceof ImError) return { username: nameIn(items[i]), error: one };
    // Only the first of a name in this batch is the very object that was created.
    if (created.has(one)) return { username: one.name };
    return { username: one.name, error: new ImError('conflict', 'the name is taken', { what: 'name' }) };
  });
}

const nameOf = (one: Candidate | ImError): string[] => (one instanceof ImError ? [] : [one.name]);

const nameIn = (item: Json | undefined): string => {
  const name = isJsonObject(item) ? item.username : undefined;
  return typeof name === 'string' ? name : '';
};

function readItem(app: App, item: Json): Candidate | ImError {
  try {
    if (!isJsonObject(item)) throw badValue('a user is a JSON object', 'body');
    const { username } = item;
    const problem = problemOfNewName(app, username);
    if (problem !== undefined) throw badValue(problem, 'username');
    return {
      name: username as string,
      password: neededText(item, 'password', passwordRule),
      profile: readProfile(item),
    };
  } catch (error) {
    if (error instanceof ImError) return error;
    throw error;
  }
}

async function create(
  core: Core,
  app: App,
  candidates: readonly Candidate[],
  marks: { readonly admin?: true },
): Promise<Set<Candidate>> {
  const created = new Set<Candidate>();
  for (let from = 0; from < candidates.length; from += storedAtOnce) {
    const some = candidates.slice(from, from + storedAtOnce);
    const users = [];
    for (const { name, password, profile } of some) {
      // One after the other: a hash is slow by design, and other people's logins wait for the same threads.
      const hash = await core.passwords.hash({ plain: password });
      users.push({ id: name, profile, account: { id: hexId(24), password: hash }, ...marks });
    }
    const outcomes = await registerUsers(core, app, users);
    for (const [i, one] of some.entries()) if (outcomes[i] === 'created') created.add(one);
  }
  return created;
}
