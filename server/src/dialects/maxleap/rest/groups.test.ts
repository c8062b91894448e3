import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { days, done, inGroup, refused, talk } from '../../../../test/kit/rest.ts';
import { openWorld, type World } from '../../../../test/kit/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
  for (const id of ['a', 'b', 'c', 'd']) done(await world.rest('POST', `/ctx/${id}/attributes`, {}));
});
after(() => world.close());

const create = async (body: object): Promise<string> => done(await world.rest('POST', '/groups', body), 200);
const get = async (id: string) => done(await world.rest('GET', `/groups/${id}`));
const missing = '0'.repeat(32);

test('[ML-55] a new group answers its id as a JSON string', async () => {
  const answer = await world.rest('POST', '/groups', { owner: 'a', members: ['b'] });
  assert.match(answer.text, /^"[0-9a-f]{32}"$/);
  const { ts, ...group } = await get(answer.body);
  assert.deepEqual(group, { id: answer.body, owner: 'a', members: ['b'], attributes: {} });
  assert.ok(Math.abs(ts - Date.now()) < 60_000);
  // Members are shown as they were put in: the owner only when he is listed.
  assert.deepEqual((await get(await create({ owner: 'a', members: ['b', 'a', 'b'] }))).members, ['b', 'a']);
  assert.deepEqual((await get(await create({ owner: 'a' }))).members, []);
  assert.deepEqual((await get(await create({ owner: 'new1', members: ['new2'] }))).members, ['new2']);
  done(await world.rest('GET', '/ctx/new2'));
});

test('[ML-56] [ML-57] an owner is a must, a name becomes an attribute', async () => {
  for (const body of [{}, { members: ['a'] }, { owner: 1 }, { owner: null }, { owner: ['a'] }]) {
    refused(await world.rest('POST', '/groups', body), 400, 5001);
  }
  refused(await world.rest('POST', '/groups'), 400, 5001);
  refused(await world.rest('POST', '/groups', { owner: 'a', members: 'b' }), 400, 5001);
  refused(await world.rest('POST', '/groups', { owner: 'a', members: ['b', 1] }), 400, 5001);
  refused(await world.rest('POST', '/groups', { owner: 'a', name: 1 }), 400, 5001);
  assert.deepEqual((await get(await create({ owner: 'a', name: 'N' }))).attributes, { name: 'N' });
  const group = await get(await create({ owner: 'a', attributes: { x: 1, name: 'inner' } }));
  assert.deepEqual([group.attributes, group.name], [{ x: 1, name: 'inner' }, 'inner']);
});

test('[ML-58] a missing group is not found; POST with no body is GET', async () => {
  refused(await world.rest('GET', `/groups/${missing}`), 404, 5004);
  refused(await world.rest('POST', `/groups/${missing}`), 404, 5004);
  refused(await world.rest('PUT', `/groups/${missing}`, { owner: 'a' }), 404, 5004);
  refused(await world.rest('DELETE', `/groups/${missing}`), 404, 5004);
  refused(await world.rest('GET', `/groups/${missing}/chats`), 404, 5004);
  refused(await world.rest('POST', `/groups/${missing}/members`, { members: ['a'] }), 404, 5004);
  const group = await create({ owner: 'a' });
  assert.equal((await world.rest('POST', `/groups/${group}`)).text, (await world.rest('GET', `/groups/${group}`)).text);
  refused(await world.rest('GET', `/rooms/${group}`), 404, 5004);
});

test('[ML-59] a group is listed for its owner and its members, with what was said last', async () => {
  const group = await create({ owner: 'o59', members: ['m59'] });
  for (const who of ['o59', 'm59']) {
    assert.deepEqual(done(await world.rest('GET', `/ctx/${who}/groups`)), [group]);
    assert.deepEqual(done(await world.rest('GET', `/ctx/${who}`)).groups, [group]);
    assert.deepEqual(done(await world.rest('GET', `/ctx/${who}/groups?detail`)), [await get(group)]);
  }
  const [said] = await talk(world, 'm59', inGroup(group), 'hello');
  const [mine] = done(await world.rest('GET', '/ctx/o59/groups?detail'));
  assert.deepEqual(mine.recent, { speaker: 'm59', content: { media: 0, body: 'hello' }, ts: said?.ts });
});

