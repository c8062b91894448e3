// The AsyncAPI document of the socket, held against what is really said there.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Compile } from 'typebox/compile';
import type { ChatClient, FromWire } from '../kit/chat-client.ts';
import { ext, openStory, text } from '../kit/story.ts';

const story = await openStory();
after(() => story.close());

let document: FromWire;
before(async () => {
  const answer = await fetch(`${story.world.url}/docs/maxleap/asyncapi.json`);
  assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'application/json; charset=utf-8']);
  document = await answer.json();
});

/** What `#/a/b` points at. */
const follow = (ref: string): FromWire =>
  ref
    .slice(2)
    .split('/')
    .reduce((at: FromWire, key) => at?.[key], document);

function* refsIn(value: FromWire): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  if (typeof value.$ref === 'string') yield value.$ref;
  for (const inner of Object.values(value)) yield* refsIn(inner);
}

/** The payload's check of every operation of an action, by the event's name; `reply`: of its answer. */
function checksOf(action: 'send' | 'receive', reply = false): Map<string, (value: unknown) => boolean> {
  const operations: FromWire[] = Object.values(document.operations).filter((one: FromWire) => one.action === action);
  return new Map(
    operations.map((operation) => {
      const { name } = follow(follow(operation.messages[0].$ref).$ref);
      const [message] = reply ? operation.reply.messages : operation.messages;
      const validator = Compile(follow(follow(message.$ref).$ref).payload);
      return [name, (value: unknown) => validator.Check(value)];
    }),
  );
}

describe('the document', () => {
  test('[ML-370] is whole: every reference leads somewhere, and every operation’s messages are its channel’s', () => {
    assert.match(document.asyncapi, /^3\.0\.\d$/);
    assert.ok(document.info.title && document.info.version);
    const refs = [...refsIn(document)];
    assert.ok(refs.length > 50);
    for (const ref of refs) assert.ok(follow(ref), ref);
    for (const [key, operation] of Object.entries<FromWire>(document.operations)) {
      assert.ok(['send', 'receive'].includes(operation.action), key);
      const messages = [...operation.messages, ...(operation.reply?.messages ?? [])];
      for (const { $ref } of messages) assert.ok($ref.startsWith(`${operation.channel.$ref}/messages/`), $ref);
    }
    for (const message of Object.values<FromWire>(document.components.messages))
      assert.ok(message.name && message.payload);
  });

  test('[ML-371] what clients and server really say fits it, and nothing that is told of goes unsaid', async () => {
    const clients = await conversation();
    const told = checksOf('send');
    const seen = new Set(['login']);
    for (const client of clients) {
      assert.ok(told.get('login')?.(client.login));
      for (const { name, argument } of client.events) {
        seen.add(name);
        assert.ok(told.get(name)?.(argument), `${name} ${JSON.stringify(argument)}`);
      }
    }
    assert.deepEqual(
      [...told.keys()].filter((name) => !seen.has(name)),
      [],
    );
    const stray = { ...clients[0]?.heard('message')[0], more: 1 };
    assert.equal(told.get('message')?.(stray), false, 'a key too many would be seen');
  });
});

/** A talk in which everything happens once. */
async function conversation(): Promise<ChatClient[]> {
  const heard = checksOf('receive');
  const answers = checksOf('receive', true);
  const asked = new Set<string>();
  const ask = async (client: ChatClient, name: string, argument: FromWire): Promise<FromWire> => {
    asked.add(name);
    assert.ok(heard.get(name)?.(argument), `${name} ${JSON.stringify(argument)}`);
    const answer = await client.ask(name, argument);
    assert.ok(answers.get(name)?.(answer), `the callback of ${name}: ${JSON.stringify(answer)}`);
    return answer;
  };
  const ann = await story.join('ann', ext);
  const tablet = await story.join('ann', ext);
  const old = await story.join('ann');
  const guest = await story.joinPassenger({ id: 'g1' }, ext);
  await story.befriend('ann', 'bob');
  const bob = await story.join('bob', ext);
  const cat = await story.join('cat', { notifyAll: true });
  const group = await story.group('ann', 'bob');
  const image = { media: 1, body: 'https://example.com/a.png' };
  for (const to of [{ id: 'bob' }, { id: group, type: 1 }, { id: 'g1', type: 3 }, { id: 'cat', type: 4 }]) {
    await ask(ann, 'typing', { to });
    await ask(ann, 'say', { to, content: image, remark: 'https://example.com/a-small.png', ack: 1 });
    const { ts } = await ask(ann, 'say', { to, content: { body: 'hi' }, ref: `r${to.type}` });
    await ask(ann, 'edit', { to, ts, content: { body: 'hello' }, remark: 'r' });
    await ask(ann, 'recall', { to, ts });
    await ask(ann, 'recall', { to, ts });
    await ask(ann, 'read', { to, ts });
    await ask(ann, 'read', { to, ts });
  }
  await ask(bob, 'say', text(0, 'ann', 'back'));
  await ask(guest, 'say', text(undefined, 'ann', 'back'));
  const { ts } = await ask(bob, 'say', text(1, group, 'back'));
  await ask(bob, 'read', { to: { id: group, type: 1 }, ts });
  for (const name of heard.keys()) await ask(ann, name, { to: { id: 'ghost' }, ts: 1, content: { body: 'x' } });
  assert.deepEqual(
    [...heard.keys()].filter((name) => !asked.has(name)),
    [],
  );
  await story.world.rest('POST', `/groups/${group}/members`, { members: ['cat'] });
  await story.world.rest('DELETE', `/groups/${group}/members`, { members: ['cat'] });
  await story.world.rest('DELETE', `/groups/${group}`);
  await story.world.rest('DELETE', '/ctx/ann/friends/bob');
  await story.befriend('ann', 'bob');
  await bob.close();
  await cat.close();
  await Promise.all([ann.next('offline'), ann.next('offline_x'), old.next('offline_x')]);
  await story.settled(ann, tablet, old);
  const refused = await story.knock({ app: story.world.app.id, sign: 'wrong', client: 'ann' });
  assert.equal(refused.login.success, false);
  return [ann, tablet, old, guest, bob, cat, refused];
}
