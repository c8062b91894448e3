import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Outbox } from './outbox.ts';

/** A socket that notes each write; a stuck one never finishes any. */
function openSocket({ stuck = false } = {}): { socket: Writable; writes: string[] } {
  const writes: string[] = [];
  const socket = new Writable({
    write(chunk: Buffer, _encoding, done) {
      writes.push(chunk.toString());
      if (!stuck) done();
    },
  });
  return { socket, writes };
}

const open = (socket: Writable, bytesMax: number, onOverflow: () => void = () => assert.fail('overflow')): Outbox =>
  new Outbox(socket as never, onOverflow, bytesMax);

test('frames of one turn are one write, for every connection, in order', async () => {
  const [a, b] = [openSocket(), openSocket()];
  const [toA, toB] = [open(a.socket, 1_000), open(b.socket, 1_000)];
  toA.push(Buffer.from('1'));
  toB.push(Buffer.from('x'));
  toA.push(Buffer.from('2'));
  assert.deepEqual(a.writes, []);
  await turn();
  assert.deepEqual([a.writes, b.writes], [['12'], ['x']]);
  toA.push(Buffer.from('3'));
  await turn();
  assert.deepEqual(a.writes, ['12', '3']);
});

test('what is flushed by hand is not written again', async () => {
  const { socket, writes } = openSocket();
  const outbox = open(socket, 1_000);
  outbox.push(Buffer.from('1'));
  outbox.flush();
  outbox.push(Buffer.from('2'));
  await turn();
  await turn();
  assert.deepEqual(writes, ['1', '2']);
});

test('a reader that leaves more than the bound unread overflows once, and nothing is queued from then on', async () => {
  const { socket, writes } = openSocket({ stuck: true });
  let overflows = 0;
  const outbox = open(socket, 100, () => {
    overflows += 1;
  });
  for (let n = 0; n < 10; n += 1) {
    outbox.push(Buffer.alloc(10, 'a'));
    await turn();
  }
  assert.equal(overflows, 0);
  assert.equal(socket.writableLength, 100);
  outbox.push(Buffer.from('b'));
  outbox.push(Buffer.from('c'));
  await turn();
  assert.equal(overflows, 1);
  assert.equal(socket.writableLength, 100);
  assert.deepEqual(writes, ['a'.repeat(10)]);
});

test('a large burst within one turn does not overflow a reader that takes it', async () => {
  const { socket, writes } = openSocket();
  const outbox = open(socket, 1024 * 1024);
  for (let n = 0; n < 64; n += 1) outbox.push(Buffer.alloc(64 * 1024));
  await turn();
  assert.equal(writes.length, 64);
});

test('a closed outbox writes nothing, and an ended socket is left alone', async () => {
  const { socket, writes } = openSocket();
  const outbox = open(socket, 1_000);
  outbox.push(Buffer.from('1'));
  outbox.close();
  outbox.push(Buffer.from('2'));
  await turn();
  const late = open(socket, 1_000);
  late.push(Buffer.from('3'));
  socket.end();
  await turn();
  assert.deepEqual(writes, []);
});
