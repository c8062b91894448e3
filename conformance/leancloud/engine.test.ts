// leanengine 3.8.0, the vendor's SDK for an application's own server, unmodified: its cloud hooks are asked and told by us.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../../server/test/kit/eventually.ts';
import { leancloud } from '../../server/test/kit/leancloud.ts';
import { openWorld, type World } from '../../server/test/kit/world.ts';

// biome-ignore lint/suspicious/noExplicitAny: the SDK is plain JavaScript
const AV: any = createRequire(import.meta.url)('leanengine');

describe('leanengine 3.8.0', { concurrency: false }, () => {
  let world: World;
  const told: { name: string; params: Record<string, unknown> }[] = [];
  let engine: ReturnType<typeof createServer>;
  before(async () => {
    world = await openWorld();
    const { id: appId, clientKey: appKey, masterKey } = world.app;
    const hookKey = 'the hook key of this test';
    AV.init({ appId, appKey, masterKey, hookKey, serverURL: world.url });
    AV.Cloud.onIMMessageReceived(({ params }: { params: { content: string } }) =>
      params.content.includes('bad') ? { drop: true, code: 7, detail: 'not here' } : { content: `${params.content}!` },
    );
    AV.Cloud.onIMMessageUpdate(() => ({ drop: true, code: 8, detail: 'it stays' }));
    AV.Cloud.onIMConversationStart(({ params }: { params: { members: string[] } }) =>
      params.members.includes('Eve') ? { reject: true, code: 9, detail: 'not her' } : {},
    );
    for (const name of [
      'onIMMessageSent',
      'onIMConversationStarted',
      'onIMConversationAdded',
      'onIMConversationRemoved',
    ])
      AV.Cloud[name](({ params }: { params: Record<string, unknown> }) => {
        told.push({ name, params });
      });
    engine = createServer(AV.express()).listen(0, '127.0.0.1');
    await once(engine, 'listening');
    const url = `http://127.0.0.1:${(engine.address() as AddressInfo).port}`;
    await world.set({ 'leancloud.hooks': { url, secret: hookKey } });
  });
  after(async () => {
    await world?.close();
    engine?.closeAllConnections();
    engine?.close();
  });

  test('[LC-116] [LC-117] [LC-300] its hooks refuse and change what is said, edited and begun', async () => {
    const call = leancloud(world);
    const base = '/1.2/rtm/conversations';
    assert.deepEqual((await call('POST', base, { m: ['A', 'Eve'] })).body, { code: 4305, error: 'not her' });
    const { objectId } = (await call('POST', base, { m: ['A', 'B'] })).body;
    const messages = `${base}/${objectId}/messages`;
    const say = (message: string) => call('POST', messages, { from_client: 'A', message });
    assert.deepEqual((await say('bad words')).body, { code: 4402, error: 'not here' });
    const { body: said } = await say('hello');
    const { body: history } = await call('GET', messages, undefined, { master: true });
    assert.deepEqual([history.length, history[0].data], [1, 'hello!']);
    const change = { from_client: 'A', timestamp: said.timestamp, message: 'other' };
    const refused = await call('PUT', `${messages}/${said['msg-id']}`, change);
    assert.deepEqual(refused.body, { code: 4405, error: 'it stays' });
    await call('POST', `${base}/${objectId}/members`, { client_ids: ['C'] });
    await call('DELETE', `${base}/${objectId}/members`, { client_ids: ['C'] });
    const names = ['onIMConversationStarted', 'onIMMessageSent', 'onIMConversationAdded', 'onIMConversationRemoved'];
    await eventually('it is told', () => names.every((name) => told.some((one) => one.name === name)));
    assert.ok(told.every(({ params }) => params.convId === objectId));
  });

  test('[LC-315] [LC-316] [LC-317] its storage half saves many at once, finds users and devices by the master key', async () => {
    AV.Cloud.useMasterKey();
    const users = await Promise.all(
      ['one', 'two'].map((name) => new AV.User().set('username', name).set('password', 'pw').signUp()),
    );
    assert.equal(users.length, 2);
    const found = await new AV.Query(AV.User).equalTo('username', 'two').first();
    assert.equal(found.id, users[1].id);
    assert.equal(await new AV.Query(AV.User).count(), 2);
    const talks = ['x', 'y'].map((name) => new AV.Conversation(name));
    for (const talk of talks) talk.addMember('A');
    await AV.Object.saveAll(talks);
    assert.ok(talks.every(({ id }) => /^[0-9a-f]{24}$/.test(id)));
    const many = Array.from({ length: 200 }, (_, n) => `name ${n}`);
    const wide = await new AV.Query('_Conversation').containedIn('name', ['x', ...many]).find();
    assert.deepEqual(
      wide.map((one: { get(key: string): string }) => one.get('name')),
      ['x'],
      'a long query goes as a batch',
    );
    const device = new AV.Installation();
    await device.save({ deviceType: 'android', installationId: 'i-1', channels: ['A'] });
    assert.equal((await new AV.Query('_Installation').equalTo('channels', 'A').first()).id, device.id);
    await AV.Object.destroyAll(talks);
    assert.equal(await new AV.Query('_Conversation').containedIn('name', ['x', 'y']).count(), 0);
  });
});
