// How the SDKs of LeanCloud find the server, share it between devices, and come back.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../server/test/kit/eventually.ts';
import { openWorld, type World } from '../../server/test/kit/world.ts';
import { loadLeancloud, pauseAll, realtime, type Version, versions } from '../kit/leancloud.ts';
import { appA, openServer } from '../kit/server.ts';
import { master, once, told, type Untyped } from '../kit/told.ts';

after(pauseAll);

process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
const pem = (part: string): string =>
  fileURLToPath(new URL(`../../server/test/kit/tls/first.${part}.pem`, import.meta.url));

for (const version of Object.keys(versions) as Version[]) {
  describe(`leancloud-realtime ${version}`, () => {
    let world: World;
    before(async () => {
      world = await openWorld({ env: { HONGYAN_TLS_CERT: pem('cert'), HONGYAN_TLS_KEY: pem('key') } });
    });
    after(() => world.close());
    const open = (who: string, options = {}, login = {}) =>
      realtime(version, world.url, world.app, options).createIMClient(who, login);

    test('[LC-70] it asks the router for the socket and goes where it is told', { timeout: 20_000 }, async () => {
      const { Realtime } = loadLeancloud(version);
      const server = version === '4.3.1' ? new URL(world.url).host : world.url;
      const client = await new Realtime({ appId: world.app.id, appKey: world.app.clientKey, server }).createIMClient(
        'R',
      );
      assert.deepEqual(await client.ping(['R']), ['R']);
      await client.close();
    });

    test('[LC-69] text frames', { timeout: 20_000 }, async () => {
      const client = await open('Text', { noBinary: true });
      const talk = await client.createConversation({ members: ['X'], name: '名字' });
      assert.equal((await client.getConversation(talk.id, true)).name, '名字');
      await client.close();
    });

    test('[LC-72] the older device of a tag hears of the conflict', { timeout: 20_000 }, async () => {
      const first = await open('Device', {}, { tag: 'web' });
      const conflict = told(first, 'conflict');
      const second = await open('Device', {}, { tag: 'web' });
      assert.equal((await once('the conflict', conflict))[0].reason, 'SESSION_CONFLICT');
      assert.deepEqual(await second.ping(['Device']), ['Device']);
      await second.close();
    });

    test('[LC-78] a signature factory is asked, and believed', { timeout: 20_000 }, async () => {
      await world.set({ 'leancloud.loginSignature': true });
      const { sign } = await import('../../server/src/dialects/leancloud/signature.ts');
      const signatureFactory = (clientId: string) => {
        const timestamp = Date.now();
        const signature = sign(world.app, `${world.app.id}:${clientId}::${timestamp}:n`);
        return { timestamp, nonce: 'n', signature };
      };
      const client = await open('Signed', {}, { signatureFactory });
      await client.close();
      await assert.rejects(open('Unsigned'), (error: Untyped) => error.code === 4102);
      await world.set({ 'leancloud.loginSignature': false });
    });

    test('[LC-63] who is sent away hears why', { timeout: 20_000 }, async () => {
      const client = await open('Away');
      const closed = told(client, 'close');
      await master(world.url, world.app, 'POST', '/1.2/rtm/clients/Away/kick', { reason: 'bye' });
      const [{ code, reason }] = await once('the end', closed);
      assert.deepEqual([code, reason], [4115, 'bye']);
    });

    test('[LC-76] two clients of one Realtime share a connection', { timeout: 20_000 }, async () => {
      const shared = realtime(version, world.url, world.app);
      const one = await shared.createIMClient('One');
      const two = await shared.createIMClient('Two');
      const [forOne, forTwo] = [told(one, 'message'), told(two, 'message')];
      const talk = await one.createConversation({ members: ['Two'] });
      await master(world.url, world.app, 'POST', `/1.2/rtm/conversations/${talk.id}/messages`, {
        from_client: 'Two',
        message: '{"_lctype":-1,"_lctext":"both"}',
      });
      assert.equal((await once('one hears', forOne))[0].text, 'both');
      assert.equal((await once('two hears', forTwo))[0].text, 'both');
      await two.close();
      assert.deepEqual(await one.ping(['One', 'Two']), ['One']);
      await one.close();
    });
  });
}

const server = await openServer();

test('[LC-80] after an orderly restart the SDK comes back with its token and hears what it missed', {
  timeout: 60_000,
}, async () => {
  const sdk = loadLeancloud('4.3.1');
  const tom = await realtime('4.3.1', server.base, appA, {}, sdk).createIMClient('Tom', { tag: 'web' });
  const jerry = await realtime('4.3.1', server.base, appA).createIMClient('Jerry');
  const talk = await tom.createConversation({ members: ['Jerry'] });
  await talk.send(new sdk.TextMessage('before'));
  const [gone, back] = [told(tom, 'disconnect'), told(tom, 'reconnect')];
  await server.stop();
  await once('the connection is gone', gone);
  await server.start();
  await eventually('it is back', () => back.length > 0, 30_000);
  const heard = told(jerry, 'message');
  await eventually('Jerry is back', async () => (await tom.ping(['Jerry'])).length > 0, 30_000);
  await talk.send(new sdk.TextMessage('after'));
  assert.equal((await once('Jerry hears', heard))[0].text, 'after');
  assert.deepEqual(
    (await talk.queryMessages()).map(({ text }: { text: string }) => text),
    ['before', 'after'],
  );
  await tom.close();
  await jerry.close();
});
