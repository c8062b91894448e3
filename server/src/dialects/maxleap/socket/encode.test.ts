import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CoreEvent } from '../../../core/events.ts';
import { maxleapDoor } from './encode.ts';

const listener = (id: string, who: string, ext = false) => ({ id, who, ext });
const message = {
  conversation: 5,
  ts: 10,
  sub: 0,
  no: 1,
  sender: 'ann',
  as: 'user',
  content: { type: 'text', text: 'hi' },
  flags: 0,
} as const;
const common = {
  app: 1,
  message,
  place: { kind: 'group', id: 'g' },
  prev: 9,
  echo: 'others',
  origin: { session: 's1' },
} as const;

test('a message is built once for those who asked for extensions and once for the others, whoever they are', () => {
  const pick = maxleapDoor.prepare({ ...common, type: 'message', ref: 'r' });
  const heard = [
    listener('s2', 'bob'),
    listener('s3', 'cat'),
    listener('s4', 'bob', true),
    listener('s5', 'cat', true),
  ];
  const own = [listener('s6', 'ann'), listener('s7', 'ann', true), listener('s8', 'ann', true)];
  const [bob, cat, extBob, extCat] = heard.map((one) => pick?.(one));
  const [plain, ext, ext2] = own.map((one) => pick?.(one));
  assert.ok(bob && extBob && plain && ext);
  assert.deepEqual([bob === cat, extBob === extCat, ext === ext2], [true, true, true]);
  assert.equal(new Set([bob, extBob, plain, ext]).size, 4);
  assert.deepEqual(
    [/"prev":9/.test(extBob.text), /"ref"/.test(extBob.text), /"ref":"r"/.test(ext.text)],
    [true, false, true],
  );
  assert.doesNotMatch(bob.text + plain.text, /prev|ref/);
});

test('an extension is built once for all, and is for nobody who did not ask', () => {
  const place = { kind: 'group', id: 'g' } as const;
  const conversation = { no: 5, id: 'g', kind: 'group' } as const;
  const events: CoreEvent[] = [
    { ...common, type: 'message-edited', message: { ...message, editedTs: 12 } },
    { ...common, type: 'message-recalled', message: { ...message, content: { type: 'recalled' }, editedTs: 12 } },
    { type: 'typing', app: 1, who: 'ann', place, betweenFriends: false },
    { type: 'read', app: 1, who: 'ann', place, betweenFriends: false, ts: 10 },
    { type: 'members-added', app: 1, conversation, who: ['cat'], ts: 11, prev: 10 },
    { type: 'members-removed', app: 1, conversation, who: ['cat'], ts: 11, prev: 10 },
    { type: 'conversation-deleted', app: 1, conversation, ts: 1 },
    { type: 'friends-changed', app: 1, pair: ['bob', 'ann'], friends: true },
  ];
  for (const event of events) {
    const pick = maxleapDoor.prepare(event);
    assert.equal(pick?.(listener('s2', 'bob')), undefined, event.type);
    const packet = pick?.(listener('s3', 'bob', true));
    assert.ok(packet, event.type);
    assert.equal(pick?.(listener('s4', 'bob', true)), packet, event.type);
  }
});
