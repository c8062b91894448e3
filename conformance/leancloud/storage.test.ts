// leancloud-storage 4.15.2 as its user has it: users, files and conversations, with the server's address as its only change.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { openWorld, type World } from '../../server/test/kit/world.ts';

// biome-ignore lint/suspicious/noExplicitAny: the SDK is plain JavaScript
const AV: any = createRequire(import.meta.url)('leancloud-storage');

describe('leancloud-storage 4.15.2', { concurrency: false }, () => {
  let world: World;
  before(async () => {
    world = await openWorld();
    const { id: appId, clientKey: appKey, masterKey } = world.app;
    AV.init({ appId, appKey, masterKey, serverURL: world.url });
  });
  after(() => world?.close());

  test('[LC-280] [LC-281] [LC-283] a user signs up, logs in, changes his row and becomes himself by his token', async () => {
    const user = new AV.User();
    user.setUsername('tom');
    user.setPassword('pw');
    user.set('age', 3);
    await user.signUp();
    const again = await AV.User.logIn('tom', 'pw');
    assert.equal(again.id, user.id);
    again.increment('age', 2);
    await again.save();
    assert.equal(again.get('age'), 5);
    const same = await AV.User.become(again.getSessionToken());
    assert.deepEqual([same.id, same.get('age'), await same.isAuthenticated()], [user.id, 5, true]);
    await assert.rejects(AV.User.logIn('tom', 'wrong'), { code: 210 });
    await assert.rejects(AV.User.logIn('nobody', 'pw'), { code: 211 });
  });

  test('[LC-284] a user who changes his password, or renews his token, stays logged in', async () => {
    const user = await AV.User.logIn('tom', 'pw');
    const first = user.getSessionToken();
    await user.updatePassword('pw', 'next');
    assert.equal(await user.isAuthenticated(), true);
    await user.refreshSessionToken();
    assert.equal(await user.isAuthenticated(), true);
    await assert.rejects(AV.User.become(first), { code: 211 });
    await AV.User.logOut();
  });

  test('[LC-290] [LC-293] a file is saved, fetched and destroyed; one that is elsewhere is saved too', async () => {
    const file = await new AV.File('hi.txt', Buffer.from('some text')).save();
    assert.equal(await (await fetch(file.url())).text(), 'some text');
    const fetched = await AV.File.createWithoutData(file.id).fetch();
    assert.deepEqual([fetched.get('name'), fetched.size()], ['hi.txt', 9]);
    await fetched.destroy({ useMasterKey: true });
    assert.equal((await fetch(file.url())).status, 404);
    const far = await AV.File.withURL('far.png', 'https://files.example/far.png').save();
    assert.equal((await AV.File.createWithoutData(far.id).fetch()).get('url'), 'https://files.example/far.png');
  });

  test('[LC-44] [LC-268] [LC-269] a conversation is saved, spoken in, found, counted and destroyed', async () => {
    const talk = new AV.Conversation('room one');
    talk.addMember('A');
    talk.addMember('B');
    await talk.save();
    await talk.send('A', 'hello');
    talk.addMember('C');
    await talk.save();
    const found = await new AV.Query('_Conversation').equalTo('m', 'C').first();
    assert.deepEqual([found.id, found.get('m')], [talk.id, ['A', 'B', 'C']]);
    assert.ok(found.getLastMessageAt() instanceof Date);
    assert.equal(await new AV.Query('_Conversation').count(), 1);
    await talk.destroy();
    assert.equal(await new AV.Query('_Conversation').count(), 0);
  });

  test('[LC-60] [LC-65] [LC-271] a service speaks to one client and to everybody; the time is the server’s', async () => {
    const service = new AV.Conversation('news', { isSystem: true });
    await service.save();
    const one = await service.send('admin', 'for you', { toClients: ['A'] });
    assert.equal(typeof one['msg-id'], 'string');
    const all = await service.broadcast('admin', 'for all', {}, { useMasterKey: true });
    assert.equal(typeof all['msg-id'], 'string');
    assert.ok(Math.abs((await AV.Cloud.getServerDate()).getTime() - world.clock.now()) < 5_000);
  });
});
