// What is published: its size, its parts, its version. Built anew, aside.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import type { Im } from '../src/index.ts';
import { version } from '../src/version.ts';
import { openPlace } from './kit/place.ts';
import { until } from './kit/wait.ts';

const root = new URL('../', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'hongyan-im-'));
after(() => rmSync(folder, { recursive: true, force: true }));
/** What stands in `dist/` of the package is in the folder. */
const at = (name: string): URL =>
  /^(\.\/)?dist\//.test(name) ? pathToFileURL(join(folder, name.replace(/^(\.\/)?dist\//, ''))) : new URL(name, root);
const read = (name: string): Buffer => readFileSync(at(name));
const gzipped = (name: string): number => gzipSync(read(name), { level: 9 }).length;

test('the package is built, light, and has no dependencies', async () => {
  execFileSync(process.execPath, [fileURLToPath(new URL('scripts/build.js', root)), folder]);
  const facts = JSON.parse(read('package.json').toString());
  assert.equal(facts.dependencies, undefined);
  assert.equal(facts.version, version);
  const sizes = { core: gzipped('dist/hongyan.mjs'), whole: gzipped('dist/ML.im.js') };
  assert.ok(sizes.core <= 6 * 1024, `the ESM core is ${sizes.core} bytes`);
  assert.ok(sizes.whole <= 8 * 1024, `the whole is ${sizes.whole} bytes`);

  const sandbox = createContext({ ML: { other: 1 } });
  runInContext(read('dist/ML.im.js').toString(), sandbox);
  assert.equal(runInContext('typeof ML.im', sandbox), 'function');
  assert.equal(runInContext('ML.im.version', sandbox), version);
  assert.equal(runInContext('ML.other', sandbox), 1, 'what else the global holds stays');

  for (const [name, target] of Object.entries<Record<string, string> | string>(facts.exports)) {
    for (const file of typeof target === 'string' ? [target] : Object.values(target))
      assert.ok(read(file).length, name);
  }
  const core = await import(at('dist/hongyan.mjs').href);
  const old = await import(at('dist/ml.mjs').href);
  const mini = await import(at('dist/wechat.mjs').href);
  assert.deepEqual(
    [core.connect, old.im, mini.wechat].map((it) => typeof it),
    ['function', 'function', 'function'],
  );
  assert.match(read('dist/ml.mjs').toString(), /from ?"\.\/hongyan\.mjs"/, 'both faces share one core');

  // As it is published, with its inner names shortened, it still talks.
  const place = await openPlace();
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key),
    setItem: (key: string, value: string) => kept.set(key, value),
  };
  const ann: Im = core.connect({ ...place.options, user: 'ann', storage });
  const bob: Im = core.connect({ ...place.options, user: 'bob' });
  try {
    await Promise.all([ann.ready, bob.ready]);
    await ann.friends.add('bob');
    const heard: (string | undefined)[] = [];
    bob.on('message', ({ text, url }) => heard.push(text ?? url?.split('.').at(-1)));
    bob.on('edited', ({ text }) => heard.push(text));
    const { ts } = await ann.friend('bob').send('helo').done;
    await ann.friend('bob').send({ audio: new File(['sound'], 'a.mp3') }).done;
    await ann.friend('bob').edit(ts as number, 'hello');
    await until('all is heard', () => heard.length === 3);
    assert.deepEqual(heard, ['helo', 'mp3', 'hello']);
    assert.equal((await bob.friend('ann').history())[0]?.text, 'hello');
    assert.deepEqual([...kept], [[`hongyan:${place.appId}:ann`, '[]']]);
  } finally {
    ann.close();
    bob.close();
    await place.close();
  }
});
