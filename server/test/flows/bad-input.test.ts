// What nobody should send: refused or ignored, delivered to nobody, stored nowhere, and the server goes on.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { ChatClient } from '../kit/chat-client.ts';
import { within } from '../kit/eventually.ts';
import { authOf, openStory, text } from '../kit/story.ts';
import { signOf } from '../kit/world.ts';

const story = await openStory();
after(() => story.close());
const { world } = story;

let ann: ChatClient;
let bob: ChatClient;
let otherGroup: string;
before(async () => {
  ann = await story.join('ann');
  bob = await story.join('bob');
  await story.befriend('ann', 'bob');
  const { body } = await world.rest('POST', '/groups', { owner: 'ann', members: ['bob'] }, { as: world.other });
  otherGroup = body;
});

const content = { media: 0, body: 'bad' };
const deep = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const proto = '{"__proto__":{"id":"bob","type":0},"to":{"id":"bob"},"content":{"body":"bad"}}';

/** `say` arguments, and the error that a callback hears. */
const says: [string, unknown, number][] = [
  ['nothing', null, 5001],
  ['a number', 5, 5001],
  ['a list', [text(0, 'bob', 'bad')], 5001],
  ['a text that is no JSON', '{"to":', 5001],
  ['an empty text', '', 5001],
  ['JSON text of a text', '"say"', 5001],
  ['no `to`', { content }, 5001],
  ['`to` is a text', { to: 'bob', content }, 5001],
  ['`to` is a list', { to: ['bob'], content }, 5001],
  ['`to` without id', { to: { type: 0 }, content }, 5001],
  ['an id that is a number', { to: { id: 5 }, content }, 5001],
  ['an empty id', { to: { id: '' }, content }, 5001],
  ['an id of other characters', { to: { id: 'b.b' }, content }, 5001],
  ['an id with the passenger’s mark', { to: { id: ':bob' }, content }, 5001],
  ['an id that is too long', { to: { id: 'b'.repeat(129) }, content }, 5010],
  ['a type out of range', { to: { id: 'bob', type: 5 }, content }, 5001],
  ['a type that is a text', { to: { id: 'bob', type: '0' }, content }, 5001],
  ['a negative type', { to: { id: 'bob', type: -1 }, content }, 5001],
  ['no content', { to: { id: 'bob' } }, 5001],
  ['content is a text', { to: { id: 'bob' }, content: 'bad' }, 5001],
  ['content without body', { to: { id: 'bob' }, content: { media: 0 } }, 5001],
  ['an empty body', { to: { id: 'bob' }, content: { media: 0, body: '' } }, 5001],
  ['a body that is a number', { to: { id: 'bob' }, content: { body: 5 } }, 5001],
  ['a body that is an object', { to: { id: 'bob' }, content: { body: { a: 1 } } }, 5001],
  ['a body that is an empty list', { to: { id: 'bob' }, content: { body: [] } }, 5001],
  ['a list of numbers as body', { to: { id: 'bob' }, content: { body: [1, 2] } }, 5001],
  ['a media that is a text', { to: { id: 'bob' }, content: { media: 'image', body: 'bad' } }, 5001],
  ['a negative media', { to: { id: 'bob' }, content: { media: -1, body: 'bad' } }, 5001],
  ['a fractional media', { to: { id: 'bob' }, content: { media: 0.5, body: 'bad' } }, 5001],
  ['a body that is too long', { to: { id: 'bob' }, content: { body: 'x'.repeat(32 * 1024 + 1) } }, 5010],
  ['a remark that is too long', { to: { id: 'bob' }, content, remark: 'x'.repeat(4_097) }, 5010],
  ['a remark that is a number', { to: { id: 'bob' }, content, remark: 5 }, 5001],
  ['an unknown user', text(0, 'ghost', 'bad'), 5004],
  ['an unknown stranger', text(4, 'ghost', 'bad'), 5004],
  ['an unknown passenger', text(3, 'ghost', 'bad'), 5004],
  ['an unknown group', text(1, '0'.repeat(32), 'bad'), 5004],
  ['a number of the store as group', text(1, '1', 'bad'), 5004],
];

afterEach(async () => {
  assert.equal((await world.rest('GET', '/healthz')).status, 200);
});

/** Bob heard nothing, history holds nothing, and ann can still speak to him. */
async function nothingCameOfIt(): Promise<void> {
  await story.settled(bob);
  assert.deepEqual(bob.heard('message'), []);
  assert.deepEqual(await story.history('/ctx/ann/friends/bob/chats'), []);
  assert.ok(ann.isOpen);
}

