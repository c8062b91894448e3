// The ways to log in that need an account, with maxleap-im@3.0.17 as its user has it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '../../server/test/kit/eventually.ts';
import { openProvider } from '../../server/test/kit/oidc.ts';
import { openSmsServer } from '../../server/test/kit/sms.ts';
import { connect, type Identity, listen, type SdkClient, saying, signIn } from '../kit/sdk.ts';
import { appA, openServer, rest } from '../kit/server.ts';

const server = await openServer();
const [provider, sms] = await Promise.all([openProvider(), openSmsServer()]);
const clients: SdkClient[] = [];
before(async () => {
  const token = (await readFile(join(server.dataDir, 'admin-token'), 'utf8')).trim();
  const providers = { own: { kind: 'oidc', issuer: provider.issuer, audience: ['our-app'] } };
  const answer = await fetch(`${server.base}/admin/apps/${appA.id}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ settings: { providers, 'sms.webhook': sms.hook } }),
  });
  assert.equal(answer.status, 200, await answer.text());
});
after(async () => {
  for (const client of clients) client.close();
  await Promise.all([provider.close(), sms.close()]);
});

async function enter(who: Identity): Promise<SdkClient> {
  const client = await signIn(server.base, who);
  clients.push(client);
  return client;
}

/** The login callback comes once with 5003, and nobody knocks again. */
async function turnedAway(who: Identity): Promise<void> {
  const client = connect(server.base, who);
  clients.push(client);
  const login = await eventually('the login callback', () => client.logins[0]);
  assert.deepEqual([login.success, login.error], [false, 5003]);
  await wait(1_500);
  assert.equal(client.logins.length, 1);
}

const made = async (username: string, password: string): Promise<string> => {
  const answer = await rest(server, 'POST', '/2.0/users', { username, password });
  assert.equal(answer.status, 200);
  return answer.body.objectId;
};

describe('accounts with maxleap-im@3.0.17', () => {
  test('[ML-97] a username and its password: the id is the account’s; a wrong one is refused', async () => {
    const id = await made('sdk-ann', 's3cret');
    const client = await enter({ username: 'sdk-ann', password: 's3cret' });
    assert.deepEqual(client.logins, [{ success: true, id }]);
    assert.equal(client.im.cache.options.userId, id);
    await turnedAway({ username: 'sdk-ann', password: 'wrong' });
  });

  test('[ML-100] the password p&a=1, which this SDK tears apart', async () => {
    const id = await made('sdk-amp', 'p&a=1');
    assert.equal((await enter({ username: 'sdk-amp', password: 'p&a=1' })).id, id);
  });

  test('[ML-98] a phone and the code that was sent to it, once', async () => {
    const phone = '13700000001';
    assert.equal((await rest(server, 'POST', '/2.0/requestLoginSmsCode', { mobilePhone: phone })).status, 200);
    const code = sms.codeOf(phone);
    assert.match((await enter({ phone, password: code })).id, /^[0-9a-f]{24}$/);
    await turnedAway({ phone, password: code });
  });

  test('[ML-414] a third party: the id_token of an OpenID Connect provider', async () => {
    const nonce = 'a-nonce-of-the-client';
    const oauth = { own: { id_token: await provider.idToken('ann'), nonce } };
    const { id } = await enter({ oauth });
    assert.equal((await enter({ oauth })).id, id);
    await turnedAway({ oauth: { own: { id_token: `${oauth.own.id_token.slice(0, -8)}AAAAAAAA`, nonce } } });
  });

  test('[ML-430] a passenger who registers talks on as a user', async () => {
    const bob = await enter({ userId: 'sdk-bob' });
    const heard = listen((hear) => bob.im.onMessage(hear));
    const guest = await enter({ passenger: { id: 'sdk-guest' } });
    guest.im.toFriend('sdk-bob').text('as a guest').ok();
    await saying(heard, 'as a guest');
    const wish = { username: 'sdk-grown', password: 'x', passenger: 'sdk-guest' };
    const { objectId } = (await rest(server, 'POST', '/2.0/users', wish)).body;
    const grown = await enter({ username: 'sdk-grown', password: 'x' });
    assert.equal(grown.id, objectId);
    const page = (await rest(server, 'GET', `/ctx/sdk-bob/strangers/${objectId}/chats`)).body;
    assert.deepEqual(
      page.map((record: { speaker: string; content: { body: string } }) => [record.speaker, record.content.body]),
      [[objectId, 'as a guest']],
    );
  });
});
