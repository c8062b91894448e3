import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Content, Message } from '../../core/messages/message.ts';
import type { Told } from '../../core/ports/push.ts';
import { maxleapPush } from './push.ts';

const said = (content: Content, more: Partial<Message> = {}): Told => ({
  type: 'message',
  message: { conversation: 1, ts: 5, sub: 0, no: 1, sender: 'ann', as: 'user', content, flags: 0, ...more },
  place: { kind: 'group', id: 'g' },
});
const parrot = (told: Told, bytes = 4_096) => JSON.parse(maxleapPush(told, bytes).parrot ?? 'null');

test('[ML-452] the payload is the message as the socket says it, whatever was said', () => {
  const from = { id: 'ann', type: 1, gid: 'g' };
  const to = { id: 'g', type: 1 };
  assert.deepEqual(parrot(said({ type: 'text', text: 'hi', extras: { remark: 'r' } })), {
    from,
    to,
    content: { media: 0, body: 'hi' },
    remark: 'r',
    ts: 5,
  });
  assert.deepEqual(parrot(said({ type: 'image', file: { url: 'http://x' } })).content, { media: 1, body: 'http://x' });
  const system: Told = { type: 'announcement', content: { type: 'text', text: 'hi' }, ts: 9 };
  assert.deepEqual(parrot(system), { content: { media: 0, body: 'hi' }, ts: 9 });
});

test('[ML-452] what does not fit is cut: the remark, then the end of the body; there is always JSON or nothing', () => {
  const text = '鸿"雁😀'.repeat(1_000);
  for (const bytes of [50, 150, 151, 152, 153, 300, 1_000, 3_000, 60_000]) {
    const data = maxleapPush(said({ type: 'text', text, extras: { remark: 'r'.repeat(500) } }), bytes);
    assert.ok(Buffer.byteLength(JSON.stringify(data)) <= Math.max(2, bytes), `${bytes}`);
    if (!data.parrot) continue;
    const { content, from } = JSON.parse(data.parrot);
    assert.equal(from.id, 'ann');
    const body: string = content.body;
    assert.ok(
      body === text || (body.endsWith('…') && text.startsWith(body.slice(0, -1)) && body.isWellFormed()),
      `${bytes}`,
    );
  }
  assert.equal(
    parrot(said({ type: 'text', text: 'short', extras: { remark: 'r'.repeat(500) } }), 300).remark,
    undefined,
  );
});
