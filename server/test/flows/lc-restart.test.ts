// LeanCloud's socket over the end of a process: killed, so that nothing could be said or written at the last moment.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { openChildServer } from '../kit/child.ts';
import { LcWire } from '../kit/leancloud-wire.ts';
import type { World } from '../kit/world.ts';

const app = { id: '56a86320e9db7300015438f7', clientKey: 'a0'.repeat(12), masterKey: 'a1'.repeat(12) };
const server = await openChildServer({ apps: `${app.id}:${app.clientKey}:${app.masterKey}` });
after(() => server.close());
const world = { url: server.base, app } as unknown as World;

it('[LC-369] after a crash the server knows who took a tag, who sat in a room, and whose token is good', async () => {
  const [tablet, phone] = [await LcWire.connect(world), await LcWire.connect(world)];
  const old = (await tablet.openSession('Tag', { tag: 'web', deviceId: 'd1' })).sessionMessage?.st;
  const st = (await phone.openSession('Tag', { tag: 'web', deviceId: 'd2' })).sessionMessage?.st;
  const room = await phone.start(['Tag'], { transient: true });
  await server.kill();
  await server.start();
  const back = await LcWire.connect(world);
  assert.equal((await back.openSession('Tag', { r: true, st: old })).sessionMessage?.code, 4111);
  assert.equal((await back.openSession('Tag', { r: true, st })).op, 'opened');
  const { convMessage } = await back.ask({ cmd: 'conv', op: 'count', convMessage: { cid: room } });
  assert.equal(convMessage?.count, 1, 'he sits in the room again');
  await back.ask({ cmd: 'session', op: 'close' });
  assert.equal((await back.openSession('Tag', { r: true, st: old })).op, 'opened', 'who logged out gave the tag back');
  await back.close();
});