test('[ML-61] a new owner must exist, and the former one stays as a member', async () => {
  const group = await create({ owner: 'a', members: ['b'] });
  refused(await world.rest('PUT', `/groups/${group}`, { owner: 'ghost' }), 404, 5004);
  assert.equal((await get(group)).owner, 'a');
  assert.deepEqual(done(await world.rest('PUT', `/groups/${group}`, { owner: 'b' }), 201), {});
  const { owner, members } = await get(group);
  assert.deepEqual([owner, members.includes('a')], ['b', true]);
  done(await world.rest('DELETE', `/groups/${group}/members/a`), 204);
  refused(await world.rest('DELETE', `/groups/${group}/members/b`), 409, 5005);
});

test('[ML-62] members are replaced as a whole, and the owner is never lost', async () => {
  const group = await create({ owner: 'a', members: ['b'] });
  done(await world.rest('PUT', `/groups/${group}`, { members: ['c', ['d']] }), 201);
  assert.deepEqual((await get(group)).members, ['c', 'd']);
  assert.ok(done(await world.rest('GET', '/ctx/a/groups')).includes(group));
  assert.ok(!done(await world.rest('GET', '/ctx/b/groups')).includes(group));
  refused(await world.rest('PUT', `/groups/${group}`, { members: ['b', 'ghost'], name: 'X' }), 404, 5004);
  assert.deepEqual((await get(group)).members, ['c', 'd']);
  assert.equal((await get(group)).name, undefined);
  for (const body of [{}, { other: 1 }]) refused(await world.rest('PUT', `/groups/${group}`, body), 400, 5001);
  refused(await world.rest('PUT', `/groups/${group}`), 400, 5001);
  refused(await world.rest('PUT', `/groups/${group}`, { members: 'b' }), 400, 5001);
  done(await world.rest('PUT', `/groups/${group}`, { owner: 'b', members: ['c'], name: 'All' }), 201);
  assert.deepEqual(await get(group), { ...(await get(group)), owner: 'b', members: ['c'], name: 'All' });
  assert.ok(!done(await world.rest('GET', '/ctx/a/groups')).includes(group));
});

test('[ML-63] [ML-64] members are added, all or nobody, from flat and nested lists', async () => {
  const group = await create({ owner: 'a' });
  const path = `/groups/${group}/members`;
  done(await world.rest('POST', path, { members: ['c'] }), 201);
  assert.deepEqual(done(await world.rest('POST', path, { members: ['c'] }), 201), {});
  assert.deepEqual((await get(group)).members, ['c']);
  refused(await world.rest('POST', path, { members: ['d', 'ghost'] }), 404, 5004);
  refused(await world.rest('POST', path, { members: ['d', 'gh.ost'] }), 400, 5001);
  refused(await world.rest('POST', path, { members: ['d', 7] }), 400, 5001);
  refused(await world.rest('POST', path, { members: 'd' }), 400, 5001);
  refused(await world.rest('POST', path, 'd'), 400, 5001);
  assert.deepEqual((await get(group)).members, ['c']);
  done(await world.rest('POST', path, { members: ['c', ['d']] }), 201);
  done(await world.rest('POST', path, { members: ['b', []] }), 201);
  assert.deepEqual((await get(group)).members, ['c', 'd', 'b']);
  for (const nothing of [undefined, {}, { members: [] }, []]) done(await world.rest('POST', path, nothing), 201);
  done(await world.rest('DELETE', path, ['b', ['d']]), 204);
  assert.deepEqual((await get(group)).members, ['c']);
});

test('[ML-259] an app may let unknown people in', async () => {
  const group = await create({ owner: 'a' });
  await world.set({ 'maxleap.strictMembers': false });
  done(await world.rest('POST', `/groups/${group}/members`, { members: ['unseen'] }), 201);
  await world.set({ 'maxleap.strictMembers': true });
  done(await world.rest('GET', '/ctx/unseen'));
});

