import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { leancloud } from '../../../../test/kit/leancloud.ts';
import { openWorld } from '../../../../test/kit/world.ts';
import { registerAccount } from '../../../core/accounts/register.ts';
import { openSession } from '../../../core/accounts/sessions.ts';
import { sendUpstream } from '../../../core/services/upstream.ts';
import { ensureUsers } from '../../../core/users/ensure.ts';
import { isSigned, signedTexts } from '../signature.ts';
import { issueToken } from '../socket/tokens.ts';

const world = await openWorld();
after(() => world.close());
const { core, app } = world;
const call = leancloud(world);
const as = (method: string, path: string, body?: unknown) => call(method, path, body, { master: true });
const rows = '/1.1/classes/_Conversation';
const tokenOf = (client: string) => issueToken(app, { client, tag: '', device: 'd', issuedAt: world.clock.now() });
const bearing = (client: string) => ({
  headers: { 'X-LC-Id': app.id, 'X-LC-Key': app.clientKey, 'X-LC-IM-Session-Token': tokenOf(client) },
});

it('[LC-268] a row is made with 201 and where it is, read, counted and deleted', async () => {
  const made = await call('POST', rows, { name: 'n', m: ['A', 'B'], tag: 't1' });
  assert.equal(made.status, 201);
  assert.equal(made.headers.get('location'), `${rows}/${made.body.objectId}`);
  assert.deepEqual(Object.keys(made.body).sort(), ['createdAt', 'objectId']);
  const whole = await call('POST', `${rows}?fetchWhenSave=true`, { name: 'w', m: ['A'] });
  assert.deepEqual([whole.body.name, whole.body.m], ['w', ['A']]);
  const one = `${rows}/${made.body.objectId}`;
  assert.deepEqual((await call('GET', one)).body.m, ['A', 'B']);
  assert.deepEqual(Object.keys((await call('GET', `${one}?keys=name`)).body).sort(), [
    'createdAt',
    'name',
    'objectId',
    'updatedAt',
  ]);
  const where = encodeURIComponent(JSON.stringify({ tag: 't1' }));
  const found = (await call('GET', `${rows}?where=${where}&count=1`)).body;
  assert.deepEqual([found.count, found.results.length], [1, 1]);
  assert.deepEqual((await call('GET', `${rows}?where=${where}&count=1&limit=0`)).body, { results: [], count: 1 });
  assert.deepEqual((await call('DELETE', one)).body, {});
  const gone = await call('GET', one);
  assert.deepEqual([gone.status, gone.body], [200, {}]);
  assert.deepEqual((await call('PUT', one, { name: 'x' })).body.code, 101);
});

it('[LC-269] here members are a column like any other', async () => {
  const one = `${rows}/${(await call('POST', rows, { m: { __op: 'AddUnique', objects: ['A', 'B'] } })).body.objectId}`;
  const members = async () => (await call('GET', one)).body.m;
  assert.deepEqual(await members(), ['A', 'B']);
  const put = await call('PUT', one, { m: { __op: 'AddUnique', objects: ['B', 'C'] }, name: 'n' });
  assert.deepEqual(Object.keys(put.body).sort(), ['objectId', 'updatedAt']);
  assert.deepEqual(await members(), ['A', 'B', 'C']);
  await call('PUT', one, { m: { __op: 'Remove', objects: ['A'] } });
  assert.deepEqual(await members(), ['B', 'C']);
  await call('PUT', one, { m: ['C', 'D'] });
  assert.deepEqual(await members(), ['C', 'D']);
  assert.equal((await call('PUT', one, { m: [1] })).body.code, 111);
  const never = encodeURIComponent(JSON.stringify({ name: 'other' }));
  assert.equal((await call('PUT', `${one}?where=${never}`, { name: 'x' })).body.code, 305);
});

it('[LC-270] a scan goes through all of them, by the master key', async () => {
  assert.equal((await call('GET', '/1.1/scan/classes/_Conversation')).status, 403);
  const seen = new Set<string>();
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await as('GET', `/1.1/scan/classes/_Conversation?limit=1${cursor && `&cursor=${cursor}`}`);
    for (const { objectId } of body.results) seen.add(objectId);
    cursor = body.cursor;
  }
  const { body } = await call('GET', `${rows}?count=1`);
  assert.equal(seen.size, body.count);
});

it('[LC-271] the time needs no credentials', async () => {
  const { status, body } = await call('GET', '/1.1/date', undefined, { headers: {} });
  assert.deepEqual([status, body.__type], [200, 'Date']);
  assert.ok(Math.abs(Date.parse(body.iso) - world.clock.now()) < 5_000);
});

