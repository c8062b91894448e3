// Every endpoint of the document against everything that is not what it wants: the answer is an error of this door, never
// a failure of the server; nothing changes; the server goes on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { basicOf, jm, refusedJm } from '../../../../test/kit/jmessage.ts';
import { fill, furnish, type Names, type Operation, operationsOf } from '../../../../test/kit/jmessage-furnish.ts';
import { type Answer, openWorld, type World } from '../../../../test/kit/world.ts';

let world: World;
let operations: Operation[];
let names: Names;
before(async () => {
  world = await openWorld();
  operations = await operationsOf(world);
  names = await furnish(world);
});
after(() => world.close());

/** Everything of the app that lists can show. */
async function everything(): Promise<string> {
  const shown = [];
  const lists = ['users', 'admins', 'groups', 'chatroom', 'sensitiveword', 'users/tom', 'users/tom/friends'];
  for (const path of [...lists, 'users/tom/blacklist', `groups/${names.gid}/members`, 'users/tom/groups'])
    shown.push((await jm(world, 'GET', `/v1/${path}`)).text);
  return shown.join('\n');
}

/** A refusal of the caller's own making, in this door's shape. */
function isRefusal(answer: Answer, what: string): void {
  assert.ok(
    [400, 401, 403, 404, 405].includes(answer.status),
    `${what}: ${answer.status} ${answer.text.slice(0, 200)}`,
  );
  const list = Array.isArray(answer.body) ? answer.body : [answer.body];
  for (const { error } of list) assert.ok(error.code >= 700_000 && typeof error.message === 'string', what);
  assert.ok(!/SQL|stack|\.ts:|constraint/i.test(answer.text), answer.text);
}

async function everywhere(what: string, call: (one: Operation) => Promise<Answer | undefined>): Promise<void> {
  const before = await everything();
  for (const one of operations) {
    const answer = await call(one);
    if (answer) isRefusal(answer, `${what}: ${one.method} ${one.path}`);
  }
  assert.equal(await everything(), before, `${what} changed something`);
}

const known = (path: string) => fill(path, (name) => names[name] ?? '1');
const needsBody = ({ operation }: Operation) => operation.requestBody !== undefined;
/** Numbers are what it wants; unknown ones are left out. */
const wantsNumbers = ({ path }: Operation) => path === '/v1/chatroom/batch';
const nothing = Promise.resolve(undefined);

test('[JM-213] broken, deep, huge and poisoned bodies, and bodies of other kinds', async () => {
  const bodies: [string, string | Buffer][] = [
    ['broken', '{"a":'],
    ['curly quotes', '{“username”:"x"}'],
    ['no JSON', 'hello'],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['deep', `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`],
    ['very deep', '['.repeat(500_000)],
    ['__proto__', '{"__proto__":{"polluted":1},"username":"x","password":"pw-1234","word":"x"}'],
    ['a text', '"x"'],
    ['a number', '7'],
    ['true', 'true'],
    ['null', 'null'],
    ['numbers', '[1,2,3]'],
    ['arrays', '[[],[[]]]'],
    ['no body', ''],
  ];
  for (const [what, raw] of bodies) {
    await everywhere(what, (one) =>
      needsBody(one) && !(what === 'numbers' && wantsNumbers(one))
        ? jm(world, one.method, known(one.path), undefined, { raw })
        : nothing,
    );
  }
  assert.equal(({} as { polluted?: number }).polluted, undefined);
});

test('[JM-213] names and numbers that cannot be, are too long, or are nobody', async () => {
  for (const odd of [
    'a b',
    "' or 1=1 --",
    '../x',
    '\u0000',
    '%',
    '汤姆',
    'x'.repeat(500),
    'nobody',
    '-1',
    '1e3',
    '99999999999999999999',
  ]) {
    await everywhere(`the name ${odd.slice(0, 20)}`, (one) => {
      if (!one.path.includes('{')) return nothing;
      return jm(
        world,
        one.method,
        fill(one.path, () => odd),
        one.operation.requestBody?.content['application/json'].example,
      );
    });
  }
});

test('[JM-213] [JM-13] people and places of another app name nobody here', async () => {
  const as = { as: world.other };
  await everywhere('another app', (one) => {
    if (!one.path.includes('{')) return nothing;
    return jm(world, one.method, known(one.path), one.operation.requestBody?.content['application/json'].example, as);
  });
});

test('[JM-213] wrong credentials are refused everywhere, with good and bad bodies', async () => {
  const wrong = { authorization: basicOf({ id: world.app.id, masterKey: world.app.clientKey }) };
  for (const raw of ['{"a":', '[]', undefined]) {
    await everywhere('credentials', async (one) => {
      const options = { headers: wrong, ...(needsBody(one) && raw !== undefined ? { raw } : {}) };
      const answer = await jm(world, one.method, known(one.path), undefined, options);
      refusedJm(answer, 401, 899008);
      return answer;
    });
  }
});

test('[JM-213] [JM-47] pages that cannot be', async () => {
  await everywhere('a page', async (one) => {
    const asked = (one.operation.parameters ?? []).some(({ name }: { name: string }) => name === 'count');
    if (one.method !== 'GET' || !asked) return undefined;
    for (const query of ['count=0', 'count=-1', 'count=x', 'count=100000', 'start=-1', 'start=x'])
      refusedJm(await jm(world, 'GET', `${known(one.path)}?${query}`), 400, 899003);
    return undefined;
  });
});

test('[JM-213] the names of Object are names like others', async () => {
  for (const username of ['constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
    const extras = { [username]: username };
    const created = await jm(world, 'POST', '/v1/users', [
      { username, password: 'pw-1234', nickname: username, extras },
    ]);
    assert.equal(created.status, 201, created.text);
    const { body } = await jm(world, 'GET', `/v1/users/${username}`);
    assert.deepEqual([body.username, body.nickname, body.extras], [username, username, extras]);
    assert.deepEqual((await jm(world, 'GET', `/v1/users/${username}/friends`)).body, []);
  }
});