test('[ML-65] [ML-66] members leave or are removed; the owner stays', async () => {
  const group = await create({ owner: 'a', members: ['b', 'c', 'd'] });
  const path = `/groups/${group}/members`;
  done(await world.rest('DELETE', path, { members: ['c'] }), 204);
  done(await world.rest('DELETE', path, { members: ['c', 'nobody'] }), 204);
  refused(await world.rest('DELETE', path, { members: ['b', 'a'] }), 409, 5005);
  assert.deepEqual((await get(group)).members, ['b', 'd']);
  done(await world.rest('POST', `${path}/c`), 201);
  done(await world.rest('POST', `${path}/c`), 201);
  assert.deepEqual((await get(group)).members, ['b', 'd', 'c']);
  done(await world.rest('DELETE', `${path}/c`), 204);
  done(await world.rest('DELETE', `${path}/c`), 204);
  refused(await world.rest('DELETE', `${path}/a`), 409, 5005);
  refused(await world.rest('POST', `${path}/ghost`), 404, 5004);
  refused(await world.rest('POST', `${path}/gh.ost`), 400, 5001);
});

test('[ML-67] a group is full at its limit, the owner counted', async () => {
  await world.set({ groupMembersMax: 50 });
  const crowd = Array.from({ length: 50 }, (_, i) => `p${i}`);
  const group = await create({ owner: 'a', members: crowd.slice(0, 48) });
  done(await world.rest('POST', `/groups/${group}/members`, { members: ['b'] }), 201);
  refused(await world.rest('POST', `/groups/${group}/members`, { members: ['c'] }), 409, 5008);
  refused(await world.rest('POST', `/groups/${group}/members/c`), 409, 5008);
  done(await world.rest('POST', `/groups/${group}/members`, { members: ['b', 'a'] }), 201);
  assert.equal((await get(group)).members.length, 50);
  refused(await world.rest('POST', '/groups', { owner: 'z67', members: crowd }), 409, 5008);
  refused(await world.rest('GET', '/ctx/z67'), 404, 5004);
  refused(await world.rest('PUT', `/groups/${group}`, { members: [...crowd.slice(0, 48), 'b', 'c'] }), 409, 5008);
  await world.set({ groupMembersMax: 500 });
});

test('[ML-68] a deleted group is gone with its talk', async () => {
  const group = await create({ owner: 'a', members: ['b'] });
  await talk(world, 'a', inGroup(group), 'hi');
  done(await world.rest('DELETE', `/groups/${group}`), 204);
  refused(await world.rest('GET', `/groups/${group}`), 404, 5004);
  refused(await world.rest('DELETE', `/groups/${group}`), 404, 5004);
  refused(await world.rest('GET', `/groups/${group}/chats`), 404, 5004);
  assert.ok(!done(await world.rest('GET', '/ctx/b/groups')).includes(group));
  assert.ok(!done(await world.rest('GET', '/groups?_limit=100')).some((one: { id: string }) => one.id === group));
  await assert.rejects(talk(world, 'a', inGroup(group), 'still there?'));
});

test('[ML-70] talk of a group is paged, and can be erased for all', async () => {
  const group = await create({ owner: 'a', members: ['b'] });
  const path = `/groups/${group}/chats`;
  const said = Array.from({ length: 25 }, (_, i) => `m${i}`);
  await talk(world, 'b', inGroup(group), ...said);
  const bodies = async (query = '') =>
    done(await world.rest('GET', path + query)).map((one: { content: { body: string } }) => one.content.body);
  assert.deepEqual(await bodies(), said.slice(5));
  assert.deepEqual(await bodies('?limit=500'), said);
  done(await world.rest('DELETE', path), 204);
  assert.deepEqual(await bodies(), []);
  assert.equal('recent' in done(await world.rest('GET', '/ctx/b/groups?detail')).at(-1), false);
  done(await world.rest('DELETE', path), 204);
  await talk(world, 'a', inGroup(group), 'anew');
  assert.deepEqual(await bodies(), ['anew']);
  world.clock.advance(days(8));
  assert.deepEqual(await bodies(), []);
});

test('[ML-260] talk of a group may be hidden from one user; to name a moment without a user is an error', async () => {
  const group = await create({ owner: 'a', members: ['b'] });
  const path = `/groups/${group}/chats`;
  const [first] = await talk(world, 'a', inGroup(group), '1', '2');
  done(await world.rest('DELETE', `${path}?you=b&hide=${first?.ts}`), 204);
  const count = async (query: string) => done(await world.rest('GET', path + query)).length;
  assert.deepEqual([await count('?you=b'), await count('?you=a'), await count('')], [1, 2, 2]);
  refused(await world.rest('DELETE', `${path}?hide=${first?.ts}`), 400, 5001);
  refused(await world.rest('DELETE', `${path}?you=nobody`), 404, 5004);
  assert.equal(await count(''), 2);
});
