import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  disconnectPacket,
  eventPacket,
  hear,
  nestsWithin,
  packetFrame,
  refusalPacket,
  replyPacket,
  welcomePacket,
} from './packets.ts';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

test('[ML-211] what clients send is read, and what breaks the protocol is not', () => {
  const event = (namespace: string, name: string, args: unknown[], ackId?: number) => ({
    type: 'event',
    namespace,
    name,
    args,
    ackId,
  });
  const table: [string, unknown][] = [
    ['0', { type: 'connect', namespace: '/' }],
    ['0{"token":1}', { type: 'connect', namespace: '/' }],
    ['0/chat', { type: 'connect', namespace: '/chat' }],
    ['0/chat,', { type: 'connect', namespace: '/chat' }],
    ['0/chat,{"sid":1}', { type: 'connect', namespace: '/chat' }],
    ['0/chat,{broken', { type: 'connect', namespace: '/chat' }],
    ['1', { type: 'disconnect', namespace: '/' }],
    ['1/chat', { type: 'disconnect', namespace: '/chat' }],
    ['1/chat,', { type: 'disconnect', namespace: '/chat' }],
    ['2["say"]', event('/', 'say', [])],
    ['2/chat,["say",{"a":[1]},null]', event('/chat', 'say', [{ a: [1] }, null])],
    ['2/chat,0["say",1]', event('/chat', 'say', [1], 0)],
    ['2/chat,12["say","1,2"]', event('/chat', 'say', ['1,2'], 12)],
    ['2/chat,9007199254740991["say"]', event('/chat', 'say', [], Number.MAX_SAFE_INTEGER)],
    ['2/chat,["__proto__"]', event('/chat', '__proto__', [])],
    [`2/chat,["say",${nested(31)}]`, event('/chat', 'say', [JSON.parse(nested(31))])],
    ['3/chat,1["x"]', { type: 'ignored' }],
    // Malformed from here on.
    ['', undefined],
    ['x', undefined],
    ['4/chat,"no"', undefined],
    ['51-/chat,["x",{"_placeholder":true,"num":0}]', undefined],
    ['61-/chat,1[{"_placeholder":true,"num":0}]', undefined],
    ['7', undefined],
    ['2', undefined],
    ['2/chat', undefined],
    ['2/chat,', undefined],
    ['2/chat,1', undefined],
    ['2/chat,[]', undefined],
    ['2/chat,[1]', undefined],
    ['2/chat,[null,"say"]', undefined],
    ['2/chat,{"0":"say"}', undefined],
    ['2/chat,"say"', undefined],
    ['2/chat,["say"', undefined],
    ['2/chat,["say"]x', undefined],
    ['2/chat,-1["say"]', undefined],
    ['2/chat,9007199254740992["say"]', undefined],
    [`2/chat,${'9'.repeat(100_000)}["say"]`, undefined],
    [`2/${'x'.repeat(200)},["say"]`, undefined],
    [`0/${'x'.repeat(200)}`, undefined],
  ];
  for (const [text, wanted] of table) assert.deepEqual(hear(text), wanted, text.slice(0, 80));
});

test('[ML-206] a connect packet is cut at the question mark', () => {
  const joined = { type: 'connect', namespace: '/chat' };
  assert.deepEqual(hear('0/chat?auth={"app":"A","client":"u"}'), joined);
  assert.deepEqual(hear('0/chat?auth=%7B%7D'), joined);
  assert.deepEqual(hear('0/chat?'), joined);
  assert.deepEqual(hear('0?auth={"app":"A","client":"u"}'), { type: 'connect', namespace: '/' });
});

test('[ML-212] an event that nests deeper than 32 is ignored, however deep', () => {
  assert.equal(hear(`2/chat,["say",${nested(31)}]`)?.type, 'event');
  for (const depth of [32, 33, 1_000, 60_000]) {
    assert.deepEqual(hear(`2/chat,["say",${nested(depth)}]`), { type: 'ignored' });
  }
  const objects = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
  assert.deepEqual(hear(`2/chat,["say",${objects}]`), { type: 'ignored' });
});

test('keys of the prototype are plain keys', () => {
  const heard = hear('2/chat,["say",{"__proto__":{"admin":true},"constructor":1}]');
  assert.equal(heard?.type, 'event');
  const [argument] = heard?.type === 'event' ? heard.args : [];
  assert.deepEqual(Object.keys(argument as object), ['__proto__', 'constructor']);
  assert.equal((argument as { admin?: unknown }).admin, undefined);
  assert.equal(({} as { admin?: unknown }).admin, undefined);
});

test('what the server says has the form of each revision', () => {
  assert.equal(welcomePacket(3, '/', 'id').text, '0');
  assert.equal(welcomePacket(3, '/chat', 'id').text, '0/chat');
  assert.equal(welcomePacket(4, '/', 'id').text, '0{"sid":"id"}');
  assert.equal(welcomePacket(4, '/chat', 'id').text, '0/chat,{"sid":"id"}');
  assert.equal(refusalPacket(3, '/x').text, '4/x,"Invalid namespace"');
  assert.equal(refusalPacket(4, '/x').text, '4/x,{"message":"Invalid namespace"}');
  assert.equal(disconnectPacket.text, '1/chat');
  assert.equal(eventPacket('sys', { a: '雁' }).text, '2/chat,["sys",{"a":"雁"}]');
  assert.equal(eventPacket('online', 'bob').text, '2/chat,["online","bob"]');
  assert.equal(replyPacket(7, { ok: true }).text, '3/chat,7[{"ok":true}]');
  assert.equal(replyPacket(0, null).text, '3/chat,0[null]');
  assert.equal(replyPacket(0, undefined).text, '3/chat,0[]');
});

test('the frame of a packet is built once', () => {
  const packet = eventPacket('online', 'bob');
  assert.equal(packet.frame, undefined);
  assert.equal(packetFrame(packet), packetFrame(packet));
  assert.equal(packetFrame(packet).subarray(2).toString(), '42/chat,["online","bob"]');
});

test('nesting is counted in arrays and objects alike', () => {
  assert.ok(nestsWithin('text', 0));
  assert.ok(nestsWithin({ a: [{}] }, 3));
  assert.ok(!nestsWithin({ a: [{}] }, 2));
  assert.ok(!nestsWithin({ a: 1, b: [[1]] }, 2));
});
