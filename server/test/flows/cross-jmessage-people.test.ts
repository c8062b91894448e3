// What server code does over the JMessage door counts for people at the MaxLeap door, and the other way round.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';
import { eventually, within } from '../kit/eventually.ts';
import { jm, register } from '../kit/jmessage.ts';
import { done } from '../kit/rest.ts';
import { authOf, openStory, text } from '../kit/story.ts';

const story = await openStory();
after(() => story.close());
const { world } = story;

const fine = async (method: string, path: string, body?: unknown) => {
  const answer = await jm(world, method, path, body);
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.body;
};
const byPassword = (username: string, password: string) => story.knock(authOf(world.app, { username, password }));

test('[JM-215] a registered user logs in with his password at the other door', async () => {
  await register(world, 'lena');
  const right = await byPassword('lena', 'pw-lena');
  assert.deepEqual(right.login, { success: true, id: 'lena' });
  assert.equal((await byPassword('lena', 'wrong')).login.success, false);
  const kept = await world.core.store.accounts.byUser(world.app.no, 'lena');
  assert.match((await world.core.store.accounts.passwordOf(world.app.no, kept?.id ?? '')) ?? '', /argon2id/);
});

test('[JM-225] a live connection is online, a device that has not logged out is logged in', async () => {
  await register(world, 'olga');
  const state = () => fine('GET', '/v1/users/olga/userstat');
  assert.deepEqual(await state(), { login: false, online: false });
  const client = await story.join('olga', { install: 'phone-1' });
  assert.deepEqual(await state(), { login: true, online: true });
  const device = { login: true, online: true, platform: 'j' };
  assert.deepEqual(await fine('POST', '/v1/users/userstat', ['olga']), [{ username: 'olga', devices: [device] }]);
  await client.close();
  await story.gone('olga');
  assert.deepEqual(await state(), { login: true, online: false });
  const pad = { install: 'pad-1', platform: 'ios', token: 'ab'.repeat(32), language: null, appVersion: null };
  await world.core.store.installs.register(world.app.no, 'olga', pad, world.clock.now());
  const [{ devices }] = await fine('POST', '/v1/users/userstat', ['olga']);
  const platforms = devices.map(({ platform, online }: Record<string, unknown>) => `${platform} ${online}`);
  assert.deepEqual(platforms.toSorted(), ['i false', 'j false']);
  done(await world.rest('DELETE', '/ctx/olga/installs', { installs: ['phone-1', 'pad-1'] }));
  assert.deepEqual(await state(), { login: false, online: false });
});

test('[JM-220] friends are friends at both doors', async () => {
  await register(world, 'fred', 'gina');
  await fine('POST', '/v1/users/fred/friends', ['gina']);
  const [fred, gina] = [await story.join('fred'), await story.join('gina')];
  fred.say(text(0, 'gina', 'as friends'));
  assert.equal((await gina.next('message')).content.body, 'as friends');
  await story.befriend('hugo', 'gina');
  const friends = await fine('GET', '/v1/users/gina/friends');
  assert.deepEqual(
    friends.map(({ username }: { username: string }) => username),
    ['fred', 'hugo'],
  );
  await fine('DELETE', '/v1/users/fred/friends', ['gina']);
  assert.equal((await fred.sayAndWait(text(0, 'gina', 'no friends'))).error, 5003);
});

test('[JM-219] the blacklist and the switch of a user count at the other door, at once', async () => {
  await register(world, 'ivan', 'jana');
  await fine('POST', '/v1/users/ivan/friends', ['jana']);
  const [ivan, jana] = [await story.join('ivan'), await story.join('jana')];
  assert.equal((await ivan.sayAndWait(text(0, 'jana', 'first'))).error, undefined);
  await fine('PUT', '/v1/users/jana/blacklist', ['ivan']);
  assert.equal((await ivan.sayAndWait(text(0, 'jana', 'second'))).error, 5003);
  await fine('DELETE', '/v1/users/jana/blacklist', ['ivan']);
  assert.equal((await ivan.sayAndWait(text(0, 'jana', 'third'))).error, undefined);
  const heard = await jana.count('message', 2);
  assert.deepEqual(
    heard.map(({ content }) => content.body),
    ['first', 'third'],
  );
});

