// What an unmodified maxleap-im@3.0.17 does when the server goes away or sends it away: it knows no other rule than the
// one built into its socket library, so the server has to say the right thing.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '../../server/test/kit/eventually.ts';
import { openCountingProxy } from '../kit/counting-proxy.ts';
import { connect, type Identity, listen, type SdkClient, saying, signIn } from '../kit/sdk.ts';
import { appA, openServer, rest, signOf } from '../kit/server.ts';
import { connect as socketOf, versions } from '../socket-io/clients.ts';

const server = await openServer();
const clients: SdkClient[] = [];
after(() => {
  for (const client of clients) client.close();
});

/** The SDK tries again 1 to 5 seconds after a loss. */
const reconnectMsMax = 15_000;

describe('coming back', () => {
  for (const way of ['stop', 'kill'] as const) {
    test(`[ML-101] after a ${way} and a start: a new login by itself, yesterday’s history, and talk goes on`, {
      timeout: 60_000,
    }, async () => {
      const [ann, bob] = [`ann-${way}`, `bob-${way}`];
      const one = await signIn(server.base, ann);
      const two = await signIn(server.base, bob);
      clients.push(one, two);
      await one.ask((done) => one.im.addFriend(ann, bob, done));
      const group = await one.ask((done) => one.im.addGroup({ owner: ann, members: [bob] }, done));
      const heard = listen((hear) => two.im.onMessage(hear));
      one.im.toFriend(bob).text('before').ok();
      const before = await saying(heard, 'before');
      one.im.toGroup(group).text('all of you, before').ok();
      await saying(heard, 'all of you, before');

      await server[way]();
      await wait(200);
      await server.start();

      const record = { speaker: ann, content: { media: 0, body: 'before' }, ts: before.ts };
      assert.deepEqual((await rest(server, 'GET', `/ctx/${bob}/friends/${ann}/chats`)).body, [record]);
      const { body: page } = await rest(server, 'GET', `/groups/${group}/chats`);
      assert.equal(page[0].content.body, 'all of you, before');

      for (const client of [one, two]) {
        await eventually('a second login', () => client.logins.length >= 2, reconnectMsMax);
        assert.deepEqual(client.logins.at(-1), client.logins[0]);
      }
      one.im.toFriend(bob).text('after').ok();
      const after = await saying(heard, 'after');
      assert.ok(after.ts > before.ts);
      one.im.toGroup(group).text('all of you, after').ok();
      await saying(heard, 'all of you, after');
      assert.deepEqual(heard.length, 4);
    });
  }
});

describe('sent away', { concurrency: true }, () => {
  const refusals: [string, Identity, number][] = [
    ['[ML-95] a wrong key', { userId: 'intruder', clientId: 'not-the-key' }, 5003],
    ['[ML-97] a username, as there are no accounts', { username: 'ann', password: 'x' }, 5003],
    ['[ML-96] nobody named', {}, 5001],
  ];
  for (const [what, identity, error] of refusals) {
    test(`${what}: one answer, and no second connection within 5 s`, { timeout: 30_000 }, async () => {
      const proxy = await openCountingProxy(server.port);
      const client = connect(proxy.base, identity);
      clients.push(client);
      try {
        const login = await eventually('the login callback', () => client.logins[0]);
        assert.deepEqual([login.success, login.error], [false, error]);
        await wait(5_000);
        assert.equal(proxy.socketConnections(), 1);
        assert.equal(client.logins.length, 1);
      } finally {
        proxy.close();
      }
    });
  }

  for (const version of versions) {
    test(`[ML-95] socket.io-client ${version.name}, told no, does not come again`, { timeout: 30_000 }, async () => {
      const proxy = await openCountingProxy(server.port);
      const auth = { app: appA.id, sign: signOf('not-the-key'), client: 'intruder' };
      const client = socketOf(version, proxy.base, auth, ['websocket']);
      const logins: unknown[] = [];
      client.on('login', (result) => logins.push(result));
      try {
        await eventually('login', () => logins.length > 0);
        // This client tries again after 50 to 100 ms.
        await wait(2_000);
        assert.deepEqual([proxy.socketConnections(), logins.length], [1, 1]);
      } finally {
        client.disconnect();
        proxy.close();
      }
    });
  }
});
