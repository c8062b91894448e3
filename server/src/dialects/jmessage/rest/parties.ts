// Requests about one user and others: who is named in the path, and who in the body.
import type { FastifyRequest } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import type { Core } from '../../../core/core.ts';
import type { User } from '../../../core/users/user.ts';
import { badValue } from '../errors.ts';
import { openAll, openNamed } from '../names.ts';
import { introduce, openApp } from '../other-apps.ts';
import { appkeyOf, fieldOf, namesIn, namesOf } from './body.ts';
import { itemsOf } from './cross-items.ts';
import { segment } from './query.ts';

/** `ids`: how this app knows the others. */
export type Parties = { readonly who: string; readonly ids: readonly string[]; readonly others: readonly User[] };

/** The body is a list of names. Throws `invalid-argument`, `user-not-found`. */
export async function partiesOf(core: Core, app: App, request: FastifyRequest): Promise<Parties> {
  const names = namesOf(request);
  const name = segment(request, 'username');
  if (names.includes(name)) throw badValue('nobody can be named beside himself', 'body');
  const { id } = await openNamed(core, app, name);
  const others = await openAll(core, app, names);
  return { who: id, ids: others.map((other) => other.id), others };
}

/** The body is a list of apps, each with names under `key`. Throws as above, and what openApp throws. */
export async function partiesOfAll(core: Core, app: App, request: FastifyRequest, key: string): Promise<Parties> {
  const items = itemsOf(request).map((item) => ({ appkey: appkeyOf(item), names: namesIn(fieldOf(item, key), key) }));
  if (items.every(({ names }) => names.length === 0)) throw badValue(`${key} is missing`, key);
  const sources = [];
  for (const { appkey, names } of items) sources.push({ from: await openApp(core, app, appkey), names });
  const name = segment(request, 'username');
  if (sources.some(({ from, names }) => from === app && names.includes(name)))
    throw badValue('nobody can be named beside himself', key);
  const { id } = await openNamed(core, app, name);
  const ids = [];
  const others = [];
  for (const { from, names } of sources) {
    others.push(...(await openAll(core, from, names)));
    ids.push(...(await introduce(core, app, from, names)));
  }
  return { who: id, ids: [...new Set(ids)], others };
}
