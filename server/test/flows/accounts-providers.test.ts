// Logging in by a third party: a real OpenID Connect provider, and stand-ins for those that are asked about a token.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, test } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { accountError, session } from '../kit/accounts.ts';
import { openProvider } from '../kit/oidc.ts';
import { done } from '../kit/rest.ts';
import { authOf, openStory } from '../kit/story.ts';

const provider = await openProvider();
const asked = await openAsked();
const own = { kind: 'oidc', issuer: provider.issuer, audience: ['our-app'] } as const;
const gone = { kind: 'oidc', issuer: 'http://127.0.0.1:9', audience: ['our-app'] } as const;
const story = await openStory({
  settings: {
    providers: {
      own,
      strict: { ...own, nonce: true },
      gone,
      wechat: { kind: 'wechat', base: asked.url },
      qq: { kind: 'qq', appId: '100', base: asked.url },
      weibo: { kind: 'weibo', appId: '200', base: asked.url },
    },
  },
});
after(async () => {
  await story.close();
  await provider.close();
  await asked.close();
});
const { world } = story;
const nonce = 'a-nonce-of-the-client';
const knock = (oauth: unknown) => story.knock(authOf(world.app, { oauth }));
const sign = (authData: object, more: object = {}) => world.rest('POST', '/2.0/users', { authData, ...more });

