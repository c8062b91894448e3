// The way onto /chat: who is let in, under which id, and what the others are told.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { eventually, within } from '../kit/eventually.ts';
import { authOf, openStory } from '../kit/story.ts';
import { signOf } from '../kit/world.ts';

const story = await openStory();
after(() => story.close());
const { world } = story;

describe('login', () => {
  test('[ML-91] a user id and a right sign let in, and the user exists from then on', async () => {
    assert.equal((await world.rest('GET', '/ctx/newcomer')).status, 404);
    const client = await story.join('newcomer');
    assert.deepEqual(client.login, { success: true, id: 'newcomer' });
    assert.deepEqual(client.events, []);
    const { status, body } = await world.rest('GET', '/ctx/newcomer');
    assert.equal(status, 200);
    assert.equal(body.sessions, 1);
  });

  test('[ML-92] notifyAll and install are accepted, and the install is bound', async () => {
    await story.join('bound', { notifyAll: true, install: 'phone-1' });
    await story.join('bound', { install: 'desk-1' });
    const { body } = await world.rest('GET', '/ctx/bound');
    assert.equal(body.sessions, 2);
    assert.deepEqual(body.installs.toSorted(), ['desk-1', 'phone-1']);
  });

  for (const eio of [3, 4] as const) {
    test(`[ML-94] a query repeated in the namespace packet is cut off (Engine.IO ${eio})`, async () => {
      const auth = authOf(world.app, { client: 'repeater' });
      const client = await story.knock(auth, { eio, join: false });
      client.sendRaw(`40/chat?auth=${JSON.stringify(auth)}`);
      await eventually('login', () => client.login !== undefined);
      assert.deepEqual(client.login, { success: true, id: 'repeater' });
      assert.ok(client.isOpen);
      await client.close();
    });
  }

  test('[ML-95] a wrong sign is answered, then sent away with the namespace packet before the close', async () => {
    const client = await story.knock({ ...authOf(world.app, { client: 'ann' }), sign: signOf('not-the-key') });
    assert.equal(client.login.success, false);
    assert.equal(client.login.error, 5003);
    assert.equal(typeof client.login.errorMessage, 'string');
    await within('the server closes', client.closed);
    assert.deepEqual(
      client.packets.slice(-2).map((packet) => packet.slice(0, 7)),
      ['42/chat', '41/chat'],
    );
  });

  test('a sign made of the key of another app, an unknown app and a bare wrong key are refused alike', async () => {
    const { app, other } = world;
    const signs = [
      { app: app.id, sign: signOf(other.clientKey) },
      { app: 'no-such-app', sign: signOf(app.clientKey) },
      { app: app.id, sign: other.clientKey },
      { app: app.id, sign: `${'0'.repeat(32)},1` },
    ];
    const answers = [];
    for (const sign of signs) answers.push((await story.knock({ client: 'intruder', ...sign })).login);
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    assert.equal(answers[0].error, 5003);
    assert.equal((await world.rest('GET', '/ctx/intruder')).status, 404);
  });

  test('[ML-96] without a readable auth, or with nobody named, the error is 5001', async () => {
    const named: [string, Parameters<typeof story.knock>][] = [
      ['absent', [undefined, { rawQuery: '' }]],
      ['empty', [undefined, { rawQuery: 'auth=' }]],
      ['not JSON', ['{"app":']],
      ['an array', ['[1]']],
      ['a number', ['7']],
      ['null', ['null']],
      ['nobody named', [authOf(world.app, {})]],
    ];
    for (const [what, [auth, options]] of named) {
      const client = await story.knock(auth, options);
      assert.equal(client.login?.success, false, what);
      assert.equal(client.login.error, 5001, what);
      await within(`closed: ${what}`, client.closed);
    }
  });

  test('[ML-21] ids of 128 allowed characters log in; longer ones and other characters do not', async () => {
    await story.join('x'.repeat(128));
    const refused: [unknown, number][] = [
      ['x'.repeat(129), 5010],
      ['', 5001],
      ['a.b', 5001],
      ['a b', 5001],
      ['阿', 5001],
      [':ann', 5001],
      [46, 5001],
      [null, 5001],
      [['ann'], 5001],
      [{ id: 'ann' }, 5001],
    ];
    for (const [client, error] of refused) {
      assert.equal((await story.knock(authOf(world.app, { client }))).login.error, error, JSON.stringify(client));
    }
  });

  test('[ML-99] passengers: a made id, a given id, attributes merged at the next login', async () => {
    const made = await story.joinPassenger({});
    assert.match(made.login.id, /^[0-9a-f]{32}$/);
    const first = await story.joinPassenger({ id: 'p1', x: 1 });
    assert.equal(first.login.id, 'p1');
    assert.deepEqual((await world.rest('GET', '/passengers/p1')).body, { x: 1 });
    await story.joinPassenger({ id: 'p1', y: 2 });
    assert.deepEqual((await world.rest('GET', '/passengers/p1')).body, { x: 1, y: 2 });
    for (const passenger of [null, 'p2', [], { id: 'not an id' }, { id: 5 }]) {
      const client = await story.knock(authOf(world.app, { passenger, client: 'not-this-way' }));
      assert.equal(client.login.error, 5001, JSON.stringify(passenger));
    }
    assert.equal((await world.rest('GET', '/ctx/not-this-way')).status, 404);
  });

  test('[ML-100] an ampersand inside a password is repaired from the raw query', async () => {
    const { id } = world.app;
    const sign = signOf(world.app.clientKey);
    const account = (await world.rest('POST', '/2.0/users', { username: 'amp', password: 'p&a=1' })).body;
    // What an old client makes of {"app":…,"sign":…,"username":"amp","password":"p&a=1"}: it splits at the & and encodes
    // the parts.
    const json = JSON.stringify({ app: id, sign, username: 'amp', password: 'p&a=1' });
    const [before, after] = json.split('&') as [string, string];
    const [name, value] = after.split('=') as [string, string];
    const rawQuery = `auth=${encodeURIComponent(before)}&${name}=${encodeURIComponent(value)}`;
    const client = await story.knock(undefined, { rawQuery });
    assert.deepEqual(client.login, { success: true, id: account.objectId });
  });

  test('simple login can be switched off, and a bare key counts as a sign', async () => {
    const client = await story.knock({ app: world.app.id, sign: world.app.clientKey, client: 'bare' });
    assert.deepEqual(client.login, { success: true, id: 'bare' });
    await world.set({ 'maxleap.allowSimpleLogin': false });
    assert.equal((await story.knock(authOf(world.app, { client: 'late' }))).login.error, 5003);
    await world.set({ 'maxleap.allowSimpleLogin': true });
  });
});
