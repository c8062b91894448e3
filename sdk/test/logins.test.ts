// Every way of logging in, through both faces: in, back again after the connection was cut, and turned away.
/// <reference path="../../server/test/kit/oidc-provider.d.ts" />
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { makeLoginJwt, makeLoginToken } from '../../server/src/core/accounts/login-token.ts';
import type { App } from '../../server/src/core/apps/app.ts';
import { openProvider } from '../../server/test/kit/oidc.ts';
import { openSmsServer } from '../../server/test/kit/sms.ts';
import { openWorld } from '../../server/test/kit/world.ts';
import { connect, type Im, type Options } from '../src/index.ts';
import { im as ml } from '../src/ml.ts';
import { pause, until } from './kit/wait.ts';
import { openWeakNetwork } from './kit/weak-network.ts';

type Face = 'connect' | 'ML.im';
type Who = Partial<Options>;
// biome-ignore lint/suspicious/noExplicitAny: each way of logging in proves itself otherwise
type Proof = any;
type Entered = {
  readonly im: Im;
  /** What `login` said, to the callback of ML.im too. */
  readonly logins: { success: boolean; id?: string; error?: number; errorMessage?: string; session?: string }[];
  /** What each connection brought along. */
  readonly proofs: Proof[];
};

const minute = 60_000;
const nonce = 'a-nonce-of-the-client';
const provider = await openProvider();
const sms = await openSmsServer();
const world = await openWorld({
  settings: {
    'sms.webhook': sms.hook,
    providers: { own: { kind: 'oidc', issuer: provider.issuer, audience: ['our-app'] } },
  },
});
const network = await openWeakNetwork(world.url);
/** Its users come with a token that its own server signed. */
const signed = world.other;
await world.core.store.apps.change(signed.id, { overrides: { login: 'signed' } });
world.core.apps.forget(signed.id);
const open: Im[] = [];
after(async () => {
  for (const im of open) im.close();
  await network.close();
  await world.close();
  await sms.close();
  await provider.close();
});

function enter(face: Face, who: Who, app: App): Entered {
  const logins: Entered['logins'] = [];
  const proofs: Proof[] = [];
  class Recorded extends WebSocket {
    constructor(url: string) {
      super(url);
      proofs.push(JSON.parse(new URL(url).searchParams.get('auth') ?? ''));
    }
  }
  const place = { server: network.url, appId: app.id, WebSocket: Recorded, retryMs: [1, 20] as [number, number] };
  const { key = app.clientKey, user, code, ...rest } = who;
  if (face === 'connect') {
    const im = connect({ ...place, ...who, key });
    im.on('login', (login) => logins.push(login));
    open.push(im);
    return { im, logins, proofs };
  }
  // Its clients have one field for codes and passwords.
  const named = { ...(user && { userId: user }), ...(code && { password: code }) };
  const { im } = ml({ ...place, ...rest, ...named, clientId: key }, (login) => logins.push(login));
  open.push(im);
  return { im, logins, proofs };
}

/** In, and after each cut in again as the same, without a login that fails in between. */
async function comesBack(face: Face, who: Who, app = world.app, cuts = 2): Promise<Entered & { id: string }> {
  const entered = enter(face, who, app);
  const { im, logins } = entered;
  const id = await im.ready;
  for (let times = 2; times <= 1 + cuts; times++) {
    network.cut();
    await until(`login ${times}`, () => logins.length === times || im.state === 'refused');
    assert.equal(im.error, undefined, `login ${times}: ${im.error?.message}`);
  }
  assert.deepEqual(
    logins.map((login) => [login.success, login.id]),
    Array(1 + cuts).fill([true, id]),
  );
  assert.equal(im.state, 'online');
  assert.equal(im.id, id);
  assert.ok((await im.users.get(id).catch(() => im.passengers.get(id))) !== undefined, 'the server knows it');
  return { ...entered, id };
}

/** Turned away with 5003, and it does not try again. */
async function turnedAway(face: Face, who: Who, app = world.app): Promise<void> {
  const { im, logins, proofs } = enter(face, who, app);
  await assert.rejects(im.ready, { code: 5003 });
  await staysAway(im);
  assert.equal(logins.length, 1);
  assert.deepEqual({ ...logins[0], errorMessage: '' }, { success: false, error: 5003, errorMessage: '' });
  assert.equal(proofs.length, 1);
}

async function staysAway(im: Im): Promise<void> {
  assert.equal(im.state, 'refused');
  assert.equal(im.error?.code, 5003);
  im.wake();
  // Longer than the longest pause between two tries.
  await pause(60);
  assert.equal(im.state, 'refused');
}

/** The same after a login by a secret: the others were by the session that it gave, and brought nothing else that counts. */
async function comesBackBySession(face: Face, who: Who, cuts = 2): Promise<string> {
  const { id, logins, proofs } = await comesBack(face, who, world.app, cuts);
  const session = logins[0]?.session;
  assert.match(session ?? '', /^[\w-]{32}$/);
  assert.equal(proofs[0].session, undefined);
  for (const { session: shown, phone, username, oauth } of proofs.slice(1))
    assert.deepEqual([shown, phone, username, oauth], [session, undefined, undefined, undefined]);
  return id;
}

