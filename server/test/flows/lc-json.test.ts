// LeanCloud's oldest subprotocol: one flat JSON object a frame.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, it } from 'node:test';
import { WebSocket } from 'ws';
import type { JsonObject } from '../../src/core/json.ts';
import { eventually, within } from '../kit/eventually.ts';
import { LcWire, textOf } from '../kit/leancloud-wire.ts';
import { openWorld, type World } from '../kit/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

async function talk(subprotocol: string) {
  const ws = new WebSocket(world.url.replace('http', 'ws'), subprotocol);
  const heard: (JsonObject | string)[] = [];
  ws.on('message', (data: Buffer, isBinary: boolean) => {
    assert.equal(isBinary, false);
    const text = data.toString();
    heard.push(text === '{}' ? text : (JSON.parse(text) as JsonObject));
  });
  await within('the socket opens', once(ws, 'open'));
  assert.equal(ws.protocol, subprotocol);
  const take = async (what: string, fits: (one: JsonObject | string) => boolean): Promise<JsonObject> => {
    const at = await eventually(what, () => heard.findIndex(fits) + 1 || undefined);
    return heard.splice(at - 1, 1)[0] as JsonObject;
  };
  return {
    ws,
    heard,
    send: (said: unknown) => ws.send(typeof said === 'string' ? said : JSON.stringify(said)),
    push: (cmd: string) => take(cmd, (one) => typeof one !== 'string' && one.cmd === cmd && one.i === undefined),
    async ask(said: JsonObject): Promise<JsonObject> {
      this.send(said);
      return take(String(said.op ?? said.cmd), (one) => typeof one !== 'string' && one.i === said.i);
    },
    ping: () => take('an answered ping', (one) => one === '{}'),
  };
}

it('[LC-368] the JSON form says what the others say: flat, with hyphens, and with JSON where they have a text', async () => {
  const b = await LcWire.open(world, 'B');
  const a = await talk('lc.json.3');
  const open = { cmd: 'session', op: 'open', i: -1, appId: world.app.id, peerId: 'A', configBitmap: 59, ua: 'old' };
  const opened = await a.ask(open);
  assert.deepEqual([opened.op, opened.peerId, opened.service, typeof opened.st], ['opened', 'A', 2, 'string']);
  a.send('{}');
  await a.ping();
  const started = await a.ask({ cmd: 'conv', op: 'start', i: 2, m: ['A', 'B'], attr: { name: 'x', colour: 'red' } });
  const { cid } = started;
  assert.equal(typeof cid, 'string');
  const [joined, members] = [await a.push('conv'), await a.push('conv')];
  assert.deepEqual([joined.op, members.op, members.m, members.initBy], ['joined', 'members-joined', ['A', 'B'], 'A']);
  const ack = await a.ask({ cmd: 'direct', i: 3, cid: String(cid), msg: textOf('hi'), r: true });
  assert.deepEqual([ack.cmd, typeof ack.uid, ack.code], ['ack', 'string', undefined]);
  assert.equal((await b.nextOp('direct')).directMessage?.id, ack.uid);
  await b.say(String(cid), 'back', { binaryMsg: undefined });
  const direct = await a.push('direct');
  assert.deepEqual([direct.cid, direct.fromPeerId, direct.msg, direct.peerId], [cid, 'B', textOf('back'), 'A']);
  await b.ask({ cmd: 'direct', directMessage: { cid: String(cid), binaryMsg: Buffer.from([1, 255]) } });
  assert.equal((await a.push('direct')).binaryMsg, 'Af8=');
  const { logs } = await a.ask({ cmd: 'logs', i: 4, cid: String(cid), l: 2, direction: 'NEW' });
  assert.deepEqual(
    (logs as JsonObject[]).map(({ data, from }) => [data, from]),
    [
      [textOf('hi'), 'A'],
      [textOf('back'), 'B'],
    ],
  );
  const { results } = await a.ask({ cmd: 'conv', op: 'query', i: 5, where: { objectId: String(cid) } });
  assert.deepEqual(
    (results as JsonObject[]).map(({ colour, m }) => [colour, m]),
    [['red', ['A', 'B']]],
  );
  const refused = await a.ask({ cmd: 'logs', i: 6, cid: 'none' });
  assert.deepEqual([refused.cmd, refused.code, refused.reason], ['error', 4303, 'CONVERSATION_NOT_FOUND']);
  a.send('[1,');
  const [code] = await within('the socket is closed', once(a.ws, 'close'));
  assert.equal(code, 4114);
  await b.close();
});

it('[LC-69] the older JSON form brings the messages themselves', async () => {
  const b = await LcWire.open(world, 'B');
  const cid = await b.start(['B', 'Late']);
  await b.say(cid, 'waiting');
  const late = await talk('lc.json.1');
  await late.ask({ cmd: 'session', op: 'open', i: 1, appId: world.app.id, peerId: 'Late' });
  const { msg, offline } = await late.push('direct');
  assert.deepEqual([msg, offline], [textOf('waiting'), true]);
  late.ws.close();
  await b.close();
});
