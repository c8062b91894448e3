// LeanCloud's socket: who may do what in a conversation, and who hears of it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Conversation } from '../../src/core/conversations/conversation.ts';
import { silenceMembers } from '../../src/core/conversations/silence.ts';
import type { BlacklistMessage, Command, ConvMessage } from '../../src/dialects/leancloud/socket/frames.ts';
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
const black = (wire: LcWire, op: OpType, blacklistMessage: BlacklistMessage): Promise<Command> =>
  wire.ask({ cmd: 'blacklist', op, blacklistMessage });
const codeOf = ({ errorMessage, ackMessage }: Command) => errorMessage?.code ?? ackMessage?.code;

async function heard(...wires: LcWire[]): Promise<unknown[]> {
  for (const wire of wires) await wire.settled();
  return wires.map((wire) =>
    wire.pushes.splice(0).map(({ op, convMessage: said }) => [op, said?.m?.join() ?? '', said?.initBy]),
  );
}

describe('LeanCloud rights', () => {
  it('[LC-88] a blocked client leaves, and is not let in again until the block is lifted', async () => {
    const cid = await a.start(['A', 'B', 'C']);
    await heard(a, b, c);
    assert.equal(codeOf(await black(b, 'block', { srcCid: cid, toPids: ['C'] })), 4320);
    const blocked = await black(a, 'block', { srcCid: cid, toPids: ['C'] });
    assert.deepEqual([blocked.op, blocked.blacklistMessage?.allowedPids], ['blocked', ['C']]);
    const others = [
      ['members_blocked', 'C', 'A'],
      ['members_left', 'C', 'A'],
    ];
    assert.deepEqual(await heard(a, b, c), [
      others,
      others,
      [
        ['blocked', '', 'A'],
        ['left', '', 'A'],
      ],
    ]);
    const failedPids = [{ code: 4548, reason: 'BLOCKED_BY_CONV', pids: ['C'] }];
    const added = (await conv(a, 'add', { cid, m: ['C', 'D'] })).convMessage;
    assert.deepEqual([added?.allowedPids, added?.failedPids], [['D'], failedPids]);
    const page = await black(a, 'query', { srcCid: cid });
    assert.deepEqual(
      [page.op, page.blacklistMessage?.blockedPids, page.blacklistMessage?.next],
      ['query_result', ['C'], undefined],
    );
    assert.deepEqual(
      (await black(b, 'check_block', { srcCid: cid, toPids: ['B', 'C'] })).blacklistMessage?.blockedPids,
      ['C'],
    );
    assert.equal((await black(a, 'unblock', { srcCid: cid, toPids: ['C'] })).op, 'unblocked');
    assert.deepEqual((await conv(a, 'add', { cid, m: ['C'] })).convMessage?.allowedPids, ['C']);
  });

  it('[LC-88] with the switch off nobody is blocked', async () => {
    const cid = await a.start(['A', 'B']);
    await world.set({ 'leancloud.blacklist': false });
    assert.equal(codeOf(await black(a, 'block', { srcCid: cid, toPids: ['B'] })), 4544);
    await world.set({ 'leancloud.blacklist': true });
  });

  it('[LC-89] roles: nobody raises himself, and an owner of many stays', async () => {
    const cid = await a.start(['A', 'B', 'C', 'D']);
    const role = (wire: LcWire, pid: string, word: string) =>
      conv(wire, 'member_info_update', { cid, targetClientId: pid, info: { pid, role: word } });
    assert.equal(codeOf(await role(a, 'B', 'Manager')), 4325);
    await world.set({ 'leancloud.memberRoles': true });
    await heard(a, b, c);
    assert.equal(codeOf(await role(b, 'B', 'Manager')), 4320);
    assert.equal(codeOf(await role(a, 'B', 'King')), 4321);
    assert.equal((await role(a, 'B', 'Manager')).op, 'member_info_updated');
    const { convMessage, serverTs } = await c.nextOp('conv', 'member_info_changed');
    assert.deepEqual(
      [convMessage?.info, convMessage?.initBy, serverTs !== undefined],
      [{ pid: 'B', role: 'Manager' }, 'A', true],
    );
    assert.equal((await role(b, 'C', 'Manager')).op, 'member_info_updated');
    assert.equal(codeOf(await role(b, 'C', 'Member')), 4320);
    const gone = (await conv(a, 'remove', { cid, m: ['A', 'D'] })).convMessage;
    assert.deepEqual(
      [gone?.allowedPids, gone?.failedPids],
      [['D'], [{ code: 4324, reason: 'CONVERSATION_NEED_OWNER', pids: ['A'] }]],
    );
    await world.set({ 'leancloud.memberRoles': false });
  });

  it('[LC-224] a client that cannot read a half success hears one refusal', async () => {
    const old = await LcWire.open(world, 'Old', { configBitmap: 0x1b });
    const cid = await old.start(['Old', 'B']);
    await black(old, 'block', { srcCid: cid, toPids: ['C'] });
    assert.equal(codeOf(await conv(old, 'add', { cid, m: ['C', 'D'] })), 4548);
    assert.deepEqual((await conv(old, 'members', { cid })).convMessage?.m?.toSorted(), ['B', 'Old']);
    await old.close();
  });

  it('[LC-90] silence over the socket, told to all, listed, and lifted', async () => {
    const cid = await a.start(['A', 'B', 'C']);
    await heard(a, b, c);
    const added = await conv(a, 'add_shutup', { cid, m: ['C'] });
    assert.deepEqual([added.op, added.convMessage?.allowedPids], ['shutup_added', ['C']]);
    assert.deepEqual(await heard(a, c), [[['members_shutuped', 'C', 'A']], [['shutuped', '', 'A']]]);
    assert.equal(codeOf(await conv(b, 'remove_shutup', { cid, m: ['C'] })), 4320);
    const { op, convMessage } = await conv(b, 'query_shutup', { cid });
    assert.deepEqual([op, convMessage?.m, convMessage?.next], ['shutup_result', ['C'], undefined]);
    assert.deepEqual((await conv(b, 'check_shutup', { cid, m: ['B', 'C'] })).convMessage?.m, ['C']);
    assert.equal((await conv(a, 'remove_shutup', { cid, m: ['C'] })).op, 'shutup_removed');
    assert.deepEqual(await heard(c), [
      [
        ['unshutuped', '', 'A'],
        ['members_unshutuped', 'C', 'A'],
      ],
    ]);
  });

  it('[LC-30] [LC-36] who is silenced is told for how long by the code', async () => {
    const cid = await a.start(['A', 'B', 'C']);
    const { core, app } = world;
    const conversation = (await core.store.conversations.open(app.no, cid)) as Conversation;
    const until = world.clock.now() + 60_000;
    await silenceMembers(core, app, conversation, ['C'], { until, sticky: true, membersOnly: false });
    await heard(a, b, c);
    assert.deepEqual((await c.say(cid, 'x')).ackMessage, {
      code: 4315,
      reason: 'CONVERSATION_TEMPORARY_BLACKLISTED',
      cid,
    });
    assert.equal(codeOf(await c.say(cid, 'x', { transient: true })), 4315);
    await conv(a, 'add_shutup', { cid, m: ['C'] });
    assert.equal(codeOf(await c.say(cid, 'x')), 4563);
    await conv(a, 'remove_shutup', { cid, m: ['C'] });
    world.clock.advance(61_000);
    assert.equal(codeOf(await c.say(cid, 'x')), undefined);
  });

  it("[LC-91] muting is one's own affair, shown in the row", async () => {
    const cid = await a.start(['A', 'B']);
    await heard(a, b);
    const muted = await conv(b, 'mute', { cid });
    assert.deepEqual([muted.op, typeof muted.convMessage?.udate], ['updated', 'string']);
    const row = async (wire: LcWire) => {
      const where = { data: JSON.stringify({ objectId: cid }) };
      return JSON.parse((await conv(wire, 'query', { where })).convMessage?.results?.data ?? '')[0];
    };
    const [his, hers] = [await row(b), await row(a)];
    assert.deepEqual([his.mu, his.muted, hers.mu, hers.muted], [['B'], true, ['B'], false]);
    assert.deepEqual(await heard(a, b), [[], []]);
    await conv(b, 'unmute', { cid });
    assert.deepEqual((await row(b)).mu, []);
    assert.equal(codeOf(await conv(c, 'mute', { cid })), 4317);
  });

  it('[LC-56] rooms: joined one at a time, counted by who is there, and nobody is told', async () => {
    const first = (await conv(a, 'start', { m: ['A'], transient: true })).convMessage?.cid ?? '';
    const second = await b.start(['B'], { transient: true });
    const count = async (cid: string) => (await conv(a, 'count', { cid })).convMessage?.count;
    await conv(b, 'add', { cid: first, m: ['B'] });
    assert.deepEqual([await count(first), await count(second)], [2, 0]);
    assert.deepEqual((await conv(a, 'members', { cid: first })).convMessage?.m?.toSorted(), ['A', 'B']);
    assert.deepEqual((await conv(a, 'add', { cid: first, m: ['C'] })).convMessage?.failedPids?.[0]?.code, 4314);
    const asked = await conv(b, 'is_member', { cids: [first, second] });
    assert.deepEqual(JSON.parse(asked.convMessage?.results?.data ?? ''), { [first]: true, [second]: false });
    assert.equal(codeOf(await c.say(first, 'from outside')), undefined);
    const { directMessage } = await b.nextOp('direct');
    assert.deepEqual([directMessage?.cid, directMessage?.fromPeerId, directMessage?.convType], [first, 'C', 2]);
    await conv(b, 'remove', { cid: first, m: ['B'] });
    await a.say(first, 'gone');
    assert.deepEqual([await count(first), await heard(b)], [1, [[]]]);
  });

  it('[LC-225] who was lost in a room and comes back soon is put back', async () => {
    const room = await a.start(['A'], { transient: true });
    const lost = await LcWire.connect(world);
    const st = (await lost.openSession('Lost')).sessionMessage?.st;
    await conv(lost, 'add', { cid: room, m: ['Lost'] });
    lost.cut();
    const back = await LcWire.open(world, 'Lost', { r: true, st });
    await a.say(room, 'hello again');
    assert.equal((await back.nextOp('direct')).directMessage?.cid, room);
    await back.close();
  });
});
