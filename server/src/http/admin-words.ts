// The operator's view of an app's sensitive words. It is registered inside the operator's API, behind its token.
import type { FastifyInstance } from 'fastify';
import type { App } from '../core/apps/app.ts';
import type { Core } from '../core/core.ts';
import { ImError } from '../core/errors.ts';
import { setWords, wordsOf } from '../core/words/set-words.ts';

type Params = { Params: { id: string } };

/** `GET` and `PUT /apps/{id}/words`, both answer `{"words": [...]}`; PUT takes the same and puts the whole list anew. */
export async function adminWords(
  app: FastifyInstance,
  { core }: { core: Pick<Core, 'store' | 'words' | 'clock'> },
): Promise<void> {
  app.get<Params>('/apps/:id/words', async ({ params }) => {
    return { words: await wordsOf(core, await appOf(core, params.id)) };
  });
  app.put<Params>('/apps/:id/words', async ({ params, body }) => {
    const tenant = await appOf(core, params.id);
    return { words: await setWords(core, tenant, wordsIn(body)) };
  });
}

// From the store, not from what is remembered: an operator may have added the app a moment ago, elsewhere.
async function appOf(core: Pick<Core, 'store'>, id: string): Promise<App> {
  const app = await core.store.apps.byId(id);
  if (!app) throw new ImError('app-not-found', 'there is no such app');
  return app;
}

function wordsIn(body: unknown): string[] {
  const words = typeof body === 'object' && body !== null && 'words' in body ? body.words : undefined;
  if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return words;
  throw new ImError('invalid-argument', 'words must be a list of strings', { what: 'words', why: 'type' });
}
