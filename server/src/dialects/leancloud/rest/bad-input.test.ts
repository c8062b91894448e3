// What nobody should send to this door: refused with one of its own answers, stored nowhere, and the server goes on.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { leancloud } from '../../../../test/kit/leancloud.ts';
import { openWorld } from '../../../../test/kit/world.ts';

const world = await openWorld();
after(() => world.close());
const call = leancloud(world);
const rtm = '/1.2/rtm';
const master = { master: true };
let id: string;
let room: string;
let service: string;
let said: { 'msg-id': string; timestamp: number };
before(async () => {
  id = (await call('POST', `${rtm}/conversations`, { m: ['A', 'B'] })).body.objectId;
  room = (await call('POST', `${rtm}/chatrooms`, {}, master)).body.objectId;
  service = (await call('POST', `${rtm}/service-conversations`, {}, master)).body.objectId;
  said = (await call('POST', `${rtm}/conversations/${id}/messages`, { from_client: 'A', message: 'the only one' }))
    .body;
});
afterEach(async () => {
  assert.equal((await world.rest('GET', '/healthz')).status, 200);
});

const deep = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const ghost = '65a0c0ffee0000000000abcd';
const long = 'x'.repeat(65);

/** Paths name what was made before: `:id`, `:room`, `:service`, `:mid`. `raw` is sent as it is. */
type Case = readonly [what: string, method: string, path: string, body: unknown, status: number, code: number];

const bodies: readonly (readonly [what: string, raw: string])[] = [
  ['a cut off object', '{"name":'],
  ['a list', '[1]'],
  ['a text', '"x"'],
  ['a number', '5'],
  ['words', 'hello'],
  ['nesting without end', deep(5_000)],
  ['prototype keys in a list', '["__proto__"]'],
];

const sends: readonly Case[] = [
  ['no sender', 'POST', '/:id/messages', { message: 'x' }, 400, 1],
  ['an empty sender', 'POST', '/:id/messages', { from_client: '', message: 'x' }, 400, 1],
  ['a sender that is an object', 'POST', '/:id/messages', { from_client: {}, message: 'x' }, 400, 111],
  ['a sender that is too long', 'POST', '/:id/messages', { from_client: long, message: 'x' }, 400, 1],
  ['a sender with a passenger’s mark', 'POST', '/:id/messages', { from_client: ':a', message: 'x' }, 400, 1],
  ['no message', 'POST', '/:id/messages', { from_client: 'A' }, 400, 1],
  ['an empty message', 'POST', '/:id/messages', { from_client: 'A', message: '' }, 400, 1],
  ['a message that is null', 'POST', '/:id/messages', { from_client: 'A', message: null }, 400, 1],
  ['too many bytes', 'POST', '/:id/messages', { from_client: 'A', message: '中'.repeat(1_707) }, 400, 4109],
  ['transient is a word', 'POST', '/:id/messages', { from_client: 'A', message: 'x', transient: 'maybe' }, 400, 111],
  ['an unknown priority', 'POST', '/:id/messages', { from_client: 'A', message: 'x', priority: 'urgent' }, 400, 1],
  ['a priority that is a list', 'POST', '/:id/messages', { from_client: 'A', message: 'x', priority: [] }, 400, 1],
  [
    'mentions that are numbers',
    'POST',
    '/:id/messages',
    { from_client: 'A', message: 'x', mention_client_ids: [1] },
    400,
    111,
  ],
  ['a conversation that is not there', 'POST', `/${ghost}/messages`, { from_client: 'A', message: 'x' }, 404, 4401],
  ['an id of another form', 'POST', '/%00/messages', { from_client: 'A', message: 'x' }, 404, 4401],
  ['a service', 'POST', '/:service/messages', { from_client: 'A', message: 'x' }, 400, 4314],
  ['a change without time', 'PUT', '/:id/messages/:mid', { from_client: 'A', message: 'x' }, 400, 1],
  [
    'a time that is a word',
    'PUT',
    '/:id/messages/:mid',
    { from_client: 'A', message: 'x', timestamp: 'now' },
    400,
    111,
  ],
  ['another time', 'PUT', '/:id/messages/:mid', { from_client: 'A', message: 'x', timestamp: 5 }, 404, 4404],
  [
    'an id that was never given',
    'PUT',
    '/:id/messages/AAAAAAAAAAAAAAAAAAAAAA',
    { from_client: 'A', message: 'x', timestamp: 5 },
    404,
    4404,
  ],
  [
    'an id that is too long',
    'DELETE',
    `/:id/messages/${'m'.repeat(400)}`,
    { from_client: 'A', timestamp: 5 },
    404,
    4404,
  ],
];