it('[LC-272] roles are rows, given and taken by the master key', async () => {
  const id = (await call('POST', '/1.2/rtm/conversations', { m: ['A', 'B', 'C'] })).body.objectId;
  const path = `/1.2/rtm/conversations/${id}/member-infos`;
  assert.equal((await call('GET', path)).status, 403);
  const { body } = await as('POST', path, { clientId: 'A', role: 'Manager' });
  assert.deepEqual(Object.keys(body).sort(), ['objectId', 'updatedAt']);
  const infos = async (query = '') => (await as('GET', path + query)).body.results;
  assert.deepEqual(await infos(), [{ clientId: 'A', objectId: body.objectId, role: 'Manager' }]);
  await as('PUT', `${path}/${body.objectId}`, { clientId: 'B' });
  assert.deepEqual(
    (await infos('?role=Manager')).map((one: { clientId: string }) => one.clientId),
    ['B'],
  );
  const [info] = await infos();
  assert.deepEqual((await as('DELETE', `${path}/${info.objectId}`)).body, {});
  assert.deepEqual(await infos(), []);
  assert.equal((await as('POST', path, { clientId: 'A', role: 'King' })).status, 400);
  assert.equal((await as('DELETE', `${path}/${'0'.repeat(24)}`)).body.code, 101);
});

it('[LC-273] an SDK sees the roles of a conversation that its client is in', async () => {
  const id = (await call('POST', '/1.2/rtm/conversations', { m: ['A', 'B'] })).body.objectId;
  await as('POST', `/1.2/rtm/conversations/${id}/member-infos`, { clientId: 'B', role: 'Manager' });
  const where = encodeURIComponent(JSON.stringify({ cid: id }));
  const path = `/1.1/classes/_ConversationMemberInfo?where=${where}&client_id=`;
  const { body } = await call('GET', `${path}A`, undefined, bearing('A'));
  assert.deepEqual(
    body.results.map(({ clientId, cid, role }: Record<string, string>) => [clientId, cid, role]),
    [['B', id, 'Manager']],
  );
  assert.equal((await call('GET', `${path}A`)).body.code, 4112);
  assert.equal((await call('GET', `${path}A`, undefined, bearing('B'))).body.code, 4112);
  assert.equal((await call('GET', `${path}Z`, undefined, bearing('Z'))).body.code, 4317);
});

it('[LC-61] what a client says to a service is a row that the application reads', async () => {
  const id = (await as('POST', '/1.2/rtm/service-conversations', { name: 's' })).body.objectId;
  const service = await core.store.conversations.open(app.no, id);
  assert.ok(service);
  await ensureUsers(core, app, ['Tom'], 'create');
  await sendUpstream(core, app, service, 'Tom', { content: { type: 'text', text: 'help' } });
  assert.equal((await call('GET', '/1.1/classes/_SysMessage')).status, 403);
  const [row] = (await as('GET', '/1.1/classes/_SysMessage')).body.results;
  assert.deepEqual([row.from, row.conv.objectId, row.bin], ['Tom', id, false]);
  assert.equal(JSON.parse(row.data)._lctext, 'help');
});

it('[LC-66] a signature for a user is new every time and opens a signed login', async () => {
  const account = await registerAccount(core, app, { username: 'sally', password: { plain: 'secret' } });
  const { token } = await openSession(core, app, account);
  const one = (await call('GET', `/1.2/rtm/clients/sign?session_token=${token}`)).body;
  const two = (await call('POST', '/1.1/rtm/sign', { session_token: token })).body;
  assert.notEqual(one.nonce, two.nonce);
  for (const given of [one, two]) {
    assert.equal(given.client_id, account.userId);
    assert.ok(isSigned(app, given, signedTexts.login(app.id, account.userId), world.clock.now()));
  }
  const unknown = await call('POST', '/1.1/rtm/sign', { session_token: 'nobody' });
  assert.deepEqual([unknown.status, unknown.body.code], [400, 211]);
});

it('[LC-107] what happened while a client was away is told once, to who shows the token of its session', async () => {
  const start = world.clock.now() - 1;
  const id = (await call('POST', '/1.2/rtm/conversations', { m: ['Away', 'B'] })).body.objectId;
  world.clock.advance(5);
  await call('POST', `/1.2/rtm/conversations/${id}/members`, { client_ids: ['C'] });
  world.clock.advance(5);
  await call('PUT', `/1.2/rtm/conversations/${id}`, { name: 'x' });
  const path = (from: number, type = '') => `/1.1/rtm/notifications?client_id=Away&start_ts=${from}${type}`;
  const permanent = '&notification_type=permanent';
  const { body } = await call('GET', path(start, permanent), undefined, bearing('Away'));
  assert.equal(body.hasMore, false);
  assert.deepEqual(
    body.notifications.map(({ cmd, op, cid }: Record<string, string>) => [cmd, op, cid]),
    [['conv', 'joined', id]],
  );
  const [joined] = body.notifications;
  const after = await call('GET', path(joined.serverTs, permanent), undefined, bearing('Away'));
  assert.deepEqual(after.body.notifications, []);

  const swift = (await call('GET', path(start), undefined, bearing('Away'))).body;
  assert.deepEqual(
    swift.droppable.notifications.map(({ op }: { op: string }) => op),
    ['members-joined', 'members-joined', 'updated'],
  );
  assert.deepEqual(swift.droppable.notifications[2].attr, { name: 'x' });
  assert.equal(swift.droppable.invalidLocalConvCache, false);
  assert.equal(swift.permanent.notifications[0].op, 'joined');
  assert.equal((await call('GET', path(start, permanent), undefined, bearing('B'))).status, 401);
});
