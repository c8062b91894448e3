// LeanCloud's REST door: how requests come, and how far back answers go.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, it } from 'node:test';
import { sign, signedTexts } from '../../src/dialects/leancloud/signature.ts';
import { leancloud } from '../kit/leancloud.ts';
import { openWorld } from '../kit/world.ts';

const world = await openWorld();
after(() => world.close());
const call = leancloud(world);
const as = (method: string, path: string, body?: unknown) => call(method, path, body, { master: true });
const rtm = '/1.2/rtm';
const make = async (m: string[]): Promise<string> => (await call('POST', `${rtm}/conversations`, { m })).body.objectId;
// biome-ignore lint/suspicious/noExplicitAny: records of every endpoint
const dataOf = ({ body }: { body: any }) => body.map(({ data }: { data: string }) => data);

it('[LC-310] with the history signature on, the app key reads only what was signed', async () => {
  const id = await make(['A', 'B']);
  await call('POST', `${rtm}/conversations/${id}/messages`, { from_client: 'A', message: 'x' });
  await world.set({ 'leancloud.historySignature': true });
  const path = `/1.1/rtm/messages/history?convid=${id}`;
  assert.deepEqual((await call('GET', path)).body, { code: 4302, error: 'CONVERSATION_SIGNATURE_FAILED' });
  const now = String(world.clock.now());
  const [text = ''] = signedTexts.history(world.app.id, 'A', id)(now, 'n');
  const signed = `${path}&client_id=A&nonce=n&signature_ts=${now}&signature=`;
  assert.deepEqual(dataOf(await call('GET', signed + sign(world.app, text))), ['x']);
  assert.equal((await call('GET', `${signed}${'0'.repeat(40)}`)).status, 401);
  assert.deepEqual(dataOf(await as('GET', path)), ['x']);
  await world.set({ 'leancloud.historySignature': false });
});

it('[LC-311] history over REST ends where the app’s window ends', async () => {
  const id = await make(['A', 'B']);
  await call('POST', `${rtm}/conversations/${id}/messages`, { from_client: 'A', message: 'old' });
  await world.set({ 'leancloud.historyDays': 1 });
  world.clock.advance(2 * 86_400_000);
  await call('POST', `${rtm}/conversations/${id}/messages`, { from_client: 'A', message: 'new' });
  const path = `${rtm}/conversations/${id}/messages`;
  assert.deepEqual(dataOf(await as('GET', path)), ['new']);
  assert.deepEqual(dataOf(await as('GET', `${path}?reversed=true&timestamp=0`)), ['new']);
  assert.ok(!dataOf(await as('GET', `${rtm}/messages`)).includes('old'));
  await world.set({ 'leancloud.historyDays': 0 });
  assert.deepEqual(dataOf(await as('GET', path)), ['new', 'old']);
  await world.set({ 'leancloud.historyDays': 180 });
});

it('[LC-312] a page without headers brings its credentials in a plain body', async () => {
  const post = (body: object, type = 'text/plain; charset=UTF-8') =>
    fetch(`${world.url}${rtm}/conversations`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: JSON.stringify(body),
    });
  const { id, clientKey, masterKey } = world.app;
  const columns = { m: ['A'], name: 'plain', note: { __type: 'Date', iso: '2026-01-01T00:00:00.000Z' } };
  const made = await post({ _ApplicationId: id, _ApplicationKey: clientKey, _ClientVersion: 'js', ...columns });
  const { objectId } = (await made.json()) as { objectId: string };
  assert.equal(made.status, 200);
  const row = (await as('GET', `${rtm}/conversations/${objectId}`)).body;
  assert.deepEqual([row.name, row.note, row._ClientVersion], ['plain', columns.note, undefined]);
  const master = await post({ _ApplicationId: id, _ApplicationKey: clientKey, _MasterKey: masterKey, ...columns });
  assert.deepEqual(((await master.json()) as { m: string[] }).m, ['A']);
  const wrong = { _ApplicationId: id, _ApplicationKey: 'no', ...columns };
  for (const [body, type] of [
    [wrong, undefined],
    [columns, undefined],
    [{ ...wrong, _ApplicationKey: clientKey }, 'application/json'],
  ] as const)
    assert.equal((await post(body, type)).status, 401);
});

it('[LC-312] the body of a GET is read like any other', async () => {
  const name = `name ${world.clock.now()}`;
  const { objectId } = (await call('POST', `${rtm}/conversations`, { m: ['A'], name })).body;
  const { hostname, port } = new URL(world.url);
  const get = (body: string, headers: Record<string, string>) =>
    new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const asked = request(
        {
          hostname,
          port,
          path: `${rtm}/all-conversations`,
          method: 'GET',
          headers: { ...headers, 'Content-Length': Buffer.byteLength(body) },
        },
        async (res) => {
          let text = '';
          for await (const chunk of res) text += chunk;
          resolve({ status: res.statusCode, text });
        },
      );
      asked.on('error', reject);
      asked.end(body);
    });
  const master = { 'X-LC-Id': world.app.id, 'X-LC-Key': `${world.app.masterKey},master` };
  const { status, text } = await get(JSON.stringify({ where: { name } }), {
    ...master,
    'Content-Type': 'application/json',
  });
  assert.equal(status, 200, text);
  assert.deepEqual(
    JSON.parse(text).results.map((row: { objectId: string }) => row.objectId),
    [objectId],
  );
  assert.ok(JSON.parse((await get('{}', master)).text).results.length > 1);
  assert.deepEqual(JSON.parse((await get('{"where":', master)).text).code, 107);
  const { id, masterKey } = world.app;
  const plain = JSON.stringify({ _ApplicationId: id, _MasterKey: masterKey, where: { name } });
  assert.equal(JSON.parse((await get(plain, { 'Content-Type': 'text/plain' })).text).results.length, 1);
});

it('[LC-313] a class that is not here is 404 with 101, and a column that cannot be is 105', async () => {
  assert.deepEqual((await call('GET', '/1.1/classes/Todo')).body, {
    code: 101,
    error: "Class or object doesn't exists.",
  });
  assert.equal((await call('POST', '/1.1/classes/Todo/x', {})).status, 404);
  const id = await make(['A']);
  assert.equal((await call('PUT', `${rtm}/conversations/${id}`, { '1st': 1 })).body.code, 105);
});

it('[LC-314] a client id is any text of 1 to 64 characters', async () => {
  const odd = ['汤姆', '123', 'a.b@c d', 'x'.repeat(64)];
  const id = await make(odd);
  assert.deepEqual((await call('GET', `${rtm}/conversations/${id}/members`)).body, odd);
  for (const bad of ['x'.repeat(65), ':tom']) {
    assert.equal((await call('POST', `${rtm}/conversations`, { m: [bad] })).status, 400, bad);
    const said = await call('POST', `${rtm}/conversations/${id}/messages`, { from_client: bad, message: 'x' });
    assert.equal(said.status, 400, bad);
  }
  const one = await call('POST', `${rtm}/conversations/${id}/members`, { client_ids: 'with,comma' });
  assert.equal(one.status, 200);
  assert.ok((await call('GET', `${rtm}/conversations/${id}/members`)).body.includes('with,comma'));
  const unread = await call('GET', `${rtm}/clients/${encodeURIComponent('汤姆'.repeat(20))}/unread-count`);
  assert.deepEqual([unread.status, unread.body], [200, { count: 0 }]);
});
