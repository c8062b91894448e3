// Logins that the application's own server signs, locks against guessing, and passengers who become users.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, describe, test } from 'node:test';
import { SignJWT } from 'jose';
import { makeLoginJwt, makeLoginToken } from '../../src/core/accounts/login-token.ts';
import { accountError, session } from '../kit/accounts.ts';
import { done } from '../kit/rest.ts';
import { authOf, openStory, text } from '../kit/story.ts';

const story = await openStory();
after(() => story.close());
const { world } = story;
const { app, clock } = world;
const minute = 60_000;
const knock = (who: object) => story.knock(authOf(app, who));

describe('signed logins', () => {
  const key = new TextEncoder().encode(app.masterKey);
  const jwt = (claims: object, life = '5m', alg = 'HS256') =>
    new SignJWT({ sub: 'ann', jti: `${Math.random()}`, ...claims })
      .setProtectedHeader({ alg })
      .setExpirationTime(life)
      .sign(key);
  const tokens = {
    good: () => makeLoginToken(app, 'ann', clock.now(), 5 * minute),
    /** As the documents describe it, without our own code. */
    byHand(user = 'ann', expiry = clock.now() + minute, nonce = `nonce-${Math.random()}`.replace('.', ''), by = app) {
      const mac = createHmac('sha256', by.masterKey).update(`${by.id}\n${user}\n${expiry}\n${nonce}`).digest('hex');
      return `${mac},${expiry},${nonce}`;
    },
  };

  test('[ML-416] with `login` signed, a user id needs a token of the master key: HMAC or JWT, short-lived', async () => {
    assert.equal((await knock({ client: 'ann', token: 'ignored' })).login.success, true, 'open: no token is asked for');
    await world.set({ login: 'signed' });
    for (const token of [
      tokens.good(),
      tokens.byHand(),
      await jwt({}),
      await jwt({ aud: app.id }),
      makeLoginJwt(app, 'ann', clock.now(), minute),
    ])
      assert.deepEqual((await knock({ client: 'ann', token })).login, { success: true, id: 'ann' }, token);
    const day = 24 * 60 * minute;
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = `${part({ alg: 'none' })}.${part({ sub: 'ann', exp: clock.now() / 1_000 + 60 })}.`;
    const refused: [string, unknown][] = [
      ['none', undefined],
      ['no text', 7],
      ['another user’s', tokens.byHand('bob')],
      ['another app’s', tokens.byHand('ann', undefined, undefined, world.other)],
      ['by the client key', tokens.byHand('ann', undefined, undefined, { ...app, masterKey: app.clientKey })],
      ['expired', tokens.byHand('ann', clock.now() - 1)],
      ['for a day', tokens.byHand('ann', clock.now() + day)],
      ['JWT of another user', await jwt({ sub: 'bob' })],
      ['JWT for another app', await jwt({ aud: world.other.id })],
      ['JWT for a day', await jwt({}, '1d')],
      ['JWT that has expired', await jwt({}, '-1m')],
      ['JWT not signed', unsigned],
      ['JWT of another algorithm', await jwt({}, '5m', 'HS512')],
      ['JWT without an end', await new SignJWT({ sub: 'ann' }).setProtectedHeader({ alg: 'HS256' }).sign(key)],
    ];
    for (const [what, token] of refused) assert.equal((await knock({ client: 'ann', token })).login.error, 5003, what);
    await world.set({ login: 'open' });
  });

  test('[ML-417] a token serves once: replayed it is 5003, in whatever way it is written', async () => {
    await world.set({ login: 'signed' });
    const [plain, signed] = [tokens.byHand(), await jwt({})];
    for (const token of [plain, signed]) assert.equal((await knock({ client: 'ann', token })).login.success, true);
    const last = signed.at(-1) ?? '';
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const twin = alphabet[alphabet.indexOf(last) ^ 1];
    for (const token of [
      plain,
      signed,
      plain.toUpperCase().replace('NONCE', 'nonce'),
      `${signed}=`,
      signed.slice(0, -1) + twin,
    ])
      assert.equal((await knock({ client: 'ann', token })).login.error, 5003, token);
    const raced = tokens.byHand();
    const racers = await Promise.all([1, 2, 3].map(() => knock({ client: 'ann', token: raced })));
    assert.equal(racers.filter(({ login }) => login.success).length, 1);
    await world.set({ login: 'open' });
  });

  test('[ML-429] over REST such a token opens a session of the user, once', async () => {
    const token = tokens.byHand('own-user');
    const enter = () => world.rest('POST', '/2.0/loginByToken', { client: 'own-user', token });
    const body = done(await enter(), 200);
    assert.deepEqual([body.userId, body.isNew], ['own-user', true]);
    accountError(await enter(), 401, 90_100);
    assert.deepEqual((await knock({ session: body.sessionToken })).login, { success: true, id: 'own-user' });
    const again = await world.rest('POST', '/2.0/loginByToken', {
      client: 'own-user',
      token: tokens.byHand('own-user'),
    });
    assert.deepEqual([done(again).objectId, again.body.isNew], [body.objectId, false]);
    const old = tokens.byHand('own-user', clock.now() - 1);
    accountError(await world.rest('POST', '/2.0/loginByToken', { client: 'own-user', token: old }), 401, 90_101);
  });
});

