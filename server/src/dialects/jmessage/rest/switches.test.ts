// No-disturb, shields, sensitive words, and the switches of an app.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { jm, refusedJm, register } from '../../../../test/kit/jmessage.ts';
import { done } from '../../../../test/kit/rest.ts';
import { openWorld, type World } from '../../../../test/kit/world.ts';
import { conversationSubject, everything } from '../../../core/subjects.ts';

let world: World;
/** Two groups that tom owns; annie is in the first. */
let gids: [number, number];
before(async () => {
  world = await openWorld();
  await register(world, 'tom', 'annie', 'eddie', 'mary');
  gids = [await group('annie'), await group()];
});
after(() => world.close());

async function group(...members: string[]): Promise<number> {
  const id = done(await world.rest('POST', '/groups', { owner: 'tom', members }));
  return (await world.core.store.conversations.open(world.app.no, id))?.no as number;
}

const quiet = (body: unknown, who = 'annie') => jm(world, 'POST', `/v1/users/${who}/nodisturb`, body);
const shield = (body: unknown, who = 'annie') => jm(world, 'POST', `/v1/users/${who}/groupsShield`, body);
const quiets = () => world.core.store.quiets.of(world.app.no, 'annie');

test('[JM-102] no-disturb', async () => {
  const [gid, foreign] = gids;
  assert.equal((await quiet({ global: 0 })).status, 204);
  assert.equal((await quiet({ single: { add: ['eddie'] } })).status, 204);
  refusedJm(await quiet({ single: { add: ['eddie'] } }), 403, 899043);
  refusedJm(await quiet({ single: { remove: ['tom'] } }), 403, 899044);
  refusedJm(await quiet({ group: { add: [99999999] } }), 403, 899045);
  refusedJm(await quiet({ group: { add: [foreign] } }), 403, 899046);
  assert.equal((await quiet({ group: { add: [`${gid}`], remove: [] } })).status, 204);
  refusedJm(await quiet({ group: { add: [gid] } }), 403, 899047);
  assert.deepEqual(await quiets(), ['eddie', conversationSubject(gid)]);
  assert.equal((await quiet({ group: { remove: [gid] } })).status, 204);
  refusedJm(await quiet({ group: { remove: [gid] } }), 403, 899049);
  for (const global of [1, '1', true, 1]) assert.equal((await quiet({ global })).status, 204);
  assert.ok((await quiets()).includes(everything));
  for (const global of [0, false]) assert.equal((await quiet({ global })).status, 204);
  assert.deepEqual(await quiets(), ['eddie']);
  refusedJm(await quiet({ single: { add: ['nobody'] } }), 403, 899002);
  refusedJm(await quiet({ global: 1 }, 'nobody'), 403, 899002);
  const wrong = [
    {},
    [],
    'x',
    { single: [] },
    { single: {} },
    { global: 2 },
    { global: null },
    { group: { add: ['x'] } },
  ];
  for (const body of wrong) refusedJm(await quiet(body), 400, 899003);
});

test('[JM-221] a request is carried out as a whole or not at all', async () => {
  const [gid] = gids;
  const before = await quiets();
  const half = { single: { add: ['tom'], remove: ['eddie'] }, group: { remove: [gid] }, global: 1 };
  refusedJm(await quiet(half), 403, 899049);
  assert.deepEqual(await quiets(), before);
  assert.equal((await quiet({ ...half, group: { add: [gid] } })).status, 204);
  assert.deepEqual(new Set(await quiets()), new Set(['tom', conversationSubject(gid), everything]));
  assert.equal((await quiet({ single: { remove: ['tom'] }, group: { remove: [gid] }, global: 0 })).status, 204);
  const all = await Promise.all([1, 0, 1, 1, 0].map((global) => quiet({ global })));
  for (const { status } of all) assert.equal(status, 204);
});

test('[JM-103] shields', async () => {
  const [gid, foreign] = gids;
  assert.equal((await shield({ add: [gid] })).status, 204);
  refusedJm(await shield({ add: [gid] }), 403, 899052);
  refusedJm(await shield({ add: [99999999] }), 403, 899051);
  refusedJm(await shield({ add: [foreign] }), 403, 899046);
  refusedJm(await shield({ add: [foreign], remove: [gid] }), 403, 899046);
  const [annie] = await world.core.store.conversations.among(world.app.no, gid, ['annie']);
  assert.equal(annie?.shield, true);
  assert.equal((await shield({ remove: [String(gid)] })).status, 204);
  refusedJm(await shield({ remove: [gid] }), 403, 899053);
  for (const body of [{}, { add: [] }, [], 'x', { add: gid }, { add: ['x'] }, { add: [-1] }])
    refusedJm(await shield(body), 400, 899003);
  refusedJm(await shield({ add: [gid] }, 'nobody'), 403, 899002);
});

const url = '/v1/sensitiveword';
const words = async (query = '') => (await jm(world, 'GET', `${url}${query}`)).body;
const said = async () => (await words()).words.map(({ name }: { name: string }) => name);
const fine = async (method: string, body: unknown) => {
  const answer = await jm(world, method, `${url}/`, body);
  assert.deepEqual([answer.status, answer.text], [204, '']);
};