const conversations: readonly Case[] = [
  ['members that are a number', 'POST', '', { m: 5 }, 400, 111],
  ['members that are objects', 'POST', '', { m: [{}] }, 400, 111],
  ['a member that is empty', 'POST', '', { m: ['A', ''] }, 400, 1],
  ['a name that is a list', 'POST', '', { name: [] }, 400, 111],
  ['attributes that are a text', 'POST', '', { attr: 'x' }, 400, 111],
  ['a column with a blank', 'POST', '', { 'a b': 1 }, 400, 105],
  ['a column with a prototype’s name', 'PUT', '/:id', { __proto__x: 1, __proto__: 1 } as object, 400, 105],
  ['an operator that is unknown', 'PUT', '/:id', { n: { __op: 'Explode' } }, 400, 111],
  ['an amount that is a text', 'PUT', '/:id', { n: { __op: 'Increment', amount: 'x' } }, 400, 111],
  ['objects that are none', 'PUT', '/:id', { n: { __op: 'Add', objects: 5 } }, 400, 111],
  ['a key with two dots', 'PUT', '/:id', { 'attr..x': 1 }, 400, 1],
  ['members over PUT', 'PUT', '/:id', { m: ['Z'] }, 400, 117],
  ['nobody to add', 'POST', '/:id/members', { client_ids: [] }, 400, 1],
  ['members of a chatroom', 'POST', '/:room/members', { client_ids: ['A'] }, 400, 4314],
  ['a silence without anybody', 'POST', '/:id/mutes', { ttl: 50 }, 400, 1],
  ['a silence for ever', 'POST', '/:id/mutes', { client_id: 'A', ttl: 86_401 }, 400, 1],
  ['a silence of no time', 'POST', '/:id/mutes', { client_id: 'A', ttl: 0 }, 400, 1],
  ['a silence of a word', 'POST', '/:id/mutes', { client_id: 'A', ttl: 'long' }, 400, 111],
  ['both forms of a mute', 'POST', '/:id/mutes', { client_id: 'A', client_ids: ['A'] }, 400, 1],
];

const queries: readonly Case[] = [
  ['a where that is no JSON', 'GET', '?where={', undefined, 400, 107],
  ['a where that is a list', 'GET', '?where=[]', undefined, 400, 107],
  ['an operator that is unknown', 'GET', '?where={"a":{"$foo":1}}', undefined, 400, 1],
  ['an expression that is none', 'GET', '?where={"a":{"$regex":"("}}', undefined, 400, 1],
  ['a limit that is a word', 'GET', '?limit=many', undefined, 200, 0],
  ['a skip that is a word', 'GET', '?skip=x', undefined, 400, 111],
  ['a history from a word', 'GET', '/:id/messages?timestamp=x', undefined, 400, 111],
  ['a history whose direction is a word', 'GET', '/:id/messages?reversed=x', undefined, 400, 111],
  ['JSON in the query that is cut off', 'GET', '/:id/messages?{"limit":', undefined, 400, 107],
];

const places = (path: string): string =>
  path
    .replace(':id', id)
    .replace(':room', room)
    .replace(':service', service)
    .replace(':mid', () => said['msg-id']);

describe('LeanCloud REST: what cannot be', () => {
  for (const [what, raw] of bodies)
    it(`[LC-331] a body that is ${what}`, async () => {
      for (const [method, path] of [
        ['POST', `${rtm}/conversations`],
        ['POST', `${rtm}/conversations/${id}/messages`],
        ['PUT', `${rtm}/conversations/${id}`],
        ['POST', '/1.1/rtm/messages'],
        ['POST', '/1.1/classes/_Conversation'],
        ['POST', '/1.1/users'],
        ['POST', '/1.1/batch'],
      ] as const) {
        const { status, body } = await call(method, path, undefined, { ...master, raw });
        assert.deepEqual([status, body.code], [400, 107], `${method} ${path}`);
        assert.equal(typeof body.error, 'string');
      }
    });

  for (const [what, method, path, body, status, code] of [...sends, ...conversations, ...queries])
    it(`[LC-331] ${method} ${path.slice(0, 60)}: ${what}`, async () => {
      const answer = await call(method, `${rtm}/conversations${places(path)}`, body, master);
      assert.deepEqual([answer.status, answer.body.code ?? 0], [status, code], answer.text);
      if (status >= 400) assert.deepEqual(Object.keys(answer.body), ['code', 'error']);
    });

  it('[LC-331] of all this nothing came: one message, the same members, no prototype changed', async () => {
    const history = (await call('GET', `${rtm}/conversations/${id}/messages`, undefined, master)).body;
    assert.deepEqual(
      history.map(({ data }: { data: string }) => data),
      ['the only one'],
    );
    const row = (await call('GET', `${rtm}/conversations/${id}`, undefined, master)).body;
    assert.deepEqual([row.m, row.n, row.mu], [['A', 'B'], undefined, []]);
    assert.equal(({} as { a?: number }).a, undefined);
    assert.deepEqual((await call('GET', `${rtm}/conversations/${id}/mutes`)).body, []);
  });
});
