// Every operation of the document is carried out with its examples, in a world that has what they name, and what comes
// back is held against the documented shape.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Compile } from 'typebox/compile';
import { jm } from '../../../../test/kit/jmessage.ts';
import {
  type Free,
  fill,
  furnish,
  type Operation,
  operationsOf,
  withNumbers,
} from '../../../../test/kit/jmessage-furnish.ts';
import { type Answer, openWorld, type World } from '../../../../test/kit/world.ts';

let world: World;
let operations: Operation[];
before(async () => {
  world = await openWorld();
  operations = await operationsOf(world);
});
after(() => world.close());

/** Validates the answer against what the document says of its status. */
function matches(operation: Free, answer: Answer, what: string): void {
  const response = operation.responses[answer.status];
  assert.ok(response, `${what} answered ${answer.status}, which is not documented: ${answer.text}`);
  const schema = response.content?.['application/json']?.schema;
  // Where nothing comes back the document shows no content.
  if (schema === undefined) assert.equal(answer.text, '', what);
  else assert.ok(Compile(schema).Check(answer.body), `${what}: ${answer.text} does not fit ${JSON.stringify(schema)}`);
}

test('[JM-212] the document describes every endpoint, in words', () => {
  assert.ok(operations.length >= 30, String(operations.length));
  for (const { method, path, operation } of operations) {
    const what = `${method} ${path}`;
    assert.ok(operation.summary && operation.tags.length === 1, what);
    assert.ok(operation.responses['4XX'], what);
    for (const parameter of operation.parameters ?? [])
      assert.ok(parameter.description || parameter.schema.description, `${what}: ${parameter.name}`);
    for (const response of Object.values<Free>(operation.responses))
      assert.notEqual(response.description, 'Default Response', what);
  }
});

test('[JM-212] the examples of the document work, and answers have the documented shape', async () => {
  for (const { method, path, operation } of operations) {
    const names = await furnish(world);
    const parameters: Free[] = operation.parameters ?? [];
    const example = (name: string) => names[name] ?? parameters.find((one) => one.name === name)?.example;
    const query = parameters
      .filter((one) => one.in === 'query' && example(one.name) !== undefined)
      .map((one) => `${one.name}=${encodeURIComponent(example(one.name))}`);
    const given = operation.requestBody?.content['application/json'].example;
    if (operation.requestBody) assert.notEqual(given, undefined, `${method} ${path} has no example`);
    const url = `${fill(path, example)}?${query.join('&')}`;
    // An admin's path names an admin.
    const target = path.startsWith('/v1/admins/') ? url.replace('/tom', '/boss') : url;
    const body = given === undefined ? undefined : withNumbers(given, names);
    const what = `${method} ${target} ${JSON.stringify(body) ?? ''}`;
    const answer = await jm(world, method, target, body);
    assert.ok(answer.status < 300, `${what}: ${answer.status} ${answer.text}`);
    matches(operation, answer, what);
  }
});

test('[JM-212] errors have the documented shape, and the document asks for credentials', async () => {
  const [first] = operations;
  const problem = Compile(first?.operation.responses['4XX'].content['application/json'].schema);
  assert.ok(problem.Check((await jm(world, 'POST', '/v1/users', {})).body));
  assert.ok(problem.Check((await jm(world, 'GET', '/v1/nothing')).body));
  const document = (await world.rest('GET', '/docs/jmessage/openapi.json')).body;
  assert.deepEqual(document.security, [{ basic: [] }]);
  assert.equal(document.openapi, '3.1.0');
});