test('[JM-226] who is switched off, deleted or given a new password loses his connections', async () => {
  await register(world, 'kate', 'lars', 'mona');
  const clients = { kate: await story.join('kate'), lars: await story.join('lars'), mona: await story.join('mona') };
  await fine('PUT', '/v1/users/kate/forbidden?disable=True');
  await fine('DELETE', '/v1/users/lars');
  await fine('PUT', '/v1/users/mona/password', { new_password: 'pw-other' });
  for (const [name, { closed }] of Object.entries(clients)) await within(`${name} is sent away`, closed);
  assert.equal((await byPassword('kate', 'pw-kate')).login.success, false);
  assert.equal((await story.knock(authOf(world.app, { client: 'kate' }))).login.success, false);
  await fine('PUT', '/v1/users/kate/forbidden?disable=false');
  assert.equal((await byPassword('kate', 'pw-kate')).login.success, true);
  assert.equal((await byPassword('lars', 'pw-lars')).login.success, false);
  assert.equal((await byPassword('mona', 'pw-mona')).login.success, false);
  assert.equal((await byPassword('mona', 'pw-other')).login.success, true);
  await eventually('mona is online', async () => (await fine('GET', '/v1/users/mona/userstat')).online);
});

test('[JM-224] the other path of the switch', async () => {
  await register(world, 'nora');
  await fine('PUT', '/v1/users/nora/nodisturb?disable=true', {});
  assert.equal((await byPassword('nora', 'pw-nora')).login.success, false);
  await fine('PUT', '/v1/users/nora/nodisturb/?disable=false', {});
  assert.equal((await byPassword('nora', 'pw-nora')).login.success, true);
});

test('[JM-315] where users may not register themselves, only the application’s own server does it, at any door', async () => {
  const { app } = world;
  const signUp = (door: 'ml' | 'lc', username: string, key: string) => {
    const path = door === 'ml' ? '/2.0/users' : '/1.1/users';
    const headers: Record<string, string> =
      door === 'ml' ? { 'x-ml-appid': app.id, 'x-ml-apikey': key } : { 'x-lc-id': app.id, 'x-lc-key': key };
    const body = JSON.stringify({ username, password: 'pw-1234' });
    return fetch(world.url + path, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
    });
  };
  assert.equal((await signUp('ml', 'early', app.clientKey)).ok, true);
  await fine('PUT', '/v1/sdkregister/status?status=0');
  assert.equal((await signUp('ml', 'ml1', app.clientKey)).status, 403);
  assert.equal((await signUp('lc', 'lc1', app.clientKey)).status, 403);
  assert.equal((await signUp('lc', 'lc2', `${app.masterKey},master`)).ok, true);
  await register(world, 'jm1');
  assert.equal((await byPassword('early', 'pw-1234')).login.success, true, 'who is registered logs in');
  await fine('PUT', '/v1/sdkregister/status?status=1');
  assert.equal((await signUp('lc', 'lc1', app.clientKey)).ok, true);
});

test('[JM-316] what server code hands to JMessage’s pages opens the gateway, and a password’s MD5 is enough', async () => {
  await register(world, 'paul');
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  const { id: appkey, masterKey } = world.app;
  const mint = (timestamp: string, key = masterKey) => {
    const random_str = '022cd9fd995849b58b3ef0e9';
    const words = `appkey=${appkey}&timestamp=${timestamp}&random_str=${random_str}&key=${key}`;
    return { appkey, random_str, timestamp, signature: md5(words) };
  };
  const now = () => String(world.clock.now());
  const paul = { username: 'paul', password: md5('pw-paul'), is_md5: true };
  assert.deepEqual((await story.knock({ ...mint(now()), ...paul })).login, { success: true, id: 'paul' });
  const plain = { username: 'paul', password: 'pw-paul' };
  assert.equal((await story.knock({ ...mint(now()), ...plain })).login.success, true);
  for (const wrong of [
    { ...mint(now()), ...plain, is_md5: true },
    { ...mint(now()), ...paul, password: md5('pw-other') },
    { ...mint(now(), 'another key'), ...paul },
    { ...mint(String(world.clock.now() - 601_000)), ...paul },
    { ...mint(now()), ...paul, appkey: world.other.id },
  ])
    assert.equal((await story.knock(wrong)).login.success, false);
});
