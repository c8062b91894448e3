// Every operation of the document is carried out with its examples, in a world that has what they name, and what comes
// back is held against the documented shape.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Compile } from 'typebox/compile';
import { done, inGroup, talk, to } from '../../../../test/kit/rest.ts';
import { type Answer, openWorld, type World } from '../../../../test/kit/world.ts';

// biome-ignore lint/suspicious/noExplicitAny: the document as it comes
type Free = any;

let world: World;
let document: Free;
before(async () => {
  world = await openWorld();
  document = done(await world.rest('GET', '/docs/maxleap/openapi.json'), 200);
});
after(() => world.close());

/** The people and places that the examples name; what paths call `group`, `room` and the like. */
async function furnish(): Promise<Record<string, string>> {
  for (const id of ['alice', 'bob', 'carol', 'dave'])
    done(await world.rest('PUT', `/ctx/${id}/attributes`, { city: 'Shanghai' }));
  done(await world.rest('POST', '/ctx/alice/friends/bob'));
  const passenger = done(await world.rest('POST', '/passengers', { id: 'visitor1', city: 'Shanghai' }));
  const group = done(
    await world.rest('POST', '/groups', { owner: 'alice', members: ['bob'], attributes: { city: 'Shanghai' } }),
  );
  const room = done(
    await world.rest('POST', '/rooms', { members: ['alice', 'bob'], attributes: { city: 'Shanghai' } }),
  );
  await talk(world, 'alice', to('bob'), 'hi');
  await talk(world, 'alice', to('dave'), 'hi');
  await talk(world, 'alice', to(':visitor1'), 'hi');
  await talk(world, 'alice', inGroup(group), 'hi');
  return { group, room, passenger };
}

/** Validates the answer against what the document says of its status. */
function matches(operation: Free, answer: Answer, what: string): void {
  const response = operation.responses[answer.status];
  assert.ok(response, `${what} answered ${answer.status}, which is not documented: ${answer.text}`);
  const schema = response.content?.['application/json']?.schema;
  if (answer.status === 204) assert.equal(answer.text, '');
  else assert.ok(Compile(schema).Check(answer.body), `${what}: ${answer.text} does not fit ${JSON.stringify(schema)}`);
}

test('[ML-262] the document describes every endpoint, in words', () => {
  assert.equal(document.openapi, '3.1.0');
  const operations = Object.entries<Free>(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  assert.ok(operations.length >= 69, String(operations.length));
  for (const methods of Object.values<Free>(document.paths)) {
    for (const operation of Object.values<Free>(methods)) {
      assert.ok(operation.summary && operation.tags.length === 1);
      assert.ok(operation.responses['4XX']);
      for (const parameter of operation.parameters ?? [])
        assert.ok(parameter.description || parameter.schema.description, parameter.name);
      for (const response of Object.values<Free>(operation.responses))
        assert.notEqual(response.description, 'Default Response', operation.summary);
    }
  }
});

test('[ML-263] the examples of the document work, and answers have the documented shape', async () => {
  for (const [path, methods] of Object.entries<Free>(document.paths)) {
    for (const [method, operation] of Object.entries<Free>(methods)) {
      // Codes, tokens and sessions of accounts cannot be examples.
      if (path === '/attachment' || path.startsWith('/uploads/') || path.startsWith('/2.0/')) continue;
      const names = await furnish();
      const parameters: Free[] = operation.parameters ?? [];
      const example = (parameter: Free) => names[parameter.name] ?? parameter.example;
      const url = path.replace(/\{(\w+)\}/g, (_all, name: string) =>
        encodeURIComponent(example(parameters.find((one) => one.name === name))),
      );
      const query = parameters
        .filter((one) => one.in === 'query' && one.example !== undefined)
        .map((one) => `${one.name}=${encodeURIComponent(one.example)}`);
      const body = operation.requestBody?.content['application/json'].example;
      if (operation.requestBody) assert.notEqual(body, undefined, `${method} ${path} has no example`);
      const what = `${method} ${url}?${query.join('&')}`;
      const answer = await world.rest(method.toUpperCase(), `${url}?${query.join('&')}`, body);
      assert.ok(answer.status < 300, `${what}: ${answer.status} ${answer.text}`);
      matches(operation, answer, what);
      if (parameters.some((one) => one.name === 'detail'))
        matches(operation, await world.rest('GET', `${url}?detail`), `${what}&detail`);
    }
  }
});

test('[ML-264] errors have the documented shape, and an upload what is said of it', async () => {
  const problem = Compile(document.paths['/groups'].post.responses['4XX'].content['application/json'].schema);
  assert.ok(problem.Check((await world.rest('POST', '/groups', {})).body));
  const form = new FormData();
  form.append('attachment', new Blob(['hello']), 'hello.txt');
  const answer = await world.rest('POST', '/attachment', undefined, { raw: form });
  matches(document.paths['/attachment'].post, answer, 'upload');
  assert.equal(await (await fetch(answer.body[0])).text(), 'hello');
});
