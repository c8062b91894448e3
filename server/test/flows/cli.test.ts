// The command line, each command as a process of its own.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from '../kit/command.ts';

let dir: string;
let env: Record<string, string>;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hongyan-test-'));
  env = { HONGYAN_DATA: join(dir, 'data') };
});
after(() => rm(dir, { recursive: true, force: true }));

describe('hongyan', () => {
  it('explains itself in the language of the terminal', async () => {
    const [english, chinese, none, unknown] = await Promise.all([
      run(['--help'], { LANG: 'en_US.UTF-8' }),
      run(['help'], { LANG: 'zh_CN.UTF-8' }),
      run([]),
      run(['frobnicate']),
    ]);
    assert.deepEqual([english.code, chinese.code, none.code, unknown.code], [0, 0, 2, 2]);
    assert.match(english.out, /^Usage: hongyan <command>/);
    assert.match(chinese.out, /^用法：hongyan <命令>/);
    assert.match(unknown.err, /there is no command frobnicate\n\nUsage/);
    for (const word of [
      'serve',
      'apps list',
      'apps add',
      'apps set',
      'apps remove',
      'config',
      'doctor',
      'backup',
      'restore',
      'HONGYAN_TLS_CERT',
    ]) {
      assert.ok(english.out.includes(word) && chinese.out.includes(word), word);
    }
  });

  it('answers a command that is written wrongly with 2, and does nothing', async () => {
    const wrong = [
      ['serve', '--port', '1'],
      ['serve', 'now'],
      ['apps'],
      ['apps', 'frob'],
      ['apps', 'remove', 'one'],
      ['apps', 'set'],
      ['backup'],
      ['restore', 'a', 'b'],
    ];
    const codes = await Promise.all(wrong.map(async (args) => (await run(args, env)).code));
    assert.deepEqual(
      codes,
      wrong.map(() => 2),
    );
    await assert.rejects(stat(join(dir, 'data')));
  });
});

describe('hongyan config', () => {
  it('prints what is in force, secrets as [secret], and names that look misspelt', async () => {
    const { code, out, err } = await run(['config'], {
      ...env,
      HONGYAN_APPS: 'one:clientclient:mastermaster',
      HONGYAN_ADMIN_TOKEN: 'tokentoken',
      HONGYAN_PROT: '1',
    });
    assert.equal(code, 0);
    assert.match(out, /^HONGYAN_APPS=one:\[secret\]:\[secret\]$/m);
    assert.match(out, /^HONGYAN_ADMIN_TOKEN=\[secret\]$/m);
    assert.match(err, /HONGYAN_PROT is not a variable of this server/);
    assert.doesNotMatch(out + err, /clientclient|mastermaster|tokentoken/);
    const json = await run(['config', '--json'], { ...env, HONGYAN_APPS: 'one:clientclient:mastermaster' });
    assert.equal(JSON.parse(json.out).apps[0].masterKey, '[secret]');
  });

  it('tells every problem in a sentence', async () => {
    const { code, err } = await run(['serve'], { ...env, HONGYAN_PORT: 'x', HONGYAN_NATS_URL: 'nats://x' });
    assert.equal(code, 1);
    assert.match(err, /the configuration has problems:\n {2}HONGYAN_PORT .*\n {2}HONGYAN_NATS_URL /);
    assert.doesNotMatch(err, / at /);
  });
});

