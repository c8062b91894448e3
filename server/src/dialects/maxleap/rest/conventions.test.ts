import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { done, refused } from '../../../../test/kit/rest.ts';
import { openWorld, type World } from '../../../../test/kit/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
  done(await world.rest('POST', '/ctx/a/friends/b'));
});
after(() => world.close());

const json = { 'content-type': 'application/json' };
const origin = { origin: 'https://app.example' };

test('[ML-12] a preflight needs no credentials and allows what clients send', async () => {
  for (const path of ['/groups', '/ctx/a/friends/b', '/groups/x/y/z', '/zoe/rooms/r', '/attachment', '/system/']) {
    const answer = await fetch(world.url + path, {
      method: 'OPTIONS',
      headers: {
        ...origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'x-ml-appid,x-ml-request-sign,content-type',
      },
    });
    assert.equal(answer.status, 204, path);
    const allowed = (answer.headers.get('access-control-allow-headers') ?? '').toLowerCase();
    for (const name of ['x-ml-appid', 'x-ml-request-sign', 'content-type', 'x-ml-apikey'])
      assert.ok(allowed.includes(name));
    assert.ok(!allowed.includes('*'));
    assert.equal(answer.headers.get('access-control-allow-origin'), origin.origin);
    assert.match(answer.headers.get('access-control-allow-methods') ?? '', /GET, POST, PUT, DELETE/);
    assert.ok(Number(answer.headers.get('access-control-max-age')) > 0);
  }
});

test('[ML-13] errors may be read by other origins too', async () => {
  const calls = [
    await world.rest('GET', '/groups/none', undefined, { headers: origin }),
    await world.rest('GET', '/ctx/a', undefined, { headers: { ...origin, 'x-ml-request-sign': 'x' } }),
    await world.rest('PATCH', '/groups/x', undefined, { headers: origin }),
    await world.rest('POST', '/groups', undefined, { raw: '{', headers: origin }),
  ];
  for (const answer of calls) {
    assert.ok(answer.status >= 400);
    assert.equal(answer.headers.get('access-control-allow-origin'), origin.origin);
  }
});

test('[ML-14] a JSON type without a body is no error', async () => {
  done(await world.rest('POST', '/ctx/a/friends/b', undefined, { headers: json }), 200);
  done(await world.rest('DELETE', '/ctx/a/friends/zoe', undefined, { headers: json }), 204);
  done(await world.rest('POST', '/ctx/a/friends/b', undefined, { raw: ' \n', headers: json }), 200);
});

test('[ML-15] [ML-253] trailing and doubled slashes are ignored, and one pair of quotes around an id', async () => {
  done(await world.rest('DELETE', '/ctx/a/attributes/'), 204);
  done(await world.rest('POST', '/passengers/', {}), 200);
  done(await world.rest('GET', '//ctx//a/friends'), 200);
  assert.equal(done(await world.rest('GET', '/ctx/%22a%22')).id, 'a');
});

test('[ML-16] broken JSON is refused', async () => {
  for (const raw of ['{"owner":', '{"owner":"a"}x', "{'owner':'a'}", Buffer.from([0x7b, 0xff, 0x7d])]) {
    refused(await world.rest('POST', '/groups', undefined, { raw, headers: json }), 400, 5001);
  }
  assert.deepEqual(done(await world.rest('GET', '/groups')), []);
});

test('[ML-249] JSON is read whatever its type says', async () => {
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'json;;;',
    'application/json; charset=utf-8',
    '',
  ]) {
    done(
      await world.rest('POST', '/ctx/typed/attributes', undefined, {
        raw: '{"n":1}',
        headers: { 'content-type': type },
      }),
      201,
    );
  }
  assert.equal((await world.rest('GET', '/ctx/typed/attributes/n')).text, '1');
});

test('[ML-17] every success is JSON with its type, or nothing', async () => {
  const group = done(await world.rest('POST', '/groups', { owner: 'a' }));
  const calls: [string, string, unknown?][] = [
    ['POST', '/ctx/a/attributes', { s: 'text', n: null }],
    ['GET', '/ctx/a/attributes/s'],
    ['GET', '/ctx/a/attributes/n'],
    ['PUT', `/groups/${group}`, { name: 'N' }],
    ['POST', `/groups/${group}/members/b`],
    ['DELETE', `/groups/${group}/members/b`],
    ['POST', '/passengers', {}],
    ['POST', '/system', { content: { body: 'x' } }],
    ['GET', `/groups/${group}/chats`],
    ['DELETE', `/groups/${group}`],
  ];
  for (const [method, path, body] of calls) {
    const answer = await world.rest(method, path, body);
    assert.ok(answer.status < 300, `${method} ${path} ${answer.text}`);
    if (answer.status === 204) {
      assert.equal(answer.text, '');
      continue;
    }
    JSON.parse(answer.text);
    assert.equal(answer.headers.get('content-type'), 'application/json; charset=utf-8');
  }
});