describe('guessing', () => {
  const login = (username: string, password: string) => world.rest('POST', '/2.0/login', { username, password });

  test('[ML-418] after five wrong passwords an account waits, longer each time; the right one forgives', async () => {
    const { objectId } = done(await world.rest('POST', '/2.0/users', { username: 'victim', password: 'right' }));
    for (let n = 0; n < 5; n++) accountError(await login('victim', 'wrong'), 400, 210);
    done(await login('victim', 'right'), 200);
    for (let n = 0; n < 6; n++) accountError(await login('victim', 'wrong'), 400, 210);
    const locked = await login('victim', 'right');
    accountError(locked, 429, 155);
    assert.ok(Number(locked.headers.get('retry-after')) <= 30);
    assert.equal((await knock({ username: 'victim', password: 'right' })).login.error, 5003, 'on the socket too');
    clock.advance(31_000);
    accountError(await login('victim', 'wrong'), 400, 210);
    clock.advance(31_000);
    accountError(await login('victim', 'right'), 429, 155);
    clock.advance(31_000);
    assert.equal((await knock({ username: 'victim', password: 'right' })).login.id, objectId);
    accountError(await login('victim', 'wrong'), 400, 210);
    done(await login('victim', 'right'), 200);
  });

  test('[ML-419] a hundred guesses at once are not a hundred guesses; an address that keeps failing waits too', async () => {
    done(await world.rest('POST', '/2.0/users', { username: 'prey', password: 'right' }));
    const guesses = Array.from({ length: 40 }, (_, n) => login('prey', n === 39 ? 'right' : `wrong ${n}`));
    const codes = (await Promise.all(guesses)).map(({ body }) => body.code);
    assert.equal(codes.at(-1), 155, 'the right one came after the wrong ones were counted');
    const before = codes.filter((code) => code === 210).length;
    assert.ok(before >= 6, `${before}`);
    let tries = 0;
    while (tries < 100 && (await login(`nobody ${tries}`, 'x')).status === 400) tries += 1;
    assert.ok(tries < 50, `the address was locked after ${tries} more`);
    accountError(await login('anybody', 'x'), 429, 155);
    clock.advance(24 * 60 * 60_000 + 60 * minute);
    done(await login('prey', 'right'), 200);
  });
});

describe('a passenger who registers', () => {
  test('[ML-430] keeps his talk with users, who find it under his new name', async () => {
    const bob = await story.join('bob');
    const guest = await story.joinPassenger({ id: 'guest1' });
    await guest.sayAndWait(text(0, 'bob', 'hello'));
    await bob.sayAndWait(text(3, 'guest1', 'hi'));
    await guest.sayAndWait(text(0, 'bob', 'I am Ann'));
    const unknown = { username: 'ann', password: 'x', passenger: 'nobody' };
    accountError(await world.rest('POST', '/2.0/users', unknown), 404, 101);
    const ann = done(await world.rest('POST', '/2.0/users', { ...unknown, passenger: 'guest1' }), 200);
    await guest.closed;
    const me = ann.objectId;
    const said = [`${me}: hello`, 'bob: hi', `${me}: I am Ann`];
    assert.deepEqual(await story.history(`/ctx/bob/strangers/${me}/chats`), said);
    assert.deepEqual(await story.history(`/ctx/${me}/strangers/bob/chats`), said);
    const client = await knock({ username: 'ann', password: 'x' });
    await bob.sayAndWait(text(4, me, 'welcome'));
    assert.equal((await client.next('message')).content.body, 'welcome');
    assert.deepEqual(await story.history(`/ctx/bob/strangers/${me}/chats`), [...said, 'bob: welcome']);
    assert.equal((await world.rest('GET', '/passengers/guest1')).status, 404);
    assert.equal((await bob.sayAndWait(text(3, 'guest1', 'still there?'))).error, 5004);
    assert.equal((await world.rest('GET', '/2.0/logout', undefined, session(ann.sessionToken))).status, 200);
  });
});
