import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MessageEvent } from '../../../core/events.ts';
import type { Listener } from '../../../realtime/session.ts';
import { broadcastPlace, leancloudDoor, type Ports } from './encode.ts';
import { decodeCommand, encodeCommand } from './frames.ts';
import { frameFor, type Packet } from './packets.ts';
import { bits } from './said.ts';

const none = {} as Ports;
const keys = new Map([[1, '0'.repeat(32)]]);
const listener = (n: number): Listener => ({ id: `s${n}`, who: `u${n}`, ext: false });

const said = (change: Partial<MessageEvent> = {}): MessageEvent => ({
  type: 'message',
  app: 1,
  message: {
    ...{ conversation: 7, ts: 1_000, sub: 0, no: 5, sender: 'ann', as: 'user', flags: 0 },
    content: { type: 'text', text: 'hi' },
  },
  place: { kind: 'group', id: 'c7' },
  prev: 0,
  echo: 'others',
  ...change,
});

test('[LC-370] however many listen, an event is one packet, and each form of it is encoded once', () => {
  const pick = leancloudDoor(keys, none).prepare(said());
  const packets = new Set<Packet>();
  for (let n = 0; n < 1_000; n += 1) for (const packet of pick?.(listener(n))?.packets ?? []) packets.add(packet);
  const [packet] = packets;
  assert.ok(packets.size === 1 && packet);
  assert.deepEqual([packet.bytes, packet.json], [undefined, undefined], 'nothing is encoded before it is sent');
  frameFor(packet, 'u1', 'binary');
  const { bytes } = packet;
  // What is counted: a second encoding would make another buffer.
  for (const form of ['binary', 'base64', 'json'] as const)
    for (let n = 0; n < 100; n += 1) frameFor(packet, `u${n}`, form);
  assert.equal(packet.bytes, bytes);
  const shared = decodeCommand(Buffer.concat([bytes as Buffer, encodeCommand({ peerId: 'u9' })]));
  assert.deepEqual([shared?.peerId, shared?.directMessage?.cid], ['u9', 'c7']);
  assert.ok(packet.json?.includes('"cmd":"direct"') && !packet.json.includes('peerId'));
});

test('[LC-371] in a room what matters less is dropped first for who does not keep up; elsewhere nothing is', () => {
  const unlessFuller = (change: Partial<MessageEvent>) =>
    leancloudDoor(keys, none).prepare(said(change))?.(listener(1))?.unlessFuller;
  const place = { kind: 'room', id: 'r' } as const;
  const of = (priority: MessageEvent['priority']) => unlessFuller({ place, priority });
  assert.deepEqual([of(1), of(2), of(undefined), of(3)], [undefined, 0.5, 0.5, 0.25]);
  assert.equal(unlessFuller({ priority: 3 }), undefined);
});

test('[LC-83] who does not know temporary conversations is not told of them', () => {
  const place = { kind: 'temporary', id: '_tmp:x' } as const;
  assert.equal(leancloudDoor(keys, none).prepare(said({ place }))?.(listener(1))?.needs, bits.temporaries);
});

test('[LC-361] a broadcast that was told at the login is recognised when it comes live', () => {
  const broadcast = {
    ...{ no: 9, conversation: 4, sender: 'desk', createdAt: 1_000, validUntil: 2_000 },
    content: { type: 'text', text: 'all' },
  } as const;
  const service = { no: 4, id: 's4', kind: 'service' } as const;
  const at = (no: number) =>
    leancloudDoor(keys, none).prepare({ type: 'broadcast', app: 1, service, broadcast: { ...broadcast, no } })?.(
      listener(1),
    )?.at;
  assert.deepEqual([at(9), at(0)], [broadcastPlace(broadcast), undefined]);
});
