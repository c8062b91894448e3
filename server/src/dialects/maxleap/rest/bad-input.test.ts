// Every endpoint against everything that is not what it wants: the answer is an error of this door, never a failure of
// the server; nothing is stored; the server goes on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { done, refused } from '../../../../test/kit/rest.ts';
import { type Answer, openWorld, type World } from '../../../../test/kit/world.ts';

type Endpoint = { method: string; path: string; body: boolean };

let world: World;
let endpoints: Endpoint[];
let foreign: Record<string, string>;

before(async () => {
  world = await openWorld();
  const { paths } = done(await world.rest('GET', '/docs/maxleap/openapi.json'));
  // biome-ignore lint/suspicious/noExplicitAny: the document as it comes
  endpoints = Object.entries<any>(paths)
    .filter(([path]) => path !== '/attachment' && !path.startsWith('/uploads'))
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({
        method: method.toUpperCase(),
        path,
        body: 'requestBody' in methods[method],
      })),
    );
  assert.ok(endpoints.length > 60);
  done(await world.rest('PUT', '/ctx/ann/attributes', { keep: 1 }));
  const as = { as: world.other };
  done(await world.rest('POST', '/ctx/theirs/friends/pal', undefined, as));
  foreign = {
    user: 'theirs',
    friend: 'pal',
    stranger: 'pal',
    member: 'theirs',
    target: 'theirs',
    name: 'keep',
    group: done(await world.rest('POST', '/groups', { owner: 'theirs' }, as)),
    room: done(await world.rest('POST', '/rooms', { members: ['theirs'] }, as)),
    passenger: done(await world.rest('POST', '/passengers', { id: 'theirs' }, as)),
  };
});
after(() => world.close());

const fill = (path: string, value: (name: string) => string) =>
  path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(value(name)));

/** Everything of the first app that REST can show. */
async function everything(): Promise<string> {
  const shown = [];
  for (const path of ['/ctx?_limit=100', '/groups?_limit=100', '/rooms?_limit=100', '/ctx/ann'])
    shown.push((await world.rest('GET', path)).text);
  return shown.join('\n');
}

/** A refusal of the caller's own making, in this door's envelope. */
function isRefusal(answer: Answer, what: string): void {
  assert.ok(answer.status >= 400 && answer.status < 500, `${what}: ${answer.status} ${answer.text.slice(0, 200)}`);
  refused(answer, answer.status, answer.body.errorCode);
  // Accounts have numbers of their own, said twice.
  if (what.includes(' /2.0/')) assert.equal(answer.body.code, answer.body.errorCode, what);
  else assert.ok(answer.body.errorCode >= 5001 && answer.body.errorCode <= 5012, what);
  assert.ok(!/SQL|stack|\.ts|constraint/i.test(answer.text), answer.text);
}

async function everywhere(what: string, call: (endpoint: Endpoint) => Promise<Answer | undefined>): Promise<void> {
  const before = await everything();
  for (const endpoint of endpoints) {
    const answer = await call(endpoint);
    if (answer) isRefusal(answer, `${what}: ${endpoint.method} ${endpoint.path}`);
  }
  assert.equal(await everything(), before, `${what} changed something`);
}

test('[ML-267] ids of another app name nobody here', async () => {
  await everywhere('foreign id', async ({ method, path, body }) => {
    // What provisions creates its own; parting and unbinding succeed for anybody.
    const provisions = /^\/ctx\/\{user\}(\/attributes|\/friends(\/\{friend\})?)?$/.test(path) && method !== 'GET';
    if (!path.includes('{') || provisions || path.endsWith('/installs')) return undefined;
    const content = { content: { media: 0, body: 'x' }, members: ['theirs'], name: 'N' };
    return world.rest(
      method,
      fill(path, (name) => foreign[name] ?? 'x'),
      body ? content : undefined,
    );
  });
});

