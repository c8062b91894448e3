import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { openWorld } from '../../../../test/kit/world.ts';
import { words } from './words.ts';

const world = await openWorld();
after(() => world.close());

it('[LC-297] the document has every operation of the door, in words', async () => {
  const { body: document } = await world.rest('GET', '/docs/leancloud/openapi.json', undefined, { bare: true });
  assert.equal(document.openapi, '3.1.0');
  const operations = Object.entries<Record<string, { tags: string[]; summary: string }>>(document.paths).flatMap(
    ([path, methods]) => Object.entries(methods).map(([method, words]) => ({ path, method, ...words })),
  );
  assert.ok(operations.length >= 110, String(operations.length));
  assert.deepEqual(
    operations.filter(({ tags }) => tags[0] === 'Other').map(({ method, path }) => `${method} ${path}`),
    [],
  );
  const shown = new Set(
    operations.map(({ method, path }) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  );
  // Families have words in common; what one of them does not have must at least not be another's path.
  const unused = Object.keys(words).filter((key) => !shown.has(key) && !key.includes('/1.2/rtm/'));
  assert.deepEqual(unused, []);
});
