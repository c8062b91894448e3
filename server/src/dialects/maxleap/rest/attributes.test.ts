import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { done, refused } from '../../../../test/kit/rest.ts';
import { openWorld, type World } from '../../../../test/kit/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

/** Users, groups and rooms answer alike. */
async function subjects(name: string): Promise<string[]> {
  done(await world.rest('POST', `/ctx/${name}/attributes`));
  const group = done(await world.rest('POST', '/groups', { owner: name }));
  const room = done(await world.rest('POST', '/rooms', { members: [name] }));
  return [`/ctx/${name}`, `/groups/${group}`, `/rooms/${room}`].map((path) => `${path}/attributes`);
}

const all = async (path: string) => done(await world.rest('GET', path));

test('[ML-24] [ML-25] POST merges key by key, PUT replaces', async () => {
  for (const path of await subjects('a24')) {
    done(await world.rest('POST', path, { a: 1, b: { x: 1 } }), 201);
    const merged = await world.rest('POST', path, { b: { y: 2 }, c: 4 });
    assert.deepEqual(done(merged, 201), {});
    assert.deepEqual(await all(path), { a: 1, b: { y: 2 }, c: 4 });
    assert.deepEqual(done(await world.rest('PUT', path, { z: 1 }), 201), {});
    assert.deepEqual(await all(path), { z: 1 });
    done(await world.rest('PUT', path), 201);
    assert.deepEqual(await all(path), {});
  }
});

test('[ML-26] [ML-27] [ML-30] one attribute is its bare JSON value', async () => {
  for (const path of await subjects('a26')) {
    done(
      await world.rest('POST', path, {
        name: 'Ann',
        age: 46,
        deep: { a: [1, null] },
        none: null,
        yes: true,
        '阿 /': 'odd',
      }),
    );
    const raw = async (name: string) => (await world.rest('GET', `${path}/${name}`)).text;
    assert.equal(await raw('name'), '"Ann"');
    assert.equal(await raw('age'), '46');
    assert.equal(await raw('deep'), '{"a":[1,null]}');
    assert.equal(await raw('none'), 'null');
    assert.equal(await raw('yes'), 'true');
    assert.equal(await raw(encodeURIComponent('阿 /')), '"odd"');
    refused(await world.rest('GET', `${path}/missing`), 404, 5004);
    refused(await world.rest('GET', `${path}/${encodeURIComponent('阿'.repeat(128))}`), 404, 5004);
    done(await world.rest('POST', path, { '"quoted"': 1, 'nul\u0000l': 'a\u0000b', half: '\ud800' }));
    assert.equal(await raw('%22quoted%22'), '1');
    assert.equal(await raw('nul%00l'), '"a\\u0000b"');
    assert.equal(await raw('half'), '"\\ud800"');
    refused(await world.rest('GET', `${path}/constructor`), 404, 5004);
    refused(await world.rest('GET', `${path}/__proto__`), 404, 5004);
  }
});

test('[ML-28] DELETE empties the map or removes one name, as often as one likes', async () => {
  for (const path of await subjects('a28')) {
    done(await world.rest('POST', path, { a: 1, name: 'N', b: 2 }));
    done(await world.rest('DELETE', `${path}/name`), 204);
    done(await world.rest('DELETE', `${path}/name`), 204);
    assert.deepEqual(await all(path), { a: 1, b: 2 });
    done(await world.rest('DELETE', path), 204);
    assert.deepEqual(await all(path), {});
    done(await world.rest('DELETE', path), 204);
  }
  refused(await world.rest('DELETE', '/ctx/nobody/attributes'), 404, 5004);
  refused(await world.rest('DELETE', '/ctx/nobody/attributes/a'), 404, 5004);
});

test('[ML-29] [ML-69] only an object is a map; no body changes nothing', async () => {
  for (const path of await subjects('a29')) {
    done(await world.rest('POST', path, { a: 1 }));
    for (const body of [[1], 'x', 1, true]) {
      refused(await world.rest('POST', path, body), 400, 5001);
      refused(await world.rest('PUT', path, body), 400, 5001);
    }
    const ts = path.startsWith('/ctx') ? done(await world.rest('GET', '/ctx/a29')).ts : 0;
    done(await world.rest('POST', path, undefined, { headers: { 'content-type': 'application/json' } }), 201);
    assert.deepEqual(await all(path), { a: 1 });
    if (ts) assert.equal(done(await world.rest('GET', '/ctx/a29')).ts, ts);
  }
  const missing = '0'.repeat(32);
  for (const path of [`/groups/${missing}/attributes`, `/rooms/${missing}/attributes`]) {
    for (const method of ['GET', 'DELETE']) refused(await world.rest(method, path), 404, 5004);
    for (const method of ['POST', 'PUT']) refused(await world.rest(method, path, { a: 1 }), 404, 5004);
    refused(await world.rest('POST', path), 404, 5004);
    refused(await world.rest('GET', `${path}/a`), 404, 5004);
  }
});

test('[ML-254] attributes are bounded: names of 128 characters, 64 KiB together', async () => {
  for (const path of await subjects('a254')) {
    done(await world.rest('POST', path, { ['n'.repeat(128)]: 1 }), 201);
    refused(await world.rest('POST', path, { ['n'.repeat(129)]: 1 }), 400, 5010);
    refused(await world.rest('POST', path, { '': 1 }), 400, 5001);
    done(await world.rest('PUT', path, { big: 'x'.repeat(40_000) }), 201);
    refused(await world.rest('POST', path, { more: 'x'.repeat(40_000) }), 400, 5010);
    refused(await world.rest('POST', path, { name: 'x'.repeat(40_000) }), 400, 5010);
    assert.deepEqual(Object.keys(await all(path)), ['big']);
  }
  refused(await world.rest('POST', '/ctx/unborn/attributes', { '': 1 }), 400, 5001);
  refused(await world.rest('GET', '/ctx/unborn'), 404, 5004);
});

test('[ML-255] the name of a group or room is its attribute, and shown beside the attributes when it is a text', async () => {
  for (const [path, one] of (await subjects('a255'))
    .slice(1)
    .map((path) => [path, path.replace('/attributes', '')] as const)) {
    done(await world.rest('POST', path, { name: 'N', a: 1 }));
    assert.deepEqual(await all(path), { a: 1, name: 'N' });
    assert.equal(done(await world.rest('GET', one)).name, 'N');
    done(await world.rest('POST', path, { b: 2 }));
    assert.equal(done(await world.rest('GET', one)).name, 'N');
    done(await world.rest('POST', path, { name: 5 }));
    assert.deepEqual(await all(path), { a: 1, b: 2, name: 5 });
    assert.equal('name' in done(await world.rest('GET', one)), false);
    done(await world.rest('PUT', one, { name: 'M' }), 201);
    assert.deepEqual(await all(path), { a: 1, b: 2, name: 'M' });
    done(await world.rest('DELETE', `${path}/name`), 204);
    assert.deepEqual(await all(path), { a: 1, b: 2 });
    done(await world.rest('PUT', path, { name: '' }), 201);
    assert.deepEqual(await all(path), { name: '' });
  }
});