test('[ML-268] ids that cannot be, and ids that are too long', async () => {
  for (const id of ['a.b', 'a b', '阿', "' or 1=1 --", '../x', '\u0000', '__proto__.x', '%']) {
    await everywhere(`id ${id}`, async ({ method, path, body }) => {
      if (!path.includes('{')) return undefined;
      return world.rest(
        method,
        fill(path, () => id),
        body ? { content: { body: 'x' }, members: ['ann'], friends: ['ann'] } : undefined,
      );
    });
  }
  await everywhere('a long id', ({ method, path, body }) =>
    path.includes('{')
      ? world.rest(
          method,
          fill(path, () => 'x'.repeat(500)),
          body ? { content: { body: 'x' }, members: ['ann'] } : undefined,
        )
      : Promise.resolve(undefined),
  );
});

test('[ML-269] broken, deep, huge and poisoned bodies', async () => {
  const deep = `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`;
  const bodies: [string, string | Buffer][] = [
    ['broken', '{"a":'],
    ['no JSON', 'hello'],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['deep', deep],
    ['very deep', '['.repeat(500_000)],
    ['__proto__', '{"__proto__":{"polluted":1},"owner":"ann","content":{"body":"x"}}'],
    ['hidden __proto__', '{"a":{"\\u005f_proto__":{"polluted":1}}}'],
    ['a text', '"x"'],
    ['a number', '7'],
    ['true', 'true'],
  ];
  for (const [what, raw] of bodies) {
    await everywhere(what, ({ method, path, body }) =>
      body
        ? world.rest(
            method,
            fill(path, () => 'ann'),
            undefined,
            { raw },
          )
        : Promise.resolve(undefined),
    );
  }
  assert.equal(({} as { polluted?: number }).polluted, undefined);
});

test('[ML-270] wrong credentials are refused everywhere, with good and bad bodies', async () => {
  const wrong: Record<string, string>[] = [
    { 'x-ml-request-sign': 'f'.repeat(32) },
    { 'x-ml-apikey': world.other.clientKey },
    { 'x-ml-masterkey': world.app.clientKey },
  ];
  for (const headers of wrong) {
    await everywhere('credentials', async ({ method, path, body }) => {
      const answer = await world.rest(
        method,
        fill(path, () => 'ann'),
        undefined,
        { headers, ...(body ? { raw: '{"a":' } : {}) },
      );
      refused(answer, 401, path.startsWith('/2.0/') ? 90_102 : 5003);
      return answer;
    });
  }
});

test('[ML-271] the names of Object are names like others', async () => {
  for (const name of ['constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
    done(await world.rest('PUT', `/ctx/${name}/attributes`, { [name]: name }), 201);
    assert.deepEqual(done(await world.rest('GET', `/ctx/${name}/attributes`)), { [name]: name });
    assert.equal((await world.rest('GET', `/ctx/${name}/attributes/${name}`)).text, JSON.stringify(name));
    assert.deepEqual(
      done(await world.rest('GET', `/ctx?${name}=${name}`)).map(({ id }: { id: string }) => id),
      [name],
    );
    refused(await world.rest('GET', `/ctx/ann/attributes/${name}`), 404, 5004);
  }
});

test('[ML-84] [ML-272] a system message needs a body, of bounded length', async () => {
  for (const message of [
    undefined,
    {},
    { content: {} },
    { content: { media: 0 } },
    { content: { media: 0, body: '' } },
    { content: 'x' },
    { content: { media: -1, body: 'x' } },
    { content: { body: 'x' }, remark: 5 },
  ]) {
    refused(await world.rest('POST', '/system', message), 400, 5001);
    refused(await world.rest('POST', '/system/ann', message), 400, 5001);
  }
  refused(await world.rest('POST', '/system', { content: { body: 'x'.repeat(32 * 1024 + 1) } }), 400, 5010);
  refused(await world.rest('POST', '/system/none', { content: { body: 'x' } }), 404, 5004);
  refused(await world.rest('POST', '/system/none?group', { content: { body: 'x' } }), 404, 5004);
  refused(await world.rest('POST', '/system/none?room', { content: { body: 'x' } }), 404, 5004);
});