let names = 0;
async function register(): Promise<{ username: string; password: string; id: string }> {
  const [username, password] = [`user${++names}`, 'p&a=1 长安'];
  const { status, body, text } = await world.rest('POST', '/2.0/users', { username, password });
  assert.equal(status, 200, text);
  return { username, password, id: body.objectId };
}

let phones = 13_900_000_000;
async function newCode(): Promise<{ phone: string; code: string }> {
  const phone = `${++phones}`;
  const { status, text } = await world.rest('POST', '/2.0/requestLoginSmsCode', { mobilePhone: phone });
  assert.equal(status, 200, text);
  return { phone, code: sms.codeOf(phone) };
}

for (const face of ['connect', 'ML.im'] as const) {
  test(`${face}: by a user id`, async () => {
    const { id, logins } = await comesBack(face, { user: 'ann' });
    assert.equal(id, 'ann');
    assert.equal(logins[0]?.session, undefined);
    await turnedAway(face, { user: 'ann', key: 'forged' });
    await turnedAway(face, { user: 'ann' }, signed);
  });

  test(`${face}: by a user id and a token that the app’s server signs for each connection`, async () => {
    for (const make of [makeLoginToken, makeLoginJwt]) {
      const auth = async () => ({ token: make(signed, 'ann', world.clock.now(), minute) });
      const { id, proofs } = await comesBack(face, { user: 'ann', auth }, signed);
      assert.equal(id, 'ann');
      assert.equal(new Set(proofs.map(({ token }) => token)).size, proofs.length, 'asked anew each time');
    }
  });

  test(`${face}: a token that is forged, another’s, or used`, async () => {
    const of = (by: Pick<App, 'id' | 'masterKey'>, user: string) => makeLoginToken(by, user, world.clock.now(), minute);
    for (const token of [of({ ...signed, masterKey: signed.clientKey }, 'ann'), of(signed, 'bob')])
      await turnedAway(face, { user: 'ann', auth: () => ({ token }) }, signed);
    const token = of(signed, 'ann');
    const { im, logins, proofs } = enter(face, { user: 'ann', auth: () => ({ token }) }, signed);
    await im.ready;
    network.cut();
    await until('it is turned away', () => im.state === 'refused');
    await staysAway(im);
    const last = logins.at(-1);
    assert.deepEqual([logins.length, last?.success, last?.error], [2, false, 5003]);
    assert.equal(proofs.length, 2, 'and no third try');
    await turnedAway(face, { user: 'ann', auth: () => ({ token }) }, signed);
  });

  test(`${face}: by name and password`, async () => {
    const { username, password, id } = await register();
    assert.equal(await comesBackBySession(face, { username, password }), id);
    await turnedAway(face, { username, password: 'wrong' });
    await turnedAway(face, { username: 'nobody', password });
  });

  test(`${face}: by phone and code, which is good once`, async () => {
    const { phone, code } = await newCode();
    assert.match(await comesBackBySession(face, { phone, code }), /^[0-9a-f]{24}$/);
    await turnedAway(face, { phone, code });
    const next = await newCode();
    await turnedAway(face, { ...next, code: next.code === '000000' ? '111111' : '000000' });
  });

  test(`${face}: by phone and code, and back by its session however often it is cut`, async () => {
    await comesBackBySession(face, await newCode(), 3);
  });

  test(`${face}: by a provider`, async () => {
    const prove = async (user: string) => ({ own: { id_token: await provider.idToken(user), nonce } });
    const id = await comesBackBySession(face, { oauth: await prove(`ann of ${face}`) });
    const again = enter(face, { oauth: await prove(`ann of ${face}`) }, world.app);
    assert.equal(await again.im.ready, id);
    const { own } = await prove('bob');
    const [head, claims, mac] = own.id_token.split('.') as [string, string, string];
    const root = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), sub: 'root' };
    const altered = `${head}.${Buffer.from(JSON.stringify(root)).toString('base64url')}.${mac}`;
    await turnedAway(face, { oauth: { own: { id_token: altered, nonce } } });
    await turnedAway(face, { oauth: { own: { ...own, nonce: 'of another login' } } });
    await turnedAway(face, { oauth: { nobody: own } });
  });

  test(`${face}: by the session of a login over REST, until it is logged out`, async () => {
    const { username, password, id } = await register();
    const { sessionToken } = (await world.rest('POST', '/2.0/login', { username, password })).body;
    assert.equal((await comesBack(face, { session: sessionToken })).id, id);
    const out = { bare: true, headers: { 'x-ml-session-token': sessionToken } };
    assert.equal((await world.rest('GET', '/2.0/logout', undefined, out)).status, 200);
    await turnedAway(face, { session: sessionToken });
  });

  test(`${face}: as a passenger, who stays the one that the server named`, async () => {
    const { id, proofs } = await comesBack(face, { passenger: { name: 'guest' } });
    assert.match(id, /^[0-9a-f]{32}$/);
    assert.deepEqual(
      proofs.slice(0, 2).map(({ passenger }) => passenger),
      [{ name: 'guest' }, { name: 'guest', id }],
    );
    const later = enter(face, { passenger: { id } }, world.app);
    assert.equal(await later.im.ready, id);
    await turnedAway(face, { passenger: { id }, key: 'forged' });
  });
}