describe('a say that cannot be', () => {
  for (const [what, argument, error] of says) {
    test(`[ML-118] ${what}`, async () => {
      ann.say(argument);
      const answer = await ann.sayAndWait(argument);
      assert.equal(answer.success, false);
      assert.equal(answer.error, error, JSON.stringify(answer));
      assert.equal(typeof answer.errorMessage, 'string');
      if (typeof argument === 'object' && argument !== null) {
        assert.equal((await ann.sayAndWait(JSON.stringify(argument))).error, error, 'as a text');
      }
      await nothingCameOfIt();
    });
  }

  test('a group of another app', async () => {
    assert.equal((await ann.sayAndWait(text(1, otherGroup, 'bad'))).error, 5004);
    await nothingCameOfIt();
  });

  test('deep nesting and prototype keys', async () => {
    for (const argument of [deep(2_000), proto]) {
      const answer = await ann.sayAndWait(argument);
      assert.equal(answer.success, false, argument.slice(0, 40));
      assert.equal(answer.error, 5001);
    }
    assert.equal(({} as { id?: string }).id, undefined);
    await nothingCameOfIt();
  });
});

describe('a frame that cannot be', () => {
  const frames: [string, string][] = [
    ['an unknown event', '42/chat,["shout",{"a":1}]'],
    ['an event of the root namespace', `42["say",${JSON.stringify(text(0, 'bob', 'bad'))}]`],
    ['an event of a namespace not joined', `42/other,["say",${JSON.stringify(text(0, 'bob', 'bad'))}]`],
    ['say without an argument', '42/chat,["say"]'],
    ['a reserved name', '42/chat,["login",{"success":true,"id":"root"}]'],
  ];
  for (const [what, frame] of frames) {
    test(`${what} is ignored, and the connection lives`, async () => {
      ann.sendRaw(frame);
      assert.equal((await ann.sayAndWait(5)).error, 5001);
      await nothingCameOfIt();
    });
  }

  const broken: [string, string][] = [
    ['broken JSON', '42/chat,["say",{'],
    ['an event that is no list', '42/chat,{"say":1}'],
    ['a name that is no text', '42/chat,[5,{}]'],
    ['an unknown packet type', '49/chat,["say"]'],
    ['a binary event announced', '451-/chat,["say",{"_placeholder":true,"num":0}]'],
    ['a megabyte', `42/chat,["say",{"content":{"body":"${'x'.repeat(1024 * 1024)}"}}]`],
    ['nesting without end', `42/chat,["say",${'['.repeat(50_000)}${']'.repeat(50_000)}]`],
  ];
  for (const [what, frame] of broken) {
    test(`${what}: at most that one connection ends`, async () => {
      const mallory = await story.join('mallory');
      mallory.sendRaw(frame);
      const answered = mallory.sayAndWait(5).then(
        () => 'lives',
        () => 'silent',
      );
      const end = await Promise.race([answered, mallory.closed.then(() => 'closed')]);
      assert.notEqual(end, 'silent');
      await nothingCameOfIt();
    });
  }

  test('a say before the login has an answer, and stores nothing', async () => {
    const early = await story.knock(authOf(world.app, { client: 'early' }), { join: false });
    early.sendRaw(`42/chat,["say",${JSON.stringify(text(0, 'bob', 'bad'))}]`);
    early.sendRaw('40/chat');
    await nothingCameOfIt();
  });
});

describe('an auth that cannot be', () => {
  const auth = (more: object) => JSON.stringify(authOf(world.app, more));
  const auths: [string, string, number][] = [
    ['deep nesting', auth({ client: 'x' }).replace(/}$/, `,"d":${deep(500)}}`), 5001],
    ['a prototype key', auth({ client: 'x' }).replace(/}$/, ',"__proto__":{"client":"root"}}'), 5001],
    ['an app that is a number', JSON.stringify({ app: 5, sign: 'x', client: 'x' }), 5003],
    ['no app', JSON.stringify({ sign: signOf(world.app.clientKey), client: 'x' }), 5003],
    ['a sign that is an object', JSON.stringify({ app: world.app.id, sign: {}, client: 'x' }), 5003],
  ];
  for (const [what, text, error] of auths) {
    test(what, async () => {
      const client = await story.knock(text);
      assert.deepEqual([client.login.success, client.login.error], [false, error], JSON.stringify(client.login));
      await within('closed', client.closed);
      assert.equal((await world.rest('GET', '/ctx/x')).status, 404);
      assert.equal((await world.rest('GET', '/ctx/root')).status, 404);
    });
  }
});
