// LeanCloud's socket: what was missed, what is unread, and what was said before.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Command, LogsMessage, SessionMessage, UnreadTuple } from '../../src/dialects/leancloud/socket/frames.ts';
import { LcWire, textOf } from '../kit/leancloud-wire.ts';
import { openWorld, type World } from '../kit/world.ts';

let world: World;
let a: LcWire;
before(async () => {
  world = await openWorld();
  a = await LcWire.open(world, 'A');
});
after(() => world.close());

const tuples = (push: Command | undefined): UnreadTuple[] => push?.unreadMessage?.convs ?? [];
const unreadOf = async (wire: LcWire): Promise<UnreadTuple[]> => tuples(await wire.nextOp('unread'));

/** Logs in, and answers what was told before anything else happened. */
async function arrive(who: string, said: SessionMessage = {}, subprotocol?: string) {
  const wire = await LcWire.open(world, who, said, subprotocol === undefined ? {} : { subprotocol });
  await wire.settled();
  return { wire, told: wire.pushes.splice(0) };
}

describe('LeanCloud catch-up', () => {
  it('[LC-99] what came while a client was away is counted, on every device, until it is read on one', async () => {
    const cid = await a.start(['A', 'Off']);
    await a.say(cid, 'one');
    await a.say(cid, 'two', { mentionPids: ['Off'] });
    const { uid, t } = (await a.say(cid, 'three')).ackMessage ?? {};
    const first = await arrive('Off');
    const second = await arrive('Off');
    const tuple = {
      cid,
      unread: 3,
      mid: uid,
      timestamp: t,
      from: 'A',
      data: textOf('three'),
      mentioned: true,
      convType: 1,
    };
    assert.deepEqual(tuples(first.told[0]), [tuple]);
    assert.deepEqual([first.told.length, tuples(second.told[0])], [1, [tuple]]);
    assert.ok((first.told[0]?.unreadMessage?.notifTime ?? 0) > 0);
    first.wire.send({ cmd: 'read', readMessage: { convs: [{ cid, timestamp: t }] } });
    for (const { wire } of [first, second]) {
      const [now] = await unreadOf(wire);
      assert.deepEqual([now?.cid, now?.unread, now?.mentioned], [cid, 0, false]);
    }
    await first.wire.close();
    await second.wire.close();
  });

  it('[LC-100] [LC-101] being there is not reading, and a mark never moves back', async () => {
    const { wire } = await arrive('Live');
    const cid = await a.start(['A', 'Live']);
    const first = (await a.say(cid, 'one')).ackMessage?.t;
    const second = (await a.say(cid, 'two')).ackMessage?.t;
    await wire.nextOp('direct');
    await wire.close();
    const again = await arrive('Live');
    assert.equal(tuples(again.told[0])[0]?.unread, 2);
    again.wire.send({ cmd: 'read', readMessage: { convs: [{ cid, timestamp: second }] } });
    assert.equal((await unreadOf(again.wire))[0]?.unread, 0);
    again.wire.send({ cmd: 'read', readMessage: { convs: [{ cid, timestamp: first }] } });
    await again.wire.settled();
    await again.wire.close();
    assert.deepEqual((await arrive('Live')).told, []);
  });

  it('[LC-102] at most fifty conversations, and a hundred in one', async () => {
    for (let n = 0; n < 52; n += 1) await a.say(await a.start(['A', 'Many']), 'x');
    const busy = await a.start(['A', 'Many']);
    for (let n = 0; n < 105; n += 1) await a.say(busy, 'x');
    const { wire, told } = await arrive('Many');
    const all = tuples(told[0]);
    assert.deepEqual([all.length, all[0]?.cid, all[0]?.unread], [50, busy, 100]);
    await wire.close();
  });

  it('[LC-227] who says when he was last told hears of what came since', async () => {
    const cid = await a.start(['A', 'Since']);
    const other = await a.start(['A', 'Since']);
    await a.say(other, 'old');
    const { wire, told } = await arrive('Since');
    const lastUnreadNotifTime = told[0]?.unreadMessage?.notifTime;
    await wire.close();
    await a.say(cid, 'new');
    const back = await arrive('Since', { lastUnreadNotifTime });
    assert.deepEqual(
      tuples(back.told[0]).map((one) => [one.cid, one.unread]),
      [[cid, 1]],
    );
    const notifTime = back.told[0]?.unreadMessage?.notifTime;
    await back.wire.close();
    world.clock.advance(5);
    const { wire: elsewhere } = await arrive('Since');
    elsewhere.send({ cmd: 'read', readMessage: { convs: [{ cid: other, timestamp: world.clock.now() }] } });
    await elsewhere.settled();
    await elsewhere.close();
    const after = await arrive('Since', { lastUnreadNotifTime: notifTime });
    assert.deepEqual(
      tuples(after.told[0]).map((one) => [one.cid, one.unread]),
      [[other, 0]],
      'only what was read on another device',
    );
    const now = { lastUnreadNotifTime: world.clock.now() + 1 };
    await after.wire.close();
    const last = await arrive('Since', now);
    assert.deepEqual(last.told, []);
    await last.wire.close();
  });

  it('[LC-105] a change that was missed comes after the login', async () => {
    const cid = await a.start(['A', 'Patched']);
    const { uid: mid, t: timestamp } = (await a.say(cid, 'x')).ackMessage ?? {};
    const { wire } = await arrive('Patched');
    await wire.close();
    const lastPatchTime = world.clock.now() - 1;
    const patches = [{ cid, mid, timestamp, recall: true }];
    await a.ask({ cmd: 'patch', op: 'modify', patchMessage: { patches } });
    const { told } = await arrive('Patched', { lastPatchTime });
    const [patch] = told[0]?.patchMessage?.patches ?? [];
    assert.deepEqual([told[0]?.op, patch?.mid, patch?.recall, patch?.data], ['modify', mid, true, '{"_lctype":-127}']);
    assert.deepEqual((await arrive('Patched', { lastPatchTime: world.clock.now() + 1000 })).told, []);
  });

  it('[LC-108] the older protocol brings the messages themselves, until they have arrived', async () => {
    const cid = await a.start(['A', 'One']);
    await a.say(cid, 'first');
    const t = (await a.say(cid, 'second')).ackMessage?.t;
    const { wire, told } = await arrive('One', {}, 'lc.protobuf2.1');
    assert.deepEqual(
      told.map(({ cmd, directMessage: said }) => [cmd, said?.msg, said?.offline, said?.fromPeerId]),
      [
        ['direct', textOf('first'), true, 'A'],
        ['direct', textOf('second'), true, 'A'],
      ],
    );
    wire.send({ cmd: 'ack', ackMessage: { cid, fromts: 0, tots: t } });
    await wire.settled();
    await wire.close();
    assert.deepEqual((await arrive('One', {}, 'lc.protobuf2.1')).told, []);
  });
});

