import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { done, refused } from '../../../../test/kit/rest.ts';
import { openWorld, signOf, type World } from '../../../../test/kit/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
  done(await world.rest('POST', '/ctx/ann/friends/bob'));
});
after(() => world.close());

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** GET /ctx/ann with exactly these headers. */
async function ask(headers: Record<string, string>) {
  const answer = await fetch(`${world.url}/ctx/ann`, { headers });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: JSON.parse(text) };
}

const signed = (sign: string) => ask({ 'X-ML-AppId': world.app.id, 'X-ML-Request-Sign': sign });

test('[ML-1] [ML-4] a sign with the client key opens the door, in upper case too', async () => {
  done(await signed(signOf(world.app.clientKey)), 200);
  const [digest, ts] = signOf(world.app.clientKey).split(',') as [string, string];
  done(await signed(`${digest.toUpperCase()},${ts}`), 200);
  done(await signed(` ${digest},${ts} `), 200);
});

test('[ML-2] [ML-3] a sign made in another order, or with another time, is refused', async () => {
  refused(await signed(`${md5(`${world.app.clientKey}1700000000000`)},1700000000000`), 401, 5003);
  refused(await signed(`${md5(`1700000000000${world.app.clientKey}`)},1700000000001`), 401, 5003);
});

test('[ML-5] [ML-6] [ML-7] keys by themselves, the master key, a sign made with it', async () => {
  const { id, clientKey, masterKey } = world.app;
  done(await ask({ 'x-ml-appid': id, 'x-ml-apikey': clientKey }), 200);
  done(await ask({ 'X-ML-APPID': id, 'X-ML-MASTERKEY': masterKey }), 200);
  done(await signed(signOf(masterKey)), 200);
  done(await signed(clientKey), 200);
  done(await signed(masterKey), 200);
  refused(await ask({ 'x-ml-appid': id, 'x-ml-masterkey': clientKey }), 401, 5003);
});

test('[ML-8] no app, an unknown app, no credential: one and the same answer', async () => {
  const sign = signOf(world.app.clientKey);
  const answers = [
    await ask({ 'X-ML-Request-Sign': sign }),
    await ask({ 'X-ML-AppId': 'f'.repeat(24), 'X-ML-Request-Sign': sign }),
    await ask({ 'X-ML-AppId': world.app.id }),
    await ask({ 'X-ML-AppId': world.app.id, 'X-ML-Session-Token': 'token' }),
    await signed('nonsense,1'),
  ];
  for (const answer of answers) {
    refused(answer, 401, 5003);
    assert.equal(answer.text, answers[0]?.text);
  }
});

test('[ML-247] of several credentials the strongest decides, and a weaker one does not help it', async () => {
  const { id, clientKey, masterKey } = world.app;
  const sign = signOf(clientKey);
  refused(
    await ask({ 'X-ML-AppId': id, 'X-ML-MasterKey': 'wrong', 'X-ML-APIKey': clientKey, 'X-ML-Request-Sign': sign }),
    401,
    5003,
  );
  refused(await ask({ 'X-ML-AppId': id, 'X-ML-APIKey': 'wrong', 'X-ML-Request-Sign': sign }), 401, 5003);
  done(
    await ask({ 'X-ML-AppId': id, 'X-ML-MasterKey': masterKey, 'X-ML-APIKey': 'wrong', 'X-ML-Request-Sign': 'wrong' }),
    200,
  );
  done(await ask({ 'X-ML-AppId': id, 'X-ML-Request-Sign': sign, 'X-ML-Session-Token': 'wrong' }), 200);
});

test('[ML-9] a key of one app does not open another', async () => {
  refused(await ask({ 'X-ML-AppId': world.app.id, 'X-ML-Request-Sign': signOf(world.other.clientKey) }), 401, 5003);
  refused(await ask({ 'X-ML-AppId': world.app.id, 'X-ML-MasterKey': world.other.masterKey }), 401, 5003);
});

test('[ML-10] a sign does not expire', async () => {
  done(await signed(signOf(world.app.clientKey, Date.now() - 2 * 365 * 86_400_000)), 200);
});

test('[ML-11] credentials come before the body, the target and the size', async () => {
  const headers = { 'x-ml-request-sign': 'wrong' };
  refused(await world.rest('POST', '/groups', undefined, { raw: '{"owner":', headers }), 401, 5003);
  refused(await world.rest('GET', '/groups/none', undefined, { headers }), 401, 5003);
  refused(await world.rest('GET', '/ctx/a.b', undefined, { headers }), 401, 5003);
});

test('[ML-248] an app may reserve groups of endpoints for its master key', async () => {
  await world.set({ 'maxleap.requireMasterKey': ['system', 'destroy', 'search', 'attachment'] });
  try {
    const group = done(await world.rest('POST', '/groups', { owner: 'ann' }));
    const message = { content: { media: 0, body: 'x' } };
    refused(await world.rest('POST', '/system', message), 403, 5003);
    refused(await world.rest('POST', '/system/ann', message), 403, 5003);
    for (const path of ['/ctx', '/groups', '/rooms']) refused(await world.rest('GET', path), 403, 5003);
    refused(await world.rest('DELETE', `/groups/${group}`), 403, 5003);
    refused(await world.rest('DELETE', `/groups/${group}/chats`), 403, 5003);
    done(await world.rest('DELETE', `/groups/${group}/chats?you=ann`), 204);
    refused(await world.rest('DELETE', '/rooms/none'), 403, 5003);
    refused(await world.rest('POST', '/attachment', {}), 403, 5003);
    const headers = { 'x-ml-masterkey': world.app.masterKey };
    done(await world.rest('POST', '/system', message, { headers }), 202);
    done(await world.rest('GET', '/ctx', undefined, { headers }), 200);
    done(await world.rest('DELETE', `/groups/${group}`, undefined, { headers }), 204);
  } finally {
    await world.set({ 'maxleap.requireMasterKey': [] });
  }
});
