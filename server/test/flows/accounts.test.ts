// Accounts by name and password: registering, logging in over REST and on the socket, sessions, new passwords.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { accountError, session } from '../kit/accounts.ts';
import { within } from '../kit/eventually.ts';
import { done, refused } from '../kit/rest.ts';
import { authOf, openStory } from '../kit/story.ts';

const story = await openStory();
after(() => story.close());
const { world } = story;
const { app } = world;

const master = { headers: { 'x-ml-masterkey': app.masterKey } };
const rest = (method: string, path: string, body?: unknown, options?: object) =>
  world.rest(method, path, body, options);
let made = 0;
const register = async (more: object = {}) =>
  done(await rest('POST', '/2.0/users', { username: `user${++made}`, password: 'p&a=1', ...more }), 200);
const login = (username: string, password: string) => rest('POST', '/2.0/login', { username, password });

describe('accounts over REST', () => {
  test('[ML-400] registering answers the account, without the password and with a session token', async () => {
    const wish = { username: 'ann', password: 's3cret', phone: '13800000001', email: 'Ann@Example.com', city: '上海' };
    const body = done(await rest('POST', '/2.0/users', { ...wish, objectId: 'mine', enabled: false }), 200);
    assert.match(body.objectId, /^[0-9a-f]{24}$/);
    assert.match(body.sessionToken, /^[\w-]{32}$/);
    assert.equal(new Date(body.createdAt).toISOString(), body.createdAt);
    assert.ok(Number.isSafeInteger(body.lastLoginTime));
    assert.deepEqual(
      [body.username, body.phone, body.mobilePhone, body.city],
      ['ann', '13800000001', '13800000001', '上海'],
    );
    assert.deepEqual([body.email, body.enabled, body.mobilePhoneVerified], ['ann@example.com', true, false]);
    assert.equal(body.password, undefined);
    assert.equal((await rest('GET', `/ctx/${body.objectId}`)).status, 200, 'the user is there');
  });

  test('[ML-401] what is missing or taken has its number, in all four keys', async () => {
    await register({ username: 'taken', phone: '13800000002', email: 't@example.com' });
    for (const [body, code] of [
      [{ password: 'x' }, 200],
      [{ username: '', password: 'x' }, 200],
      [{ username: 'new' }, 201],
      [{ username: 'taken', password: 'x' }, 202],
      [{ username: 'new', password: 'x', email: 'T@example.com' }, 203],
      [{ username: 'new', password: 'x', phone: '+86 138-0000-0002' }, 240],
      [{ username: 'new', password: 'x', phone: 'abc' }, 127],
      [{ username: 'new', password: 'x', email: 'abc' }, 125],
      [{ username: 5, password: 'x' }, 200],
      [{ username: 'new', password: 'x'.repeat(1_025) }, 107],
      [[], 107],
    ] as const)
      accountError(await rest('POST', '/2.0/users', body), 400, code);
    accountError(await rest('POST', '/2.0/users', undefined, { raw: '{"username"' }), 400, 107);
    accountError(await login('new', 'x'), 400, 211);
  });

  test('[ML-402] logging in by GET or POST answers the account and a session token; else 210 or 211', async () => {
    const { username, objectId } = await register();
    const byPost = done(await login(username, 'p&a=1'), 200);
    const query = new URLSearchParams({ username, password: 'p&a=1' });
    const byGet = done(await rest('GET', `/2.0/login?${query}`), 200);
    assert.deepEqual([byPost.objectId, byGet.objectId], [objectId, objectId]);
    assert.notEqual(byPost.sessionToken, byGet.sessionToken);
    assert.equal(byPost.updatedAt, byGet.updatedAt);
    accountError(await login(username, 'p&a=2'), 400, 210);
    accountError(await login('nobody at all', 'p&a=1'), 400, 211);
    accountError(await rest('GET', '/2.0/login'), 400, 200);
    accountError(await rest('GET', `/2.0/login?username=${username}`), 400, 201);
    const other = await world.rest('POST', '/2.0/login', { username, password: 'p&a=1' }, { as: world.other });
    accountError(other, 400, 211);
  });

  test('[ML-403] a session token is a credential of its app until it is logged out', async () => {
    const { sessionToken, objectId } = await register();
    const mine = session(sessionToken);
    assert.equal((await rest('GET', `/ctx/${objectId}`, undefined, mine)).status, 200);
    const spoilt = { headers: { ...mine.headers, 'x-ml-apikey': 'wrong' } };
    refused(await rest('GET', `/ctx/${objectId}`, undefined, spoilt), 401, 5003);
    refused(await rest('GET', `/ctx/${objectId}`, undefined, { ...mine, as: world.other }), 401, 5003);
    assert.deepEqual(done(await rest('GET', '/2.0/logout', undefined, mine)), { success: true });
    const unknown = await rest('GET', '/ctx/x', undefined, session('x'));
    assert.equal((await rest('GET', `/ctx/${objectId}`, undefined, mine)).text, unknown.text);
    refused(unknown, 401, 5003);
    accountError(await rest('GET', '/2.0/logout', undefined, mine), 401, 90_100);
    accountError(await rest('GET', '/2.0/logout'), 401, 90_100);
  });

  test('[ML-404] a session token expires when the app says so', async () => {
    const { sessionToken } = await register();
    world.clock.advance(365 * 86_400_000 + 1);
    accountError(await rest('GET', '/2.0/logout', undefined, session(sessionToken)), 401, 90_101);
    refused(await rest('GET', '/ctx/x', undefined, session(sessionToken)), 401, 5003);
    await world.set({ sessionDays: 0 });
    const forever = await register();
    world.clock.advance(10 * 365 * 86_400_000);
    assert.equal((await rest('GET', '/2.0/logout', undefined, session(forever.sessionToken))).status, 200);
  });

  test('[ML-405] an account is changed by itself or the master key, listed and removed by the master key', async () => {
    const { objectId, sessionToken, username } = await register({ phone: '13800000003', city: 'A' });
    const [mine, path] = [session(sessionToken), `/2.0/users/${objectId}`];
    const seen = done(await rest('GET', path));
    assert.deepEqual([seen.username, seen.city, seen.phone, seen.sessionToken], [username, 'A', undefined, undefined]);
    assert.equal(done(await rest('GET', path, undefined, mine)).phone, '13800000003');
    assert.equal(done(await rest('GET', path, undefined, master)).phone, '13800000003');
    const stranger = session((await register()).sessionToken);
    for (const who of [{}, stranger]) accountError(await rest('PUT', path, { city: 'B' }, who), 403, 90_000);
    const changed = done(await rest('PUT', path, { city: 'B', sex: 1, objectId: 'x' }, mine), 200);
    assert.equal(changed.number, 1);
    assert.deepEqual([done(await rest('GET', path)).city, done(await rest('GET', path)).sex], ['B', 1]);
    done(await rest('PUT', path, { password: 'by the app' }, master));
    done(await login(username, 'by the app'), 200);
    for (const who of [{}, mine])
      accountError(
        await rest('GET', '/2.0/users', undefined, who),
        who === mine ? 401 : 403,
        who === mine ? 90_100 : 90_000,
      );
    const { results } = done(await rest('GET', '/2.0/users?_limit=100', undefined, master));
    assert.ok(results.some((one: { objectId: string }) => one.objectId === objectId));
    accountError(await rest('DELETE', path), 403, 90_000);
    assert.deepEqual(done(await rest('DELETE', path, undefined, master)), { number: 1 });
    accountError(await rest('GET', path), 404, 211);
    accountError(await login(username, 'by the app'), 400, 211);
  });

  test('[ML-423] no credential is 401, a wrong key 90102, an unknown path 5009', async () => {
    accountError(await rest('GET', '/2.0/users', undefined, { bare: true }), 401, 401);
    accountError(
      await rest('GET', '/2.0/users', undefined, { headers: { 'x-ml-request-sign': 'wrong' } }),
      401,
      90_102,
    );
    refused(await rest('GET', '/2.0/nothing'), 404, 5009);
  });
});