describe('LeanCloud history', () => {
  it('[LC-103] twenty newest, oldest first, and every boundary', async () => {
    const cid = await a.start(['A', 'H']);
    const said: { uid: string; t: number }[] = [];
    for (let n = 0; n < 25; n += 1) {
      const msg = n % 5 === 0 ? '{"_lctype":7}' : textOf(`m${n}`);
      const { uid = '', t = 0 } = (await a.ask({ cmd: 'direct', directMessage: { cid, msg } })).ackMessage ?? {};
      said.push({ uid, t });
    }
    const at = (n: number) => said[n] as { uid: string; t: number };
    const asked = async (more: LogsMessage) =>
      ((await a.logs(cid, more)).logsMessage?.logs ?? []).map(({ msgId }) =>
        said.findIndex(({ uid }) => uid === msgId),
      );
    const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, n) => first + n);
    assert.deepEqual(await asked({}), from(5, 24));
    assert.deepEqual(await asked({ l: 3, t: at(10).t, mid: at(10).uid }), [7, 8, 9]);
    assert.deepEqual(await asked({ l: 3, t: at(10).t, mid: at(10).uid, tIncluded: true }), [8, 9, 10]);
    assert.deepEqual(await asked({ l: 3, t: at(10).t }), [7, 8, 9]);
    assert.deepEqual(await asked({ l: 2, direction: 'NEW' }), [0, 1]);
    assert.deepEqual(await asked({ limit: 2, t: at(10).t, mid: at(10).uid, direction: 'NEW' }), [11, 12]);
    assert.deepEqual(
      await asked({ t: at(3).t, tt: at(6).t, direction: 'NEW', tIncluded: true, ttIncluded: true }),
      [3, 4, 5, 6],
    );
    assert.deepEqual(await asked({ t: at(6).t, tt: at(3).t }), [4, 5]);
    assert.deepEqual(await asked({ t: at(3).t, tt: at(6).t }), []);
    assert.deepEqual(await asked({ t: world.clock.now() + 1e6, direction: 'NEW' }), []);
    assert.deepEqual(await asked({ l: 0 }), []);
    assert.deepEqual(await asked({ lctype: 7 }), [0, 5, 10, 15, 20]);
    assert.deepEqual(await asked({ lctype: -1, l: 3 }), [22, 23, 24]);
    assert.deepEqual(await asked({ lctype: 7, l: 2, direction: 'NEW' }), [0, 5]);
    const refused = await (await LcWire.open(world, 'Stranger')).logs(cid);
    assert.deepEqual(refused.errorMessage, { code: 4312, reason: 'CONVERSATION_LOG_REJECTED' });
    assert.equal((await a.logs('none')).errorMessage?.code, 4303);
  });
});
