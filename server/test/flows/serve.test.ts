// A server's life as its operator lives it: first start, a second app, a backup, a stop, a restore.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { greeting } from '../../src/cli/greeting.ts';
import { readConfig } from '../../src/config.ts';
import { keepKeys, readKeys } from '../../src/keys.ts';
import { run, type Serving, serve } from '../kit/command.ts';

let dir: string;
let data: string;
let env: Record<string, string>;
let server: Serving;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hongyan-test-'));
  data = join(dir, 'data');
  env = { HONGYAN_DATA: data, HONGYAN_DEMO: 'off' };
  server = await serve(env);
});
after(async () => {
  server.child.kill('SIGKILL');
  await rm(dir, { recursive: true, force: true });
});

const as = (id: string, key: string) => ({ 'x-ml-appid': id, 'x-ml-apikey': key });

describe('hongyan serve', () => {
  it('keeps the keys of the generated app and the token in files of their own, and writes no key anywhere else', async () => {
    const keys = await readKeys(data);
    assert.ok(keys);
    for (const word of Object.values(keys)) assert.match(word, /^[0-9a-f]{24}$/);
    for (const name of ['keys.env', 'admin-token', 'hongyan.db'])
      assert.equal((await stat(join(data, name))).mode & 0o777, 0o600, name);
    assert.match(server.output(), new RegExp(`^App id: ${keys.id}\nIts keys are in ${join(data, 'keys.env')}$`, 'm'));
    assert.equal((await fetch(`${server.url}/ctx`, { headers: as(keys.id, keys.clientKey) })).status, 200);
    const token = (await readFile(join(data, 'admin-token'), 'utf8')).trim();
    assert.equal(
      (await fetch(`${server.url}/admin/apps`, { headers: { authorization: `Bearer ${token}` } })).status,
      200,
    );
    for (const secret of [keys.clientKey, keys.masterKey, token]) assert.ok(!server.output().includes(secret));
  });

  it('prints a first request that a shell runs as it stands', {
    skip: process.platform === 'win32' && 'written for a POSIX shell',
  }, async () => {
    const line = /^ {2}(\. .*; curl .*)$/m.exec(server.output())?.[1] ?? '';
    // A stand-in for curl that shows its words, so that the test needs a shell and nothing else.
    const { stdout } = await promisify(execFile)('sh', ['-c', `curl() { printf '%s\\n' "$@"; }; ${line}`]);
    const keys = await readKeys(data);
    assert.deepEqual(stdout.trim().split('\n'), [
      '-H',
      `X-ML-AppId: ${keys?.id}`,
      '-H',
      `X-ML-APIKey: ${keys?.clientKey}`,
      `${server.url}/ctx`,
    ]);
  });

  it('has its data folder and its port to itself', async () => {
    const { port } = new URL(server.url);
    const sameFolder = await run(['serve'], { ...env, HONGYAN_PORT: '0' });
    assert.equal(sameFolder.code, 1);
    assert.match(sameFolder.err, /another server is using the data folder/);
    const samePort = await run(['serve'], { HONGYAN_DATA: join(dir, 'other'), HONGYAN_PORT: port });
    assert.equal(samePort.code, 1);
    assert.match(
      samePort.err,
      /^hongyan serve: 127\.0\.0\.1:\d+ is in use: stop what listens there, or set HONGYAN_PORT$/m,
    );
    const doctor = await run(['doctor'], { ...env, HONGYAN_PORT: port });
    assert.match(doctor.out, /^ok +port: a server answers at /m);
  });

  it('follows an app that is added beside it', async () => {
    const add = async (id: string): Promise<string> =>
      JSON.parse((await run(['apps', 'add', id, '--json'], env)).out).clientKey;
    const key = await add('beside');
    assert.equal((await fetch(`${server.url}/ctx`, { headers: as('beside', key) })).status, 200);
  });

  it('is backed up while it serves, and not restored over', async () => {
    const backup = await run(['backup', join(dir, 'backup')], env);
    assert.equal(backup.code, 0, backup.err);
    assert.deepEqual((await readdir(join(dir, 'backup'))).sort(), [
      'admin-token',
      'backup.json',
      'hongyan.db',
      'keys.env',
      'uploads',
    ]);
    assert.equal((await stat(join(dir, 'backup', 'keys.env'))).mode & 0o777, 0o600);
    assert.match((await run(['backup', join(dir, 'backup')], env)).err, /is not empty/);
    const restore = await run(['restore', join(dir, 'backup'), '--force'], env);
    assert.equal(restore.code, 1);
    assert.match(restore.err, /a server is using .*: stop it first/);
  });

  it('ends with 0 when it is told to stop, however often', async () => {
    for (const signal of ['SIGTERM', 'SIGTERM', 'SIGINT'] as const) server.child.kill(signal);
    const begun = performance.now();
    assert.equal(await server.ended(), 0);
    assert.ok(performance.now() - begun < 10_000);
    await assert.rejects(fetch(`${server.url}/healthz`));
  });

  it('serves a restored backup as it was', async () => {
    const before = await readKeys(data);
    assert.equal((await run(['apps', 'remove', 'beside', '--yes'], env)).code, 0);
    const refused = await run(['restore', join(dir, 'backup')], env);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /is not empty: --force sets its data aside/);
    await writeFile(join(dir, 'not-a-backup'), '');
    assert.match((await run(['restore', dir], env)).err, /is not a whole backup/);

    const restored = await run(['restore', join(dir, 'backup'), '--force'], env);
    assert.equal(restored.code, 0, restored.err);
    const aside = (await readdir(data)).find((name) => name.startsWith('before-restore-'));
    assert.ok((await readdir(join(data, aside ?? ''))).includes('hongyan.db'));
    const listed = JSON.parse((await run(['apps', 'list', '--json'], env)).out);
    assert.deepEqual(
      listed.map((app: { id: string }) => app.id),
      [before?.id, 'beside'],
    );
    assert.deepEqual(await readKeys(data), before);

    const elsewhere = { HONGYAN_DATA: join(dir, 'elsewhere') };
    assert.equal((await run(['restore', join(dir, 'backup')], elsewhere)).code, 0);
    server = await serve(elsewhere);
    assert.equal(
      (await fetch(`${server.url}/ctx`, { headers: as(before?.id ?? '', before?.clientKey ?? '') })).status,
      200,
    );
  });
});

describe('the greeting', () => {
  it('shows new keys to a person, once', async () => {
    const config = readConfig({ HONGYAN_DATA: dir });
    const keys = await keepKeys(dir);
    assert.deepEqual(await keepKeys(dir), keys);
    const generated = {} as never;
    const lines = async (isTerminal: boolean, isNew: boolean): Promise<string> =>
      (
        await greeting({ url: 'http://x', generated: isNew ? generated : undefined, hasDemo: false }, config, {
          isTerminal,
        })
      ).join('\n');
    assert.match(await lines(true, true), new RegExp(`Client key: ${keys.clientKey}\nMaster key: ${keys.masterKey}`));
    for (const [isTerminal, isNew] of [
      [true, false],
      [false, true],
      [false, false],
    ] as const) {
      assert.doesNotMatch(await lines(isTerminal, isNew), new RegExp(`${keys.clientKey}|${keys.masterKey}`));
    }
  });
});
