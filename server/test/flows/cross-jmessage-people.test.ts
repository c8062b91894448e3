// What server code does over the JMessage door counts for people at the MaxLeap door, and the other way round.
import assert from 'node:assert/strict';
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
