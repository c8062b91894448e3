// The operator's API as an operator's script sees it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openWorld, type World } from '../kit/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

const token = 'test-admin-token-0123456789';

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
type Answer = { status: number; body: any };

async function call(method: string, path: string, body?: unknown, authorization = `Bearer ${token}`): Promise<Answer> {
  const answer = await fetch(`${world.url}/admin${path}`, {
    method,
    headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
}

describe("the operator's API", () => {
  it('opens to its own token only', async () => {
    const wrong = [
      '',
      'Bearer',
      'Bearer ',
      `bearer ${token}`,
      token,
      `Bearer ${token}x`,
      `Bearer ${world.app.masterKey}`,
      'Basic YTpi',
    ];
    for (const authorization of wrong) {
      for (const [method, path] of [
        ['GET', '/apps'],
        ['GET', '/status'],
        ['DELETE', `/apps/${world.app.id}`],
        ['POST', '/apps'],
      ] as const) {
        const { status, body } = await call(method, path, undefined, authorization);
        assert.deepEqual([status, body.error.code], [401, 'unauthenticated'], `${method} ${path} ${authorization}`);
      }
    }
    assert.ok(await world.core.store.apps.byId(world.app.id));
  });

  it('shows apps, and their keys only when asked', async () => {
    const { body: plain } = await call('GET', '/apps');
    assert.deepEqual(
      plain.map((app: { id: string }) => app.id),
      [world.app.id, world.other.id],
    );
    assert.doesNotMatch(
      JSON.stringify(plain),
      new RegExp(`${world.app.clientKey}|${world.app.masterKey}|${world.app.idKey}`),
    );
    const { body: one } = await call('GET', `/apps/${world.app.id}?keys=true`);
    assert.deepEqual([one.clientKey, one.masterKey, one.idKey], [world.app.clientKey, world.app.masterKey, undefined]);
    assert.deepEqual(await call('GET', '/apps/nobody'), {
      status: 404,
      body: { error: { code: 'app-not-found', message: 'there is no such app' } },
    });
  });

  it('adds an app whose keys work at once, changes it, and removes it', async () => {
    const added = await call('POST', '/apps', { name: 'Shop' });
    assert.equal(added.status, 201);
    const { id, clientKey, masterKey } = added.body;
    for (const word of [id, clientKey, masterKey]) assert.match(word, /^[0-9a-f]{24}$/);
    const asApp = { headers: { 'x-ml-appid': id, 'x-ml-request-sign': clientKey } };
    assert.equal((await world.rest('GET', '/ctx', undefined, asApp)).status, 200);
    assert.equal((await call('POST', '/apps', { id })).status, 409);

    const changed = await call('PATCH', `/apps/${id}`, {
      name: 'Store',
      settings: { groupMembersMax: 50, 'maxleap.censor': false },
    });
    assert.deepEqual(
      [changed.status, changed.body.name, changed.body.overrides],
      [200, 'Store', { groupMembersMax: 50, 'maxleap.censor': false }],
    );
    assert.equal(changed.body.clientKey, undefined);
    const back = await call('PATCH', `/apps/${id}`, { settings: { groupMembersMax: null, 'maxleap.censor': true } });
    assert.deepEqual([back.body.overrides, back.body.settings.groupMembersMax, back.body.name], [{}, 500, 'Store']);
    await call('PATCH', `/apps/${id}`, { clientKey: 'another-client-key' });
    assert.equal((await world.rest('GET', '/ctx', undefined, asApp)).status, 401);

    assert.equal((await call('DELETE', `/apps/${id}`)).status, 204);
    assert.equal((await call('DELETE', `/apps/${id}`)).status, 404);
    assert.equal(
      (
        await world.rest('GET', '/ctx', undefined, {
          headers: { ...asApp.headers, 'x-ml-request-sign': 'another-client-key' },
        })
      ).status,
      401,
    );
  });

  it('says clearly what does not fit, and changes nothing then', async () => {
    const path = `/apps/${world.app.id}`;
    const table: [string, string, unknown, RegExp][] = [
      ['PATCH', path, { settings: { groupMembersMax: 1 } }, /groupMembersMax takes a whole number from 2 to 100000/],
      ['PATCH', path, { settings: { 'jmessage.listShape': 'x' } }, /listShape takes one of auto, ids, objects/],
      ['PATCH', path, { settings: { 'jmessage.timezone': 'Mars' } }, /timezone takes the name of a time zone/],
      ['PATCH', path, { settings: { keepDays: 3, nothing: 1 } }, /there is no setting nothing/],
      ['PATCH', path, { settings: [] }, /settings is an object/],
      ['PATCH', path, { groupMembersMax: 3 }, /there is no field groupMembersMax/],
      ['PATCH', path, { name: 7 }, /name is a string/],
      ['PATCH', path, { name: 'x'.repeat(129) }, /at most 128/],
      ['PATCH', path, { clientKey: world.app.masterKey }, /must differ/],
      ['PATCH', path, { masterKey: 'with space' }, /visible characters/],
      ['PATCH', path, undefined, /JSON object/],
      ['PATCH', path, '[]', /JSON object/],
      ['PATCH', path, '{', /not valid JSON/],
      ['PATCH', path, '{"__proto__":{}}', /__proto__/],
      ['POST', '/apps', { id: 'a b' }, /an app id is/],
      ['POST', '/apps', { extraKeys: [1] }, /extraKeys is a list/],
    ];
    for (const [method, where, body, sentence] of table) {
      const answer = await call(method, where, body);
      assert.equal(answer.status, 400, JSON.stringify(body));
      assert.match(answer.body.error.message, sentence);
    }
    const app = await world.core.store.apps.byId(world.app.id);
    assert.deepEqual([app?.overrides, app?.name, app?.clientKey], [{}, world.app.name, world.app.clientKey]);
  });

  it('tells how the server is, and describes itself', async () => {
    const { status, body } = await call('GET', '/status');
    assert.deepEqual([status, body.ready, body.connections], [200, true, 0]);
    const document = (await (await fetch(`${world.url}/docs/admin/openapi.json`)).json()) as { paths: object };
    assert.ok(Object.keys(document.paths).includes('/admin/apps/{id}'));
  });
});

describe('/docs', () => {
  it('is a page that works without any other server', async () => {
    const page = await fetch(`${world.url}/docs/`);
    const html = await page.text();
    assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'; script-src 'self'/);
    assert.doesNotMatch(html, /https?:/);
    const references = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    assert.equal(references.length, 4);
    for (const reference of references) {
      const answer = await fetch(world.url + reference);
      assert.deepEqual([answer.status, answer.headers.get('x-content-type-options')], [200, 'nosniff'], reference);
    }
    const start = await (await fetch(`${world.url}/docs/viewer/start.js`)).text();
    for (const [, url] of start.matchAll(/"url":"([^"]+)"/g)) {
      const document = (await (await fetch(world.url + url)).json()) as { openapi: string };
      assert.match(document.openapi, /^3\.1/, url);
    }
    assert.equal((await fetch(`${world.url}/docs/viewer/..%2fpackage.json`)).status, 404);
    assert.match(await (await fetch(world.url)).text(), /The server is running.*服务器正在运行/s);
  });
});