test('[ML-18] answers are never conditional', async () => {
  const first = await world.rest('GET', '/ctx/a');
  const tag = first.headers.get('etag') ?? '"anything"';
  const headers = { 'if-none-match': tag, 'if-modified-since': new Date().toUTCString() };
  done(await world.rest('GET', '/ctx/a', undefined, { headers }), 200);
});

test('[ML-19] an unknown path is 404, a known one in another method 405', async () => {
  refused(await world.rest('GET', '/nonsense'), 404, 5009);
  refused(await world.rest('PATCH', '/groups/x'), 405, 5009);
  refused(await world.rest('DELETE', '/ctx'), 405, 5009);
  refused(await world.rest('GET', '/attachment'), 405, 5009);
  refused(await world.rest('GET', '/passengers'), 405, 5009);
  refused(await world.rest('GET', '/rooms/x/chats'), 404, 5009);
  refused(await world.rest('GET', '/ctx/a/b/c/d/e/f'), 404, 5009);
  refused(await world.rest('GET', '/ctx/groups/x'), 404, 5009);
  refused(await world.rest('PUT', '/system/', {}), 405, 5009);
  // The paths without /ctx take nothing from other owners.
  const others = { '/admin/groups/x': 404, '/v1/rooms/x': 401, '/1.1/groups/x': 404, '/docs/rooms/x': 404 };
  for (const [path, status] of Object.entries(others)) {
    assert.equal((await fetch(world.url + path)).status, status, path);
  }
});

test('[ML-20] a flag counts by being there', async () => {
  const detailed = (await world.rest('GET', '/ctx/a/friends?detail')).text;
  assert.match(detailed, /"online"/);
  for (const query of ['detail=', 'detail=true', 'detail=1', 'detail=yes']) {
    assert.equal((await world.rest('GET', `/ctx/a/friends?${query}`)).text, detailed);
  }
  for (const query of ['', 'detail=false', 'detail=0']) {
    assert.equal((await world.rest('GET', `/ctx/a/friends?${query}`)).text, '["b"]');
  }
});

test('[ML-21] ids have 1 to 128 letters, digits, _ and -', async () => {
  const longest = 'aZ0_-'.repeat(26).slice(0, 128);
  done(await world.rest('POST', `/ctx/${longest}/attributes`, { a: 1 }), 201);
  assert.equal(done(await world.rest('GET', `/ctx/${longest}`)).id, longest);
  refused(await world.rest('POST', `/ctx/${longest}x/attributes`, { a: 1 }), 400, 5010);
  refused(await world.rest('GET', `/ctx/${longest}x`), 400, 5010);
  for (const id of ['a.b', 'a%20b', '%E9%98%BF', ':p', 'a%2Fb', '%00']) {
    refused(await world.rest('POST', `/ctx/${id}/attributes`, { a: 1 }), 400, 5001);
    refused(await world.rest('GET', `/ctx/${id}`), 400, 5001);
    refused(await world.rest('DELETE', `/ctx/a/friends/${id}`), 400, 5001);
  }
  for (const owner of ['a.b', '', 'a b', '阿']) refused(await world.rest('POST', '/groups', { owner }), 400, 5001);
  refused(await world.rest('POST', '/groups', { owner: `${longest}x` }), 400, 5010);
});

test('[ML-250] a body above 1 MiB is refused before it is read', async () => {
  const text = JSON.stringify({ a: 'x'.repeat(1024 * 1024) });
  const { status, body } = await new Promise<{ status: number; body: string }>((resolve, reject) => {
    const call = request(
      `${world.url}/ctx/big/attributes`,
      { method: 'POST', headers: { 'x-ml-appid': world.app.id, 'x-ml-apikey': world.app.clientKey } },
      async (answer) => {
        let body = '';
        for await (const chunk of answer.setEncoding('utf8')) body += chunk;
        resolve({ status: answer.statusCode ?? 0, body });
      },
    );
    call.on('error', reject);
    call.end(text);
  });
  assert.deepEqual([status, JSON.parse(body).errorCode], [413, 5010]);
  refused(await world.rest('GET', '/ctx/big'), 404, 5004);
});