test('[JM-110] words', async () => {
  await fine('POST', ['spam', '发票']);
  await fine('POST', ['spam']);
  await fine('POST', [' scam ', 'scam']);
  assert.deepEqual(await said(), ['spam', '发票', 'scam']);
  await fine('PUT', { old_word: 'absent', new_word: 'never' });
  await fine('PUT', { old_word: 'spam', new_word: 'junk' });
  assert.deepEqual(await said(), ['junk', '发票', 'scam']);
  await fine('PUT', { old_word: 'junk', new_word: 'scam' });
  await fine('DELETE', { word: '发票' });
  await fine('DELETE', { word: '发票' });
  await fine('DELETE', ['scam', 'absent']);
  assert.deepEqual(await words(), { start: 0, count: 0, total: 0, words: [] });
  for (const body of [['x'.repeat(11)], ['汤'.repeat(11)], [''], ['  '], [], {}, 'spam', [7], [['spam']]])
    refusedJm(await jm(world, 'POST', url, body), 400, 899003);
  for (const body of [{}, { old_word: 'a' }, { old_word: 'a', new_word: 'x'.repeat(11) }, [], 'x'])
    refusedJm(await jm(world, 'PUT', url, body), 400, 899003);
  for (const body of [{}, [], 'x', { word: '' }, undefined])
    refusedJm(await jm(world, 'DELETE', url, body), 400, 899003);
});

test('[JM-110] [JM-222] a hundred words, added by many at once', async () => {
  const all = Array.from({ length: 100 }, (_, n) => `w${n}`);
  const pieces = Array.from({ length: 10 }, (_, n) => all.slice(n * 10, n * 10 + 10));
  await Promise.all(pieces.map((piece) => fine('POST', piece)));
  assert.deepEqual(new Set(await said()), new Set(all));
  refusedJm(await jm(world, 'POST', url, ['one more']), 400, 899003);
  await fine('POST', ['w0']);
  const page = await words('/?start=98&count=2000');
  assert.deepEqual([page.start, page.count, page.total], [98, 2, 100]);
  assert.match(page.words[0].itime, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  refusedJm(await jm(world, 'GET', `${url}?count=2001`), 400, 899003);
  const matcher = await world.core.words.of(world.app.no);
  assert.ok(matcher.hits('say w42'));
  await fine('DELETE', all);
  assert.ok(!(await world.core.words.of(world.app.no)).hits('say w42'));
});

test('[JM-111] [JM-223] switches are set in the query and in the body', async () => {
  for (const path of [`${url}/status`, '/v1/sdkregister/status']) {
    const status = async () => (await jm(world, 'GET', path)).body;
    assert.deepEqual(await status(), { status: 1 });
    assert.equal((await jm(world, 'PUT', `${path}?status=0`)).status, 204);
    assert.deepEqual(await status(), { status: 0 });
    assert.equal((await jm(world, 'PUT', `${path}/`, { status: 1 })).status, 204);
    assert.deepEqual(await status(), { status: 1 });
    assert.equal((await jm(world, 'PUT', `${path}?status=0`, {})).status, 204);
    assert.deepEqual(await status(), { status: 0 });
    for (const body of [{}, { status: 2 }, [], undefined]) refusedJm(await jm(world, 'PUT', path, body), 400, 899003);
    refusedJm(await jm(world, 'PUT', `${path}?status=x`), 400, 899003);
    await register(world, `u${path.length}`);
    assert.equal((await jm(world, 'PUT', `${path}?status=1`)).status, 204);
  }
});

const rateHeaders = ['x-rate-limit-limit', 'x-rate-limit-remaining', 'x-rate-limit-reset', 'x-rate-limit-quota'];

test('[JM-119] the limit of a minute', async () => {
  const free = await jm(world, 'GET', '/v1/users/tom');
  for (const name of rateHeaders) assert.equal(free.headers.get(name), null);
  await world.set({ 'jmessage.ratePerMinute': 2 });
  const answers = [];
  const calls = [
    ['GET', '/v1/users/tom'],
    ['GET', '/v1/nothing'],
    ['PUT', '/v1/users/tom'],
  ] as const;
  for (const [method, path] of calls) {
    answers.push(await jm(world, method, path, method === 'PUT' ? { nickname: 'never' } : undefined));
  }
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 404, 429],
  );
  refusedJm(answers[2] as (typeof answers)[0], 429, 2002);
  for (const [n, { headers }] of answers.entries()) {
    const [limit, remaining, reset, quota] = rateHeaders.map((name) => headers.get(name) ?? '');
    assert.deepEqual([limit, remaining, quota], ['2', String(Math.max(0, 1 - n)), '2']);
    assert.match(reset ?? '', /^\d+$/);
    assert.ok(Number(reset) <= 60);
  }
  assert.equal((await jm(world, 'GET', '/v1/users', undefined, { as: world.other })).status, 200, 'each app its own');
  world.clock.advance(61_000);
  const next = await jm(world, 'GET', '/v1/users/tom');
  assert.deepEqual([next.status, 'nickname' in next.body], [200, false]);
  await world.set({ 'jmessage.ratePerMinute': 0 });
});