/** What the three providers answer of the tokens `good` and `other`. */
async function openAsked() {
  const server = createServer(async (req, res) => {
    let body = '';
    for await (const chunk of req) body += chunk;
    const { pathname, searchParams } = new URL(req.url ?? '', 'http://x');
    const token = searchParams.get('access_token') ?? new URLSearchParams(body).get('access_token');
    const json = (value: unknown, status = 200) => res.writeHead(status).end(JSON.stringify(value));
    if (token === 'broken') return json({}, 500);
    const ours = token === 'good';
    if (pathname === '/sns/auth') {
      return json(ours && searchParams.get('openid') === 'w1' ? { errcode: 0 } : { errcode: 40003 });
    }
    if (pathname === '/oauth2.0/me') return json({ client_id: ours ? '100' : '999', openid: 'q1' });
    if (pathname === '/oauth2/get_token_info')
      return json({ uid: 42, appkey: ours ? '200' : '999', expire_in: token === 'old' ? -1 : 60 });
    return json({}, 404);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

describe('an OpenID Connect provider', () => {
  test('[ML-414] its id_token makes an account at the first login, and finds it at every other', async () => {
    const token = await provider.idToken('ann');
    const client = await knock({ own: { id_token: token, nonce } });
    assert.equal(client.login.success, true);
    assert.match(client.login.id, /^[0-9a-f]{24}$/);
    const again = await knock({ own: { id: 'ann', id_token: await provider.idToken('ann'), nonce } });
    assert.equal(again.login.id, client.login.id);
    const rest = done(await sign({ own: { id_token: token, nonce } }), 200);
    assert.deepEqual([rest.objectId, rest.isNew, rest.authData], [client.login.id, false, { own: { id: 'ann' } }]);
    const bob = done(await sign({ own: { id_token: await provider.idToken('bob'), nonce } }), 200);
    assert.deepEqual([bob.isNew, bob.objectId === rest.objectId], [true, false]);
    assert.ok(
      provider.keysFetched() <= 2,
      `the keys are remembered, they were fetched ${provider.keysFetched()} times`,
    );
    const racers = await Promise.all(
      Array.from({ length: 5 }, async () => knock({ own: { id_token: await provider.idToken('racer'), nonce } })),
    );
    assert.equal(new Set(racers.map(({ login }) => login.id)).size, 1);
  });

  test('[ML-415] a forged, altered, expired or borrowed id_token is refused: 5003 on the socket, 253 over REST', async () => {
    const token = await provider.idToken('ann');
    const [head, claims, mac] = token.split('.') as [string, string, string];
    const evil = await generateKeyPair('RS256');
    const text = { sub: 'ann', iss: provider.issuer, aud: 'our-app', nonce };
    const forged = (alg: string, key: Parameters<SignJWT['sign']>[0]) =>
      new SignJWT(text).setProtectedHeader({ alg, kid: 'test-key' }).setIssuedAt().setExpirationTime('1h').sign(key);
    const publicKey = JSON.stringify(await exportJWK(evil.publicKey));
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const altered = `${head}.${part({ ...JSON.parse(`${Buffer.from(claims, 'base64url')}`), sub: 'root' })}.${mac}`;
    const proofs: [string, unknown][] = [
      ['signed by another key', { id_token: await forged('RS256', evil.privateKey), nonce }],
      ['signed by a shared secret', { id_token: await forged('HS256', new TextEncoder().encode(publicKey)), nonce }],
      ['not signed', { id_token: `${part({ alg: 'none' })}.${claims}.`, nonce }],
      ['altered', { id_token: altered, nonce }],
      ['made for another app', { id_token: await provider.idToken('ann', { client: 'another-app' }), nonce }],
      ['without the nonce', { id_token: token }],
      ['with another nonce', { id_token: token, nonce: 'x' }],
      ['of somebody else', { id_token: token, nonce, id: 'bob' }],
      ['no token', { id: 'ann', access_token: token }],
      ['no object', 'ann'],
    ];
    for (const [what, own] of proofs) {
      const client = await knock({ own });
      assert.deepEqual([client.login.success, client.login.error], [false, 5003], what);
      accountError(await sign({ own: own as object }), 400, 253);
    }
    assert.equal((await knock({ strict: { id_token: token, nonce } })).login.success, true);
    assert.equal((await knock({ nobody: { id_token: token, nonce } })).login.error, 5003, 'no such provider');
    assert.equal((await knock({})).login.error, 5003);
    assert.equal((await knock([])).login.error, 5001);
    world.clock.advance(2 * 60 * 60_000);
    assert.equal((await knock({ own: { id_token: token, nonce } })).login.error, 5003, 'expired');
    world.clock.advance(-2 * 60 * 60_000);
  });

  test('[ML-426] a provider that cannot be asked is no wrong password: 5002, and the client may come again', async () => {
    const token = await provider.idToken('ann');
    const client = await knock({ gone: { id_token: token, nonce } });
    assert.equal(client.login.error, 5002);
    await client.closed;
    assert.notEqual(client.packets.at(-1)?.slice(0, 7), '41/chat');
    accountError(await sign({ weibo: { access_token: 'broken', uid: '42' } }), 503, 1);
  });
});

describe('providers that are asked', () => {
  test('[ML-427] WeChat, QQ and Weibo say whose token it is; one of another app or user is refused', async () => {
    for (const [name, id] of [
      ['wechat', 'w1'],
      ['qq', 'q1'],
      ['weibo', '42'],
    ] as const) {
      const good = { access_token: 'good', id };
      const client = await knock({ [name]: good });
      assert.equal(client.login.success, true, name);
      assert.equal((await knock({ [name]: good })).login.id, client.login.id);
      for (const wrong of [{ ...good, id: 'x' }, { ...good, access_token: 'other' }, { id }, { access_token: 'good' }])
        assert.equal((await knock({ [name]: wrong })).login.error, 5003, `${name} ${JSON.stringify(wrong)}`);
    }
    assert.equal((await knock({ weibo: { access_token: 'old', uid: 42 } })).login.error, 5003);
  });

  test('[ML-428] a third party can be linked to an account that exists, and to one only', async () => {
    const account = done(await world.rest('POST', '/2.0/users', { username: 'linker', password: 'x' }));
    const authData = { own: { id_token: await provider.idToken('linked'), nonce } };
    const path = `/2.0/users/${account.objectId}`;
    done(await world.rest('PUT', path, { authData }, session(account.sessionToken)), 200);
    assert.equal(
      (await knock({ own: { id_token: await provider.idToken('linked'), nonce } })).login.id,
      account.objectId,
    );
    const other = done(await world.rest('POST', '/2.0/users', { username: 'other', password: 'x' }));
    const twice = await world.rest('PUT', `/2.0/users/${other.objectId}`, { authData }, session(other.sessionToken));
    accountError(twice, 400, 208);
  });
});
