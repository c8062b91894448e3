// A back-end on JMessage's REST door and people on LeanCloud's socket: one talk.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { jm, register, registerAdmin } from '../kit/jmessage.ts';
import { LcWire } from '../kit/leancloud-wire.ts';
import { openWorld, type World } from '../kit/world.ts';

let world: World;
let tom: LcWire;
before(async () => {
  world = await openWorld();
  await register(world, 'tom', 'annie', 'eddie');
  await registerAdmin(world, 'boss');
  tom = await LcWire.open(world, 'tom');
});
after(async () => {
  await tom.close();
  await world.close();
});

const ok = async (method: string, path: string, body?: unknown) => {
  const answer = await jm(world, method, path, body);
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.body;
};
const say = (from_id: string, target_type: string, target_id: string | number, more: object = {}) =>
  ok('POST', '/v1/messages', {
    version: 1,
    from_type: from_id === 'boss' ? 'admin' : 'user',
    from_id,
    target_type,
    target_id,
    msg_type: 'text',
    msg_body: { text: 'hello' },
    ...more,
  });

it('[JM-286] [JM-289] [JM-290] what server code says and does in a group is heard at the LeanCloud socket, in its words', async () => {
  const people = { owner_username: 'tom', name: 'hikers', members_username: ['annie'] };
  const { gid } = await ok('POST', '/v1/groups', people);
  const { convMessage } = await tom.nextOp('conv', 'joined');
  const cid = convMessage?.cid as string;
  assert.equal(cid, String(gid));

  const { msg_id, msg_ctime } = await say('annie', 'group', gid, { msg_body: { text: '你好', extras: { a: 1 } } });
  const { directMessage } = await tom.nextOp('direct');
  assert.deepEqual(
    [directMessage?.cid, directMessage?.fromPeerId, Number(directMessage?.timestamp)],
    [cid, 'annie', msg_ctime],
  );
  assert.deepEqual(JSON.parse(directMessage?.msg ?? ''), { _lctype: -1, _lctext: '你好', _lcattrs: { a: 1 } });

  await say('boss', 'group', gid, { msg_type: 'location', msg_body: { latitude: 1, longitude: 2, scale: 3 } });
  const where = JSON.parse((await tom.nextOp('direct')).directMessage?.msg ?? '');
  assert.deepEqual([where._lctype, where._lcloc], [-5, { latitude: 1, longitude: 2 }]);

  await ok('POST', `/v1/messages/annie/${msg_id}/retract`);
  const patch = await tom.nextOp('patch');
  assert.match(JSON.stringify(patch), /-127|recall/);

  await ok('POST', `/v1/groups/${gid}/members`, { add: ['eddie'] });
  const joined = await tom.next(
    'eddie is told of',
    ({ cmd, op, convMessage: told }) =>
      cmd === 'conv' && op === 'members_joined' && told?.m?.includes('eddie') === true,
  );
  assert.deepEqual([joined.convMessage?.cid, joined.convMessage?.m], [cid, ['eddie']]);

  await tom.say(cid, 'from LeanCloud');
  const { messages } = await ok('GET', '/v1/messages?count=1000');
  const last = messages.at(-1);
  assert.deepEqual(
    [last.from_id, last.target_type, last.target_id, last.msg_type, last.msg_body],
    ['tom', 'group', String(gid), 'text', { text: 'from LeanCloud' }],
  );
});

it('[JM-288] what two say to each other is one talk, by whatever door', async () => {
  await say('annie', 'single', 'tom');
  const { directMessage } = await tom.nextOp('direct');
  assert.equal(directMessage?.fromPeerId, 'annie');
  await tom.say(directMessage?.cid as string, 'back to you');
  const { messages } = await ok('GET', '/v1/users/annie/messages?count=1000');
  const single = messages.filter(({ target_type }: { target_type: string }) => target_type === 'single');
  assert.deepEqual(
    single.map(({ from_id, target_id }: Record<string, string>) => [from_id, target_id]),
    [
      ['annie', 'tom'],
      ['tom', 'annie'],
    ],
  );
});
