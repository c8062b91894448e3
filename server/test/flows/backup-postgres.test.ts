// `hongyan backup` and `restore` where the store is PostgreSQL: by its own programs.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, test } from 'node:test';
import { run, serve } from '../kit/command.ts';
import { openTestDatabase, type TestDatabase, testDatabaseUrl } from '../kit/postgres.ts';
import { signOf } from '../kit/world.ts';

const app = { id: 'kept-app', clientKey: 'd0d0d0d0d0d0d0d0d0d0d0d0', masterKey: 'd1d1d1d1d1d1d1d1d1d1d1d1' };

if (testDatabaseUrl === undefined)
  test('hongyan backup with PostgreSQL', (t) =>
    t.diagnostic('HONGYAN_TEST_DATABASE_URL is not set: what is tested on PostgreSQL did not run'));
else
  describe('hongyan backup with PostgreSQL', () => {
    let [from, to]: TestDatabase[] = [];
    let dir: string;
    const env = (database: TestDatabase | undefined, data: string) => ({
      HONGYAN_DATA: join(dir, data),
      HONGYAN_APPS: `${app.id}:${app.clientKey}:${app.masterKey}`,
      HONGYAN_DEMO: 'off',
      ...(database ? { HONGYAN_DATABASE_URL: database.url } : {}),
    });
    const rest = (base: string, method: string, path: string, body?: unknown) =>
      fetch(base + path, {
        method,
        headers: {
          'x-ml-appid': app.id,
          'x-ml-request-sign': signOf(app.clientKey),
          ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }),
        },
        body: body instanceof FormData ? body : (JSON.stringify(body) ?? null),
      });

    before(async () => {
      dir = await mkdtemp(join(tmpdir(), 'hongyan-test-'));
      [from, to] = await Promise.all([openTestDatabase(), openTestDatabase()]);
    });
    after(async () => {
      await Promise.all([from?.drop(), to?.drop(), rm(dir, { recursive: true, force: true })]);
    });

    it('[CORE-503] restores into an empty database, files and secrets with it, and is refused where it does not fit', async () => {
      const first = await serve(env(from, 'one'));
      let file: string;
      try {
        await rest(first.url, 'POST', '/ctx/ann/attributes', { town: '苏州' });
        const form = new FormData();
        form.append('attachment', new Blob(['a file'], { type: 'text/plain' }), 'note.txt');
        const [address] = (await (await rest(first.url, 'POST', '/attachment', form)).json()) as string[];
        file = new URL(address as string, first.url).pathname;
        const backup = await run(['backup', join(dir, 'kept')], env(from, 'one'));
        assert.equal(backup.code, 0, backup.err);
      } finally {
        first.child.kill('SIGTERM');
        await first.ended();
      }

      const onto = await run(['restore', join(dir, 'kept')], env(from, 'two'));
      assert.match(onto.err, /has data already/);
      const embedded = await run(['restore', join(dir, 'kept')], env(undefined, 'two'));
      assert.match(embedded.err, /HONGYAN_DATABASE_URL says where it goes/);
      const restored = await run(['restore', join(dir, 'kept')], env(to, 'two'));
      assert.equal(restored.code, 0, restored.err);

      const second = await serve(env(to, 'two'));
      try {
        const ann = (await (await rest(second.url, 'GET', '/ctx/ann')).json()) as { attributes: object };
        assert.deepEqual(ann.attributes, { town: '苏州' });
        assert.equal(await (await fetch(second.url + file)).text(), 'a file');
        assert.equal((await rest(second.url, 'POST', '/groups', { owner: 'ann', members: ['bob'] })).status, 200);
      } finally {
        second.child.kill('SIGTERM');
        await second.ended();
      }
    });
  });
