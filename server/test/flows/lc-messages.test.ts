// LeanCloud's socket: what is said, and who hears it when.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createConversation } from '../../src/core/conversations/create.ts';
import type { Command, ConvMessage } from '../../src/dialects/leancloud/socket/frames.ts';
import { LcWire, textOf } from '../kit/leancloud-wire.ts';
import { openWorld, type World } from '../kit/world.ts';

let world: World;
let a: LcWire;
let b: LcWire;
let c: LcWire;
before(async () => {
  world = await openWorld();
  [a, b, c] = [await LcWire.open(world, 'A'), await LcWire.open(world, 'B'), await LcWire.open(world, 'C')];
});
after(() => world.close());

const directs = (wire: LcWire): Command[] => wire.pushes.filter(({ cmd }) => cmd === 'direct');
const data = (wire: LcWire): (string | undefined)[] => directs(wire).map(({ directMessage }) => directMessage?.msg);
const maxRead = (wire: LcWire, convMessage: ConvMessage) => wire.ask({ cmd: 'conv', op: 'max_read', convMessage });
const codeOf = ({ errorMessage, ackMessage }: Command) => errorMessage?.code ?? ackMessage?.code;

describe('LeanCloud messages', () => {
  it('[LC-92] [LC-93] an ack of success has no code, one of failure has its name', async () => {
    const cid = await a.start(['A', 'B']);
    const { ackMessage, cmd } = await a.say(cid, 'hi', { r: true, dt: 'x1', mentionAll: false });
    assert.deepEqual([cmd, Object.keys(ackMessage ?? {}).sort()], ['ack', ['cid', 't', 'uid']]);
    const { directMessage, peerId, service } = await b.nextOp('direct');
    const { id, timestamp, ...rest } = directMessage ?? {};
    assert.deepEqual([id, timestamp, peerId, service], [ackMessage?.uid, ackMessage?.t, 'B', 2]);
    assert.deepEqual(rest, { msg: textOf('hi'), fromPeerId: 'A', cid, convType: 1 });
    const refused = { code: 4401, reason: 'INVALID_MESSAGING_TARGET', cid };
    assert.deepEqual((await c.say(cid, 'no')).ackMessage, refused);
    assert.deepEqual((await c.say('none', 'no')).ackMessage, { ...refused, cid: 'none' });
    assert.equal(codeOf(await a.say(cid, 'x'.repeat(5120))), 4109);
  });

  it('[LC-94] bytes arrive as they were, and are base64 in history', async () => {
    const cid = await a.start(['A', 'B']);
    const bytes = Buffer.from([0, 1, 2, 250, 255]);
    await a.ask({ cmd: 'direct', directMessage: { cid, binaryMsg: bytes } });
    const { directMessage } = await b.nextOp('direct');
    assert.deepEqual([Buffer.from(directMessage?.binaryMsg ?? []), directMessage?.msg], [bytes, undefined]);
    const [item] = (await b.logs(cid)).logsMessage?.logs ?? [];
    assert.deepEqual([item?.bin, item?.data], [true, bytes.toString('base64')]);
  });

  it('[LC-226] what a client said comes back to the byte, whatever it is', async () => {
    const cid = await a.start(['A', 'B']);
    const said = [
      'plain',
      '{"_lctype":-1,"_lctext":"order"}',
      '{ "_lctype" : 7, "x":[1.0] }',
      '{"a":1}',
      '{broken',
      '',
    ];
    for (const msg of said) await a.ask({ cmd: 'direct', directMessage: { cid, msg } });
    await b.settled();
    assert.deepEqual(
      directs(b).map(({ directMessage }) => directMessage?.msg),
      said,
    );
    b.pushes.splice(0);
    assert.deepEqual(
      (await b.logs(cid)).logsMessage?.logs?.map((item) => item.data),
      said,
    );
  });

  it('[LC-95] a transient message is acked and kept nowhere', async () => {
    const cid = await a.start(['A', 'B']);
    const { ackMessage } = await a.say(cid, 'typing', { transient: true });
    assert.deepEqual([ackMessage?.code, typeof ackMessage?.uid], [undefined, 'string']);
    assert.equal((await b.nextOp('direct')).directMessage?.transient, true);
    assert.deepEqual((await a.logs(cid)).logsMessage?.logs ?? [], []);
  });

  it('[LC-96] a message sent again after a reconnect is one message', async () => {
    const wire = await LcWire.connect(world);
    const st = (await wire.openSession('Again', { deviceId: 'phone' })).sessionMessage?.st;
    const cid = await wire.start(['Again', 'B']);
    const first = (await wire.say(cid, 'once', { dt: '1' })).ackMessage;
    wire.cut();
    const back = await LcWire.open(world, 'Again', { r: true, st });
    assert.deepEqual((await back.say(cid, 'once', { dt: '1' })).ackMessage, first);
    const other = await LcWire.open(world, 'Again', { deviceId: 'tablet' });
    assert.notEqual((await other.say(cid, 'another', { dt: '1' })).ackMessage?.uid, first?.uid);
    assert.equal((await back.logs(cid)).logsMessage?.logs?.length, 2);
    await back.close();
    await other.close();
  });

  it("[LC-97] the sender's other session hears it, the sending one does not", async () => {
    const second = await LcWire.open(world, 'A');
    const cid = await a.start(['A', 'B']);
    for (const wire of [a, b, second]) wire.pushes.splice(0);
    await a.say(cid, 'sync');
    for (const wire of [a, b, second]) await wire.settled();
    assert.deepEqual([data(a), data(b), data(second)], [[], [textOf('sync')], [textOf('sync')]]);
    await second.close();
  });

  it('[LC-98] receipts where two talk, none where three do', async () => {
    const cid = await a.start(['A', 'B']);
    const { uid, t = 0 } = (await a.say(cid, 'seen?', { r: true })).ackMessage ?? {};
    b.send({ cmd: 'ack', ackMessage: { cid, fromts: t, tots: t } });
    const delivered = (await a.nextOp('rcp')).rcpMessage;
    assert.deepEqual([delivered?.id, delivered?.cid, delivered?.from, delivered?.read], [uid, cid, 'B', undefined]);
    b.send({ cmd: 'read', readMessage: { convs: [{ cid, timestamp: t }] } });
    const read = (await a.nextOp('rcp')).rcpMessage;
    assert.deepEqual([read?.id, read?.from, read?.read], [uid, 'B', true]);
    const { convMessage } = await maxRead(a, { cid });
    assert.ok((convMessage?.maxAckTimestamp ?? 0) >= t && (convMessage?.maxReadTimestamp ?? 0) >= t);
    const [tuple] = (await maxRead(a, { cid, queryAllMembers: true })).convMessage?.maxReadTuples ?? [];
    assert.deepEqual([tuple?.pid, tuple?.maxReadTimestamp], ['B', convMessage?.maxReadTimestamp]);
    const [item] = (await a.logs(cid)).logsMessage?.logs ?? [];
    assert.ok(item?.ackAt && item.readAt);
    const three = await a.start(['A', 'B', 'C']);
    const late = (await a.say(three, 'all', { r: true })).ackMessage?.t ?? 0;
    b.send({ cmd: 'ack', ackMessage: { cid: three, fromts: late, tots: late } });
    b.send({ cmd: 'read', readMessage: { convs: [{ cid: three, timestamp: late }] } });
    await b.settled();
    await a.settled();
    assert.deepEqual(
      a.pushes.filter(({ cmd }) => cmd === 'rcp'),
      [],
    );
  });

  it('[LC-46] mentions travel with the message', async () => {
    const cid = await a.start(['A', 'B']);
    await a.say(cid, '@B', { mentionPids: ['B', 'X'], mentionAll: true });
    const { directMessage } = await b.next('the mention', (push) => push.directMessage?.mentionAll === true);
    assert.deepEqual(directMessage?.mentionPids, ['B', 'X']);
  });

  it('[LC-104] a recall is answered, then shown to the others; only its sender may', async () => {
    const cid = await a.start(['A', 'B']);
    const { uid: mid, t: timestamp } = (await a.say(cid, 'oops')).ackMessage ?? {};
    const patch = (wire: LcWire, more: object) =>
      wire.ask({ cmd: 'patch', op: 'modify', patchMessage: { patches: [{ cid, mid, timestamp, ...more }] } });
    assert.equal(codeOf(await patch(b, { recall: true })), 4403);
    assert.equal(codeOf(await patch(a, { mid: 'x', recall: true })), 4404);
    assert.equal(codeOf(await patch(a, { timestamp: 1, recall: true })), 4404);
    await world.set({ 'leancloud.messageRecall': false, 'leancloud.messageEdit': false });
    assert.equal(codeOf(await patch(a, { recall: true })), 4407);
    assert.equal(codeOf(await patch(a, { data: 'x' })), 4406);
    await world.set({ 'leancloud.messageRecall': true, 'leancloud.messageEdit': true });
    const edited = await patch(a, { data: textOf('better'), recall: false, mentionPids: ['B'] });
    assert.equal(edited.op, 'modified');
    const shown = (await b.nextOp('patch', 'modify')).patchMessage?.patches?.[0];
    const patchTimestamp = edited.patchMessage?.lastPatchTime;
    assert.deepEqual(shown, {
      cid,
      mid,
      timestamp,
      recall: false,
      data: textOf('better'),
      patchTimestamp,
      from: 'A',
      mentionPids: ['B'],
    });
    const recalled = await patch(a, { recall: true });
    const gone = (await b.nextOp('patch', 'modify')).patchMessage?.patches?.[0];
    assert.deepEqual(
      [gone?.recall, gone?.data, gone?.patchTimestamp],
      [true, '{"_lctype":-127}', recalled.patchMessage?.lastPatchTime],
    );
    assert.deepEqual(
      (await b.logs(cid)).logsMessage?.logs?.map((item) => item.data),
      ['{"_lctype":-127}'],
    );
    await a.settled();
    assert.deepEqual(
      a.pushes.filter(({ cmd }) => cmd === 'patch'),
      [],
    );
  });

  it('[LC-106] a will is said when the connection is lost, the last one only, and never at a logout', async () => {
    const cid = await a.start(['A', 'W']);
    const polite = await LcWire.open(world, 'W');
    await polite.say(cid, 'never', { will: true });
    await polite.ask({ cmd: 'session', op: 'close' });
    await polite.close();
    const lost = await LcWire.open(world, 'W');
    await lost.say(cid, 'first', { will: true });
    await lost.say(cid, 'second', { will: true });
    lost.cut();
    const { directMessage } = await a.nextOp('direct');
    assert.deepEqual([directMessage?.msg, directMessage?.transient], [textOf('second'), true]);
    await a.settled();
    assert.deepEqual([data(a), (await a.logs(cid)).logsMessage?.logs ?? []], [[], []]);
  });

  it('[LC-61] what a client says to a service goes upstream, and to nobody else', async () => {
    const { core, app } = world;
    const wish = {
      kind: 'service',
      form: 'hex24',
      owner: null,
      members: ['B', 'C'],
      name: 's',
      attributes: {},
      keeps: true,
    } as const;
    const { conversation } = await createConversation(core, app, wish, 'create-any');
    for (const wire of [b, c]) wire.pushes.splice(0);
    const { ackMessage } = await b.say(conversation.id, 'help');
    assert.deepEqual([ackMessage?.code, typeof ackMessage?.uid], [undefined, 'string']);
    await c.settled();
    assert.deepEqual(data(c), []);
    const rows = await core.store.services.upstream(app.no, { conversation: conversation.no, limit: 10 });
    assert.deepEqual(
      rows.map(({ who }) => who),
      ['B'],
    );
  });
});
