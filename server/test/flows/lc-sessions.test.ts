// LeanCloud's socket: logging in, coming back, and being sent away.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sign } from '../../src/dialects/leancloud/signature.ts';
import { eventually } from '../kit/eventually.ts';
import { leancloud } from '../kit/leancloud.ts';
import { LcWire } from '../kit/leancloud-wire.ts';
import { openWorld, type World } from '../kit/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

describe('LeanCloud sessions', () => {
  it('[LC-69] every subprotocol is answered in its own form, and with its own name', async () => {
    for (const subprotocol of ['lc.protobuf2.3', 'lc.protobuf2.1', 'lc.proto2base64.3', 'lc.protobase64.1']) {
      const wire = await LcWire.open(world, 'Forms', {}, { subprotocol });
      assert.equal(wire.protocol, subprotocol);
      await wire.close();
    }
  });

  it('[LC-71] a client without an id is given one', async () => {
    const wire = await LcWire.connect(world);
    const { op, peerId, service, serverTs, sessionMessage } = await wire.openSession(undefined);
    assert.deepEqual([op, service, sessionMessage?.code], ['opened', 2, undefined]);
    assert.match(peerId ?? '', /^[0-9a-f]{32}$/);
    assert.ok(serverTs && sessionMessage?.st && sessionMessage.stTtl === 172_800);
    await wire.close();
  });

  it('[LC-72] one device at a time by a tag, any number without', async () => {
    const first = await LcWire.open(world, 'Tagged', { tag: 'web', deviceId: 'd1' });
    const same = await LcWire.open(world, 'Tagged', { tag: 'web', deviceId: 'd1' });
    const plain = await LcWire.open(world, 'Tagged', { tag: 'default', deviceId: 'd9' });
    await same.settled();
    assert.deepEqual(first.pushes, []);
    const second = await LcWire.open(world, 'Tagged', { tag: 'web', deviceId: 'd2' });
    const { peerId, sessionMessage } = await first.nextOp('session', 'closed');
    assert.deepEqual([peerId, sessionMessage], ['Tagged', { code: 4111, reason: 'SESSION_CONFLICT' }]);
    await same.nextOp('session', 'closed');
    await second.settled();
    assert.deepEqual([plain.pushes, second.pushes, first.closeCode], [[], [], undefined]);
    for (const wire of [first, same, plain, second]) await wire.close();
  });

  it('[LC-73] who comes back after another device took the tag is told so', async () => {
    const wire = await LcWire.connect(world);
    const opened = await wire.openSession('Back', { tag: 'web', deviceId: 'd1' });
    await wire.close();
    const other = await LcWire.open(world, 'Back', { tag: 'web', deviceId: 'd2' });
    const again = await LcWire.connect(world);
    const { op, sessionMessage } = await again.openSession('Back', { r: true, st: opened.sessionMessage?.st });
    assert.deepEqual([op, sessionMessage], ['closed', { code: 4111, reason: 'SESSION_CONFLICT' }]);
    await again.close();
    await other.close();
  });

  it("[LC-74] an unknown token is 4112, another client's too; without one the client is let in", async () => {
    const wire = await LcWire.connect(world);
    const opened = await wire.openSession('Owner');
    await wire.close();
    for (const st of ['nonsense', `${opened.sessionMessage?.st}x`, opened.sessionMessage?.st]) {
      const again = await LcWire.connect(world);
      const { cmd, errorMessage } = await again.openSession('Thief', { r: true, st });
      assert.deepEqual([cmd, errorMessage], ['error', { code: 4112, reason: 'SESSION_TOKEN_EXPIRED' }]);
      assert.equal((await again.openSession('Thief', { r: true })).op, 'opened');
      await again.close();
    }
  });

  it('[LC-74] a token is good for two days', async () => {
    const wire = await LcWire.connect(world);
    const st = (await wire.openSession('Old')).sessionMessage?.st;
    const refreshed = await wire.ask({ cmd: 'session', op: 'refresh', sessionMessage: { st } });
    assert.deepEqual([refreshed.op, refreshed.sessionMessage?.stTtl], ['refreshed', 172_800]);
    world.clock.advance(172_801_000);
    assert.equal((await wire.openSession('Old', { r: true, st })).errorMessage?.code, 4112);
    await wire.close();
  });

  it('[LC-75] nothing goes before a session, and a client id has its bounds', async () => {
    const wire = await LcWire.connect(world);
    const query = { cmd: 'conv', op: 'query', convMessage: {} } as const;
    assert.deepEqual((await wire.ask(query)).errorMessage, { code: 4105, reason: 'SESSION_REQUIRED' });
    assert.equal((await wire.openSession('x'.repeat(64))).op, 'opened');
    assert.equal((await wire.ask({ ...query, peerId: 'Nobody' })).errorMessage?.code, 4105);
    assert.equal((await wire.openSession('x'.repeat(65))).errorMessage?.code, 4103);
    await wire.settled();
    assert.equal(wire.closeCode, undefined);
    const alone = await LcWire.connect(world);
    assert.equal((await alone.openSession('x'.repeat(65))).errorMessage?.code, 4103);
    await eventually('the connection is closed', () => alone.closeCode === 4103);
    await wire.close();
  });

  it('[LC-76] several clients share a connection; the first that is open is meant where none is named', async () => {
    const wire = await LcWire.open(world, 'One');
    await wire.openSession('Two');
    const cid = await wire.start(['One', 'Two']);
    const joined = [await wire.nextOp('conv', 'joined'), await wire.nextOp('conv', 'joined')];
    assert.deepEqual(joined.map(({ peerId }) => peerId).sort(), ['One', 'Two']);
    assert.equal((await wire.ask({ cmd: 'session', op: 'close' })).op, 'closed');
    const ack = await wire.say(cid, 'hello');
    assert.deepEqual([ack.peerId, ack.ackMessage?.code], ['Two', undefined]);
    assert.equal((await wire.ask({ cmd: 'session', op: 'close', peerId: 'One' })).errorMessage?.code, 4105);
    await wire.close();
  });

  it('[LC-77] echo, bytes that are no command, an app that is not there', async () => {
    const wire = await LcWire.connect(world);
    assert.equal((await wire.ask({ cmd: 'echo' })).cmd, 'echo');
    wire.sendBytes(Buffer.from('ffffffff', 'hex'));
    await eventually('closed by 4114', () => wire.closeCode === 4114);
    const stranger = await LcWire.connect(world, { app: { ...world.app, id: 'no-such-app' } });
    assert.deepEqual((await stranger.openSession('Tom')).errorMessage, { code: 4100, reason: 'APP_NOT_AVAILABLE' });
    await eventually('closed by 4100', () => stranger.closeCode === 4100);
  });

  it('[LC-77] what is not known is refused, and the connection stays', async () => {
    const wire = await LcWire.open(world, 'Tom');
    for (const command of [{ cmd: 'room' }, { cmd: 'pubsub' }, { cmd: 'conv', op: 'reject' }] as const)
      assert.deepEqual((await wire.ask(command)).errorMessage, { code: 4114, reason: 'UNPARSEABLE_RAW_MESSAGE' });
    const loggedin = await wire.ask({ cmd: 'login', service: 1, appId: world.app.id, installationId: 'i' });
    assert.deepEqual([loggedin.cmd, loggedin.service], ['loggedin', 1]);
    assert.equal((await wire.ask({ cmd: 'logout', service: 1 })).cmd, 'loggedout');
    const report = { initiative: true, type: 'token', data: 'token' };
    assert.equal((await wire.ask({ cmd: 'report', op: 'upload', reportMessage: report })).op, 'uploaded');
    await wire.close();
  });

  it('[LC-78] the login signature, where it is asked for', async () => {
    const wire = await LcWire.connect(world);
    assert.equal((await wire.openSession('Sig', { s: 'nonsense', t: 1, n: 'x' })).op, 'opened');
    await wire.close();
    await world.set({ 'leancloud.loginSignature': true });
    const now = world.clock.now();
    const signed = (t: number) => ({ t, n: 'n0', s: sign(world.app, `${world.app.id}:Sig::${t}:n0`) });
    const tries = [signed(now), signed(Math.floor(now / 1000)), { ...signed(now), s: signed(now).s.toUpperCase() }];
    for (const said of tries) {
      const good = await LcWire.connect(world);
      const opened = await good.openSession('Sig', said);
      assert.equal(opened.op, 'opened');
      const again = await good.openSession('Sig', { r: true, st: opened.sessionMessage?.st });
      assert.equal(again.op, 'opened');
      await good.close();
    }
    for (const said of [{}, { r: true }, signed(now - 7 * 3_600_000), { ...signed(now), n: 'n1' }]) {
      const bad = await LcWire.connect(world);
      assert.deepEqual((await bad.openSession('Sig', said)).errorMessage, { code: 4102, reason: 'SIGNATURE_FAILED' });
      await bad.close();
    }
    await world.set({ 'leancloud.loginSignature': false });
  });

  it('[LC-63] who is sent away hears why, on every device, his socket stays, and his token is worth nothing', async () => {
    const [a, b] = [await LcWire.connect(world), await LcWire.open(world, 'Kicked')];
    const st = (await a.openSession('Kicked')).sessionMessage?.st;
    await leancloud(world)('POST', '/1.2/rtm/clients/Kicked/kick', { reason: 'spam' }, { master: true });
    for (const wire of [a, b])
      assert.deepEqual((await wire.nextOp('session', 'closed')).sessionMessage, { code: 4115, reason: 'spam' });
    assert.equal((await a.say('x', 'y')).ackMessage?.code, 4105);
    assert.equal((await a.openSession('Kicked', { r: true, st })).errorMessage?.code, 4112);
    assert.equal((await a.openSession('Kicked', { r: true })).op, 'opened');
    await a.close();
    await b.close();
  });

  it('[LC-374] web pages of other origins are sent away where the app names its own', async () => {
    await world.set({ 'leancloud.webOrigins': ['https://chat.example.com'] });
    const bad = await LcWire.connect(world, { origin: 'https://evil.example.com' });
    assert.deepEqual((await bad.openSession('Web')).errorMessage, { code: 4110, reason: 'INVALID_ORIGIN' });
    await eventually('closed by 4110', () => bad.closeCode === 4110);
    for (const origin of ['https://chat.example.com', undefined]) {
      const good = await LcWire.connect(world, origin === undefined ? {} : { origin });
      assert.equal((await good.openSession('Web')).op, 'opened');
      await good.close();
    }
    await world.set({ 'leancloud.webOrigins': [] });
  });

  it('[LC-221] who is online is told by id', async () => {
    const wire = await LcWire.open(world, 'Here');
    const sessionMessage = { sessionPeerIds: ['Here', 'Gone'] };
    const answer = await wire.ask({ cmd: 'session', op: 'query', sessionMessage });
    assert.deepEqual(answer.sessionMessage?.onlineSessionPeerIds, ['Here']);
    await wire.close();
  });

  it('[LC-222] the routers name this server by the way it was asked', async () => {
    const host = new URL(world.url).host;
    const route = await fetch(`${world.url}/v1/route?appId=${world.app.id}&secure=true`);
    const server = `ws://${host}/ws`;
    assert.deepEqual(await route.json(), { groupId: 'g0', server, secondary: server, ttl: 3600 });
    const app = (await (await fetch(`${world.url}/2/route?appId=${world.app.id}`)).json()) as object;
    assert.deepEqual(app, {
      ttl: 3600,
      ...Object.fromEntries(['api', 'rtm_router', 'push', 'stats', 'engine'].map((name) => [`${name}_server`, host])),
    });
    const unknown = await fetch(`${world.url}/v1/route?appId=none`);
    assert.deepEqual([unknown.status, await unknown.json()], [404, { code: 4100, error: 'APP_NOT_AVAILABLE' }]);
  });

  it('[LC-79] before an orderly stop clients are told to go, and those who stay are closed', async () => {
    const stopping = await openWorld();
    const wire = await LcWire.open(stopping, 'Stays');
    await stopping.close();
    assert.deepEqual(wire.pushes, [{ cmd: 'goaway' }]);
    await eventually('the connection is closed', () => wire.closeCode === 1001);
  });
});
