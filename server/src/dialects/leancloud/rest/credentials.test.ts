import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, it } from 'node:test';
import { leancloud } from '../../../../test/kit/leancloud.ts';
import { openWorld } from '../../../../test/kit/world.ts';

const world = await openWorld();
after(() => world.close());
const { app, other } = world;
const call = leancloud(world);

const create = (headers: Record<string, string>) => call('POST', '/1.2/rtm/conversations', { name: 'n' }, { headers });
const stats = (headers: Record<string, string>) => call('GET', '/1.2/rtm/stats', undefined, { headers });
const id = { 'X-LC-Id': app.id };
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const refused = { code: 401, error: 'Unauthorized.' };

it('[LC-1] id and app key open what the first documents have', async () => {
  assert.equal((await create({ ...id, 'X-LC-Key': app.clientKey })).status, 200);
});

it('[LC-2] [LC-3] without a key, or with an unknown id, nobody is let in', async () => {
  for (const headers of [id, { 'X-LC-Id': 'nobody', 'X-LC-Key': app.clientKey }, {}] as Record<string, string>[]) {
    const answer = await create(headers);
    assert.deepEqual([answer.status, answer.body], [401, refused]);
  }
  assert.equal((await create({ ...id, 'X-LC-Key': other.clientKey })).status, 401);
});

it('[LC-4] the master key opens what the app key does not', async () => {
  assert.equal((await stats({ ...id, 'X-LC-Key': `${app.masterKey},master` })).status, 200);
  const answer = await stats({ ...id, 'X-LC-Key': app.clientKey });
  assert.deepEqual([answer.status, answer.body.code], [403, 403]);
});

it('[LC-5] the app key is not a master key because it says so', async () => {
  assert.equal((await stats({ ...id, 'X-LC-Key': `${app.clientKey},master` })).status, 401);
});

it('[LC-6] a signature has the rights of the key that made it', async () => {
  const ts = String(Date.now());
  const sign = (key: string, suffix = '') => ({ ...id, 'X-LC-Sign': `${md5(ts + key)},${ts}${suffix}` });
  assert.equal((await create(sign(app.clientKey))).status, 200);
  assert.equal((await stats(sign(app.masterKey, ',master'))).status, 200);
  assert.equal((await create(sign(app.masterKey))).status, 401);
  assert.equal((await stats(sign(app.clientKey))).status, 403);
});

it('[LC-7] an upper-case digest and another timestamp are refused', async () => {
  const ts = '1767225600000';
  const digest = md5(ts + app.clientKey);
  assert.equal((await create({ ...id, 'X-LC-Sign': `${digest.toUpperCase()},${ts}` })).status, 401);
  assert.equal((await create({ ...id, 'X-LC-Sign': `${digest},1767225600001` })).status, 401);
  assert.equal((await create({ ...id, 'X-LC-Sign': `${digest},${ts}` })).status, 200);
});

it('[LC-8] older header names are as good', async () => {
  const headers = { 'X-AVOSCloud-Application-Id': app.id, 'X-AVOSCloud-Application-Key': app.clientKey };
  assert.equal((await create(headers)).status, 200);
  assert.equal((await stats({ 'X-Uluru-Application-Id': app.id, 'X-Uluru-Master-Key': app.masterKey })).status, 200);
});

it('[LC-9] a preflight needs no credentials', async () => {
  const answer = await call('OPTIONS', '/1.2/rtm/conversations', undefined, {
    headers: { origin: 'http://page.example', 'access-control-request-headers': 'x-lc-sign' },
  });
  assert.equal(answer.status, 204);
  assert.match(answer.headers.get('access-control-allow-headers') ?? '', /X-LC-Sign/);
  assert.equal(answer.headers.get('access-control-allow-origin'), 'http://page.example');
});

it('[LC-10] a body that is cut off is no JSON', async () => {
  const answer = await call('POST', '/1.2/rtm/conversations', undefined, { raw: '{"name":' });
  assert.deepEqual([answer.status, answer.body.code], [400, 107]);
});

it('[LC-11] [LC-12] raw JSON in place of the query is read as parameters, encoded or not', async () => {
  const { body } = await call('POST', '/1.2/rtm/conversations', { name: 'g' });
  const json = '{"from_client":"Tom","message":"hi there"}';
  for (const query of [json.replaceAll(' ', '+'), encodeURIComponent(json)]) {
    const answer = await call('POST', `/1.2/rtm/conversations/${body.objectId}/messages?${query}`);
    assert.equal(answer.status, 200, query);
    assert.equal(typeof answer.body['msg-id'], 'string');
  }
});

it('[LC-13] an app may be as strict as the newest documents', async () => {
  await world.set({ 'leancloud.requireMasterKey': true });
  const { status, body } = await call('POST', '/1.2/rtm/conversations', { name: 'n' });
  assert.deepEqual([status, body.code], [403, 403]);
  assert.equal((await call('POST', '/1.2/rtm/conversations', { name: 'n' }, { master: true })).status, 200);
  await world.set({ 'leancloud.requireMasterKey': false });
});

it('[LC-200] an unknown path is not found, in this door’s words', async () => {
  const answer = await call('GET', '/1.2/rtm/nothing');
  assert.deepEqual([answer.status, answer.body.code], [404, 404]);
});
