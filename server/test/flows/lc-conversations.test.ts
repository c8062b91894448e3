// LeanCloud's socket: conversations are made, found and changed, and who hears of it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sign } from '../../src/dialects/leancloud/signature.ts';
import type { Command, ConvMessage } from '../../src/dialects/leancloud/socket/frames.ts';
import type { OpType } from '../../src/dialects/leancloud/socket/schema.ts';
import { LcWire } from '../kit/leancloud-wire.ts';
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

const conv = (wire: LcWire, op: OpType, convMessage: ConvMessage): Promise<Command> =>
  wire.ask({ cmd: 'conv', op, convMessage });

/** Everybody's pushes so far: op, who is meant, who did it. */
async function heard(...wires: LcWire[]): Promise<unknown[]> {
  for (const wire of wires) await wire.settled();
  return wires.map((wire) =>
    wire.pushes.splice(0).map(({ op, convMessage: said }) => [op, said?.m?.join() ?? '', said?.initBy]),
  );
}

const rows = async (wire: LcWire, where: object, more: ConvMessage = {}) => {
  const { convMessage } = await conv(wire, 'query', { where: { data: JSON.stringify(where) }, ...more });
  return JSON.parse(convMessage?.results?.data ?? 'none');
};

describe('LeanCloud conversations', () => {
  it('[LC-81] who makes one is answered first, then all members hear of it', async () => {
    const attr = { data: JSON.stringify({ name: 'Trip', colour: 'red', attr: { k: 1 } }) };
    const { op, convMessage } = await conv(a, 'start', { m: ['B', 'A', 'B'], attr });
    assert.equal(op, 'started');
    const { cid = '', cdate = '' } = convMessage ?? {};
    assert.match(cid, /^[0-9a-f]{24}$/);
    assert.match(cdate, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const both = [
      ['joined', '', 'A'],
      ['members_joined', 'A,B', 'A'],
    ];
    await a.settled();
    assert.equal(a.all.findIndex((one) => one.op === 'started') < a.all.findIndex((one) => one.op === 'joined'), true);
    const { serverTs, notificationType, service, convMessage: said } = a.pushes[0] as Command;
    assert.deepEqual(
      [typeof serverTs, notificationType, service, said?.cid, typeof said?.udate],
      ['number', 1, 2, cid, 'string'],
    );
    assert.deepEqual(await heard(a, b, c), [both, both, []]);
    const [row] = await rows(b, { objectId: cid });
    assert.deepEqual(
      [row.name, row.colour, row.attr, row.c, row.m.toSorted(), row.conv_type],
      ['Trip', 'red', { k: 1 }, 'A', ['A', 'B'], 1],
    );
  });

  it('[LC-82] a unique one is found again, as it was, and nobody is told', async () => {
    const attr = (name: string) => ({ data: JSON.stringify({ name }) });
    const first = (await conv(a, 'start', { m: ['A', 'B', 'C'], unique: true, attr: attr('old') })).convMessage;
    await heard(a, b, c);
    const second = (await conv(b, 'start', { m: ['C', 'A'], unique: true, attr: attr('new') })).convMessage;
    assert.deepEqual(
      [second?.cid, second?.cdate, second?.uniqueId, second?.existing],
      [first?.cid, first?.cdate, first?.uniqueId, true],
    );
    assert.match(first?.uniqueId ?? '', /^[0-9a-f]{32}$/);
    assert.deepEqual(await heard(a, b, c), [[], [], []]);
    assert.equal((await rows(a, { objectId: first?.cid }))[0].name, 'old');
  });

  it('[LC-83] a temporary one is one for its members, holds ten, and ends', async () => {
    const first = (await conv(a, 'start', { m: ['A', 'B'], tempConv: true, tempConvTTL: 60 })).convMessage;
    const second = (await conv(b, 'start', { m: ['A'], tempConv: true, unique: false })).convMessage;
    assert.match(first?.cid ?? '', /^_tmp:/);
    assert.deepEqual([second?.cid, first?.tempConvTTL], [first?.cid, 60]);
    const [ops] = await heard(b, a);
    assert.deepEqual(ops, [
      ['joined', '', 'A'],
      ['members_joined', 'A,B', 'A'],
    ]);
    const { convMessage } = await conv(a, 'query', { tempConvIds: [first?.cid ?? '', '_tmp:none'] });
    const [row] = JSON.parse(convMessage?.results?.data ?? '');
    assert.deepEqual([row.objectId, row.temp, row.conv_type, row.m.length], [first?.cid, true, 4, 2]);
    const many = Array.from({ length: 11 }, (_, n) => `T${n}`);
    assert.equal((await conv(a, 'start', { m: many, tempConv: true })).errorMessage?.code, 4304);
    world.clock.advance(61_000);
    assert.equal((await a.say(first?.cid ?? '', 'late')).ackMessage?.code, 4303);
  });

  it('[LC-84] adding, joining, removing and leaving tell exactly whom they concern', async () => {
    const cid = await a.start(['A', 'C']);
    await heard(a, b, c);
    const added = await conv(a, 'add', { cid, m: ['B'] });
    assert.deepEqual(
      [added.op, added.convMessage?.allowedPids, typeof added.convMessage?.udate],
      ['added', ['B'], 'string'],
    );
    const joined = [['members_joined', 'B', 'A']];
    assert.deepEqual(await heard(a, b, c), [joined, [['joined', '', 'A'], ...joined], joined]);
    assert.equal((await conv(a, 'remove', { cid, m: ['B'] })).op, 'removed');
    const left = [['members_left', 'B', 'A']];
    assert.deepEqual(await heard(a, b, c), [left, [['left', '', 'A']], left]);
    await conv(b, 'add', { cid, m: ['B'] });
    assert.deepEqual(await heard(c, b), [
      [['members_joined', 'B', 'B']],
      [
        ['joined', '', 'B'],
        ['members_joined', 'B', 'B'],
      ],
    ]);
    await heard(a);
    await conv(b, 'remove', { cid, m: ['B'] });
    assert.deepEqual(await heard(a, b), [[['members_left', 'B', 'B']], [['left', '', 'B']]]);
    assert.equal((await conv(b, 'add', { cid, m: ['D'] })).errorMessage?.code, 4317);
    assert.equal((await conv(b, 'add', { cid: 'none', m: ['B'] })).errorMessage?.code, 4303);
  });

  it('[LC-85] an update is told to everybody but the session that asked', async () => {
    const cid = await a.start(['A', 'B'], { attr: { data: '{"attr":{"j":2,"z":0},"kept":1}' } });
    const second = await LcWire.open(world, 'A');
    await heard(a, b, second);
    const asked = { data: JSON.stringify({ 'attr.k': 1, 'attr.z': { __op: 'Delete' }, name: 'N' }) };
    const { op, convMessage } = await conv(a, 'update', { cid, attr: asked });
    const modified = { name: 'N', attr: { j: 2, k: 1 } };
    assert.deepEqual([op, JSON.parse(convMessage?.attrModified?.data ?? '')], ['updated', modified]);
    assert.ok(convMessage?.udate);
    for (const wire of [b, second]) {
      const { convMessage: said } = await wire.nextOp('conv', 'updated');
      assert.deepEqual(JSON.parse(said?.attr?.data ?? ''), { name: 'N', 'attr.k': 1, 'attr.z': null });
      assert.deepEqual([JSON.parse(said?.attrModified?.data ?? ''), said?.initBy], [modified, 'A']);
    }
    assert.deepEqual(await heard(a), [[]]);
    const refused = await conv(c, 'update', { cid, attr: asked });
    assert.deepEqual(refused.errorMessage, { code: 4309, reason: 'CONVERSATION_UPDATE_REJECTED' });
    await second.close();
  });

  it("[LC-86] queries: one's own without a condition, anybody's with one", async () => {
    const q = await LcWire.open(world, 'Q');
    const mine = await q.start(['Q', 'R'], { attr: { data: '{"name":"a.b","rank":2,"tags":["x","y"]}' } });
    const other = await a.start(['A', 'R'], { attr: { data: '{"name":"aXb","rank":1}' } });
    const ids = async (where: object, more?: ConvMessage) =>
      (await rows(q, where, more)).map((row: { objectId: string }) => row.objectId);
    assert.deepEqual(await ids({}), [mine]);
    assert.deepEqual(await ids({ m: 'R' }, { sort: 'rank' }), [other, mine]);
    assert.deepEqual(await ids({ name: { $regex: '\\Qa.b\\E' } }), [mine]);
    assert.deepEqual(await ids({ name: { $regex: '^AXB$', $options: 'i' } }), [other]);
    assert.deepEqual(await ids({ m: { $all: ['R', 'Q'], $size: 2 } }), [mine]);
    assert.deepEqual(await ids({ tags: 'x' }), [mine]);
    assert.deepEqual(await ids({ rank: { $gte: 1, $lt: 2 } }), [other]);
    assert.deepEqual(await ids({ m: 'R' }, { limit: 0 }), []);
    assert.deepEqual(await ids({ m: 'R', rank: { $exists: true } }, { sort: '-rank', skip: 1, limit: 1 }), [other]);
    await q.say(mine, 'last');
    const [compact] = await rows(q, {}, { flag: 1 });
    assert.deepEqual([compact.m, compact.msg, compact.objectId], [undefined, undefined, mine]);
    const [withLast] = await rows(q, {}, { flag: 2 });
    assert.deepEqual([JSON.parse(withLast.msg)._lctext, withLast.msg_from, withLast.bin], ['last', 'Q', false]);
    const bad = await conv(q, 'query', { where: { data: '{"a":{"$near":1}}' } });
    assert.deepEqual(bad.errorMessage, { code: 4310, reason: 'CONVERSATION_QUERY_FAILED' });
    await q.close();
  });

  it('[LC-87] a missing one is no error, and a new one is found at once', async () => {
    assert.deepEqual(await rows(a, { objectId: 'ffffffffffffffffffffffff' }), []);
    const cid = await a.start(['A']);
    assert.equal((await rows(c, { objectId: { $in: [cid, 'none'] } })).length, 1);
  });

  it('[LC-223] the creation signature covers the members, and both words for adding are good', async () => {
    await world.set({ 'leancloud.conversationSignature': true });
    const t = world.clock.now();
    const { id } = world.app;
    const made = await conv(a, 'start', { m: ['A', 'B'], t, n: 'n', s: sign(world.app, `${id}:A:A:B:${t}:n`) });
    const cid = made.convMessage?.cid ?? '';
    assert.equal(made.op, 'started');
    assert.deepEqual((await conv(a, 'start', { m: ['A', 'B'] })).errorMessage?.code, 4302);
    for (const [word, who] of [
      ['invite', 'S1'],
      ['add', 'S2'],
    ] as const) {
      const s = sign(world.app, `${id}:A:${cid}:${who}:${t}:n:${word}`);
      assert.deepEqual((await conv(a, 'add', { cid, m: [who], t, n: 'n', s })).convMessage?.allowedPids, [who]);
    }
    assert.equal((await conv(a, 'remove', { cid, m: ['S1'], t, n: 'n', s: 'x' })).errorMessage?.code, 4302);
    await world.set({ 'leancloud.conversationSignature': false });
  });
});