describe('hongyan apps', () => {
  it('lists only where there is data', async () => {
    const { code, err } = await run(['apps', 'list'], env);
    assert.equal(code, 1);
    assert.match(err, /there is no data in/);
    await assert.rejects(stat(join(dir, 'data')));
  });

  it('adds, sets, lists and removes', async () => {
    const first = await run(['apps', 'add'], env);
    const [, id, clientKey, masterKey] =
      /^App id: +([0-9a-f]{24})\nClient key: ([0-9a-f]{24})\nMaster key: ([0-9a-f]{24})\n/.exec(first.out) ?? [];
    assert.ok(id && clientKey && masterKey, first.out + first.err);
    assert.equal((await run(['apps', 'add', id], env)).code, 1);

    const file = join(dir, 'shop.env');
    const second = await run(
      ['apps', 'add', 'shop', '--name', 'Shop', '--client-key', 'from-another-cloud', '--json', '--keys-file', file],
      env,
    );
    assert.deepEqual([JSON.parse(second.out).id, JSON.parse(second.out).clientKey], ['shop', undefined]);
    assert.match(
      await readFile(file, 'utf8'),
      /^HONGYAN_APP_ID=shop\nHONGYAN_CLIENT_KEY=from-another-cloud\nHONGYAN_MASTER_KEY=[0-9a-f]{24}\n$/,
    );
    assert.equal((await stat(file)).mode & 0o777, 0o600);

    const set = await run(
      [
        'apps',
        'set',
        'shop',
        'groupMembersMax=50',
        'maxleap.censor=off',
        'maxleap.requireMasterKey=system,destroy',
        '--json',
      ],
      env,
    );
    assert.deepEqual(JSON.parse(set.out).overrides, {
      groupMembersMax: 50,
      'maxleap.censor': false,
      'maxleap.requireMasterKey': ['system', 'destroy'],
    });
    const wrong = await run(['apps', 'set', 'shop', 'groupMembersMax=1', 'nothing=1', 'maxleap.censor=maybe'], env);
    assert.equal(wrong.code, 1);
    assert.match(wrong.err, /from 2 to 100000; there is no setting nothing; maxleap.censor takes true or false/);
    const back = await run(
      ['apps', 'set', 'shop', 'groupMembersMax=default', 'maxleap.censor=on', '--name', 'Store'],
      env,
    );
    assert.match(back.out, /^groupMembersMax +500 {2}/m);

    const listed = JSON.parse((await run(['apps', 'list', '--json'], env)).out);
    assert.deepEqual(
      listed.map((app: { id: string; name: string }) => [app.id, app.name]),
      [
        [id, ''],
        ['shop', 'Store'],
      ],
    );
    assert.equal(listed[0].masterKey, undefined);
    assert.match(
      (await run(['apps', 'list'], env)).out,
      /^shop +Store +\S+ \S+ +maxleap.requireMasterKey=system,destroy$/m,
    );
    assert.match((await run(['apps', 'list', '--keys'], env)).out, new RegExp(`${clientKey} +${masterKey}`));

    assert.equal((await run(['apps', 'remove', 'shop', '--yes'], env)).code, 0);
    assert.match((await run(['apps', 'remove', 'shop', '--yes'], env)).err, /there is no app shop/);
  });

  it('writes files that only their owner reads', async () => {
    assert.equal((await stat(join(dir, 'data', 'hongyan.db'))).mode & 0o077, 0);
    assert.equal((await stat(join(dir, 'data'))).mode & 0o077, 0);
  });
});

describe('hongyan doctor', () => {
  const tls = (name: string): string => fileURLToPath(new URL(`../kit/tls/${name}`, import.meta.url));
  const find = (out: string, what: string): { found: string; todo?: string } =>
    JSON.parse(out).findings.find((finding: { what: string }) => finding.what === what);

  it('finds a machine in order', async () => {
    const sound = await run(['doctor', '--json'], {
      ...env,
      HONGYAN_PORT: '0',
      HONGYAN_TLS_CERT: tls('first.cert.pem'),
      HONGYAN_TLS_KEY: tls('first.key.pem'),
    });
    assert.equal(sound.code, 0, sound.out);
    assert.match(find(sound.out, 'database').found, /^whole, version \d+$/);
    assert.match(find(sound.out, 'TLS').found, /^CN=first, valid for \d+ days$/);
  });

  it('says what is wrong and what to do', async () => {
    const { code, out } = await run(['doctor', '--json'], {
      HONGYAN_DATA: fileURLToPath(import.meta.url),
      HONGYAN_HOST: '192.0.2.1',
      HONGYAN_TLS_CERT: tls('first.cert.pem'),
      HONGYAN_TLS_KEY: tls('second.key.pem'),
    });
    assert.equal(code, 1);
    for (const what of ['data folder', 'port', 'TLS']) assert.ok(find(out, what).todo, what);
    const text = await run(['doctor'], { ...env, HONGYAN_PORT: 'x' });
    assert.equal(text.code, 1);
    assert.match(text.out, /^PROBLEM {2}configuration: HONGYAN_PORT .*\n +→ /);
  });
});
