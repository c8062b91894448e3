// LeanCloud's socket: limits, priorities, words that are starred out, receipts where many talk, ids of what is kept nowhere.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { addWords } from '../../src/core/words/change-words.ts';
import type { Command } from '../../src/dialects/leancloud/socket/frames.ts';
import { leancloud } from '../kit/leancloud.ts';
import { LcWire, textOf } from '../kit/leancloud-wire.ts';
import { openWorld, type World } from '../kit/world.ts';

let world: World;
let a: LcWire;
let b: LcWire;
before(async () => {
  world = await openWorld();
  [a, b] = [await LcWire.open(world, 'A'), await LcWire.open(world, 'B')];
});
after(() => world.close());

const codeOf = ({ errorMessage, ackMessage }: Command) => errorMessage?.code ?? ackMessage?.code;
const rest = (path: string, body: object) => leancloud(world)('POST', path, body, { master: true });

describe('LeanCloud limits', () => {
  it('[LC-363] with limits a client says 60 things a minute, asks 120 times for history and 30 times for each other kind', async () => {
    const cid = await a.start(['A', 'B']);
    await world.set({ 'leancloud.rateLimits': true });
    const codes = async (times: number, ask: () => Promise<Command>) =>
      (await Promise.all(Array.from({ length: times }, ask))).map(codeOf).filter((code) => code !== undefined);
    const count = () => b.ask({ cmd: 'conv', op: 'count', convMessage: { cid } });
    const query = () => b.ask({ cmd: 'conv', op: 'query', convMessage: {} });
    assert.deepEqual(await codes(61, () => b.say(cid, 'x')), [4116]);
    assert.deepEqual(await codes(121, () => b.logs(cid)), [4116]);
    assert.deepEqual(await codes(31, count), [4116]);
    assert.deepEqual(await codes(30, query), [], 'each kind has its own');
    const refused = (await b.say(cid, 'x')).ackMessage;
    assert.deepEqual(refused, { code: 4116, reason: 'MESSAGE_SENT_QUOTA_EXCEEDED', cid });
    assert.equal(codeOf(await a.say(cid, 'mine')), undefined, "another's budget is his own");
    assert.deepEqual(await codes(61, () => b.ask({ cmd: 'echo' })), []);
    world.clock.advance(60_000);
    assert.equal(codeOf(await b.say(cid, 'x')), undefined);
    await world.set({ 'leancloud.rateLimits': false });
  });

  it('[LC-364] a sender whose words were starred out is told so, on each of his devices', async () => {
    await addWords(world.core, world.app, ['moon'], 10);
    const second = await LcWire.open(world, 'A');
    const cid = await a.start(['A', 'B']);
    for (const wire of [a, b, second]) wire.pushes.splice(0);
    const { uid: mid, t: timestamp } = (await a.say(cid, 'the moon')).ackMessage ?? {};
    const starred = textOf('the ****');
    const told = { cid, mid, timestamp, recall: false, data: starred, patchTimestamp: timestamp, from: 'A' };
    const censored = { patchCode: -4408, patchReason: 'MESSAGE_MODIFIED_BY_CENSORSHIP' };
    for (const wire of [a, second])
      assert.deepEqual((await wire.nextOp('patch', 'modify')).patchMessage?.patches, [{ ...told, ...censored }]);
    assert.equal((await b.nextOp('direct')).directMessage?.msg, starred);
    const patches = [{ cid, mid, timestamp, data: textOf('moon moon') }];
    const { op } = await a.ask({ cmd: 'patch', op: 'modify', patchMessage: { patches } });
    const [again] = (await a.nextOp('patch', 'modify')).patchMessage?.patches ?? [];
    assert.deepEqual([op, again?.data, again?.patchCode], ['modified', textOf('**** ****'), -4408]);
    await b.settled();
    const [shown] = b.pushes.filter(({ cmd }) => cmd === 'patch').flatMap((push) => push.patchMessage?.patches ?? []);
    assert.deepEqual([shown?.data, shown?.patchCode], [textOf('**** ****'), undefined]);
    await second.close();
  });

  it('[LC-37] [LC-365] what is kept nowhere has one id for everybody, and the id that REST answers', async () => {
    const cid = await a.start(['A', 'B']);
    for (const wire of [a, b]) wire.pushes.splice(0);
    const { uid, t } = (await a.say(cid, 'typing', { transient: true })).ackMessage ?? {};
    const heard = (await b.nextOp('direct')).directMessage;
    assert.deepEqual([heard?.id, heard?.timestamp], [uid, t]);
    for (const transient of [true, false]) {
      const message = { from_client: 'A', message: textOf('rest'), transient };
      const { body } = await rest(`/1.2/rtm/conversations/${cid}/messages`, message);
      const { directMessage } = await b.nextOp('direct');
      assert.deepEqual([directMessage?.id, directMessage?.timestamp], [body['msg-id'], body.timestamp]);
    }
  });

  it('[LC-95] a client that waits for no answer to a transient message gets none', async () => {
    const old = await LcWire.open(world, 'Old', { configBitmap: 0x03 });
    const cid = await old.start(['Old', 'B']);
    old.send({ cmd: 'direct', i: 900, directMessage: { cid, msg: 'typing', transient: true } });
    await b.next('it is heard', ({ directMessage }) => directMessage?.cid === cid);
    await old.settled();
    assert.deepEqual(
      old.all.filter(({ i }) => i === 900),
      [],
    );
    await old.close();
  });

  it("[LC-41] the sender's own devices hear what REST says for him, unless it says no_sync", async () => {
    const cid = await a.start(['A', 'B']);
    const path = `/1.2/rtm/conversations/${cid}/messages`;
    for (const wire of [a, b]) await wire.settled();
    for (const wire of [a, b]) wire.pushes.splice(0);
    await rest(path, { from_client: 'A', message: 'one' });
    await rest(path, { from_client: 'A', message: 'two', no_sync: true });
    const said = async (wire: LcWire) => {
      await wire.settled();
      return wire.pushes.splice(0).map(({ directMessage }) => directMessage?.msg);
    };
    assert.deepEqual([await said(a), await said(b)], [['one'], ['one', 'two']]);
  });

  it('[LC-57] what REST says in a room reaches who is there, and not the devices of its sender', async () => {
    const [one, two] = [await LcWire.open(world, 'One'), await LcWire.open(world, 'Two')];
    const room = await one.start(['One'], { transient: true });
    await two.ask({ cmd: 'conv', op: 'add', convMessage: { cid: room, m: ['Two'] } });
    await rest(`/1.2/rtm/chatrooms/${room}/messages`, { from_client: 'One', message: 'hello' });
    assert.equal((await two.nextOp('direct')).directMessage?.msg, 'hello');
    await one.settled();
    assert.deepEqual(one.pushes, []);
    for (const wire of [one, two]) await wire.close();
  });

  it('[LC-366] in a group each receiver answers for himself, to devices that understand it', async () => {
    const swift = await LcWire.open(world, 'Swift', { configBitmap: 0xff });
    const people = ['P', 'Q', 'R'];
    const wires = await Promise.all(people.map((who) => LcWire.open(world, who)));
    const cid = await swift.start(['Swift', ...people]);
    const { uid, t = 0 } = (await swift.say(cid, 'all of you', { r: true })).ackMessage ?? {};
    for (const wire of wires) wire.send({ cmd: 'ack', ackMessage: { cid, fromts: t, tots: t } });
    const from = async () => (await swift.nextOp('rcp')).rcpMessage;
    const receipts = [await from(), await from(), await from()];
    assert.deepEqual(receipts.map((one) => one?.from).sort(), people);
    assert.ok(receipts.every((one) => one?.id === uid && one?.read === undefined));
    const { convMessage } = await swift.ask({
      cmd: 'conv',
      op: 'max_read',
      convMessage: { cid, queryAllMembers: true },
    });
    const tuples = convMessage?.maxReadTuples ?? [];
    assert.deepEqual(tuples.map(({ pid }) => pid).sort(), people);
    assert.ok(tuples.every(({ maxAckTimestamp = 0 }) => maxAckTimestamp >= t));
    for (const wire of [swift, ...wires]) await wire.close();
  });

  it('[LC-367] on the older subprotocol nobody is told twice, in groups of any size', async () => {
    const crowd = Array.from({ length: 60 }, (_, n) => `Crowd${n}`);
    const cid = await a.start(['A', ...crowd]);
    const t = (await a.say(cid, 'once')).ackMessage?.t;
    for (const who of ['Crowd1', 'Crowd2', 'Crowd3']) {
      const told = async () => {
        const wire = await LcWire.open(world, who, {}, { subprotocol: 'lc.protobuf2.1' });
        await wire.settled();
        const { length } = wire.pushes.filter(({ directMessage }) => directMessage?.cid === cid);
        wire.send({ cmd: 'ack', ackMessage: { cid, fromts: t, tots: t } });
        await wire.settled();
        await wire.close();
        return length;
      };
      assert.deepEqual([await told(), await told()], [1, 0], who);
    }
  });

  it('[LC-62] at most twenty clients are asked about at once', async () => {
    const ask = async (client_ids: string[]) => rest('/1.2/rtm/clients/check-online', { client_ids });
    assert.deepEqual((await ask(['A', 'Nobody'])).body, { results: ['A'] });
    assert.equal((await ask(Array.from({ length: 21 }, (_, n) => `x${n}`))).status, 400);
  });
});