describe('accounts on the socket', () => {
  const knock = (who: object) => story.knock(authOf(app, who));

  test('[ML-97] a name and its password let in as the account’s user; a wrong one is 5003 and the end', async () => {
    const { username, objectId } = await register();
    const client = await knock({ username, password: 'p&a=1', install: 'phone-9' });
    assert.deepEqual(client.login, { success: true, id: objectId });
    assert.deepEqual((await rest('GET', `/ctx/${objectId}`)).body.installs, ['phone-9']);
    for (const [who, error] of [
      [{ username, password: 'wrong' }, 5003],
      [{ username: 'nobody', password: 'p&a=1' }, 5003],
      [{ username, password: 'wrong', client: 'by-the-back-door' }, 5003],
      [{ username }, 5001],
      [{ username: 5, password: 'x' }, 5001],
    ] as const) {
      const turned = await knock(who);
      assert.deepEqual([turned.login.success, turned.login.error], [false, error], JSON.stringify(who));
      await within('closed', turned.closed);
      assert.equal(turned.packets.at(-1)?.slice(0, 7), '41/chat');
    }
    assert.equal((await rest('GET', '/ctx/by-the-back-door')).status, 404);
  });

  test('[ML-431] who knows the extensions is given a session for his secret, and gets in by it again', async () => {
    const { username, objectId } = await register();
    const { login } = await knock({ username, password: 'p&a=1', ext: 1 });
    assert.match(login.session, /^[\w-]{32}$/);
    const again = await knock({ session: login.session, ext: 1 });
    assert.deepEqual([again.login.success, again.login.id, again.login.session], [true, objectId, undefined]);
    assert.equal((await knock({ client: 'plain', ext: 1 })).login.session, undefined);
  });

  test('[ML-420] a session token lets in on the socket, and no more once it is revoked', async () => {
    const { sessionToken, objectId } = await register();
    assert.deepEqual((await knock({ session: sessionToken })).login, { success: true, id: objectId });
    done(await rest('GET', '/2.0/logout', undefined, session(sessionToken)));
    assert.equal((await knock({ session: sessionToken })).login.error, 5003);
    assert.equal((await knock({ session: 7 })).login.error, 5001);
  });

  test('[ML-406] a new password by the old one ends every session, and the connections that live', async () => {
    const { username, sessionToken, objectId } = await register();
    const client = await knock({ username, password: 'p&a=1' });
    const update = (password: string, newPassword?: string) =>
      rest('POST', '/2.0/updatePassword', { password, newPassword }, session(sessionToken));
    accountError(await update('wrong', 'next'), 400, 210);
    accountError(await update('p&a=1'), 400, 201);
    assert.equal(done(await update('p&a=1', 'next')).number, 1);
    await within('the connection ends', client.closed);
    assert.equal(client.packets.at(-1)?.slice(0, 7), '41/chat', 'it shall not come back by itself');
    accountError(await update('next', 'again'), 401, 90_100);
    assert.equal((await knock({ username, password: 'p&a=1' })).login.error, 5003);
    assert.equal((await knock({ username, password: 'next' })).login.id, objectId);
  });

  test('[ML-407] a reset token, for the master key alone, sets one new password within the hour', async () => {
    const { username, sessionToken } = await register();
    const ask = (options?: object) => rest('POST', '/2.0/requestPasswordReset', { username }, options);
    accountError(await ask(), 403, 90_000);
    accountError(await rest('POST', '/2.0/requestPasswordReset', { username: 'nobody' }, master), 404, 211);
    const { token } = done(await ask(master));
    const reset = (password?: string, by = token) => rest('POST', '/2.0/resetPassword', { token: by, password });
    accountError(await reset(), 400, 201);
    accountError(await reset('next', 'made up'), 401, 90_100);
    done(await reset('next'), 200);
    accountError(await reset('again'), 401, 90_100);
    accountError(await rest('GET', '/2.0/logout', undefined, session(sessionToken)), 401, 90_100);
    done(await login(username, 'next'), 200);
    const late = done(await ask(master)).token;
    world.clock.advance(60 * 60_000);
    accountError(await reset('late', late), 401, 90_101);
  });

  test('[ML-421] whom the app has disabled gets in by no way', async () => {
    const { username, sessionToken, objectId } = await register();
    await world.core.store.users.mark(app.no, objectId, { disabled: true });
    accountError(await login(username, 'p&a=1'), 403, 90_000);
    refused(await rest('GET', '/ctx/x', undefined, session(sessionToken)), 401, 5003);
    for (const who of [{ username, password: 'p&a=1' }, { session: sessionToken }, { client: objectId }])
      assert.equal((await knock(who)).login.error, 5003, JSON.stringify(who));
  });
});
