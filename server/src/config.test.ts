import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { ConfigError, type Env, readConfig, strangeNames } from './config.ts';

function problemsOf(env: Env): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const longA = 'a'.repeat(24);
const longB = 'b'.repeat(24);

describe('readConfig', () => {
  it('runs on this machine only when nothing is set', () => {
    const config = readConfig({ PATH: '/bin', HONGYAN_PORT: '', HONGYAN_HOST: '  ' });
    assert.deepEqual(
      { ...config },
      {
        host: '127.0.0.1',
        port: 8787,
        dataDir: resolve('data'),
        apps: [],
        publicUrl: undefined,
        tls: undefined,
        trustProxy: [],
        adminToken: undefined,
        demo: true,
        s3: undefined,
        databaseUrl: undefined,
        nats: undefined,
        sms: 'off',
        logLevel: 'info',
      },
    );
    assert.ok(Object.isFrozen(config));
  });

  it('reads every variable', () => {
    const config = readConfig({
      HONGYAN_HOST: '0.0.0.0',
      HONGYAN_PORT: '443',
      HONGYAN_DATA: '/srv/chat',
      HONGYAN_APPS: `one:${longA}:${longB}, two:${longB}:${longA},`,
      HONGYAN_PUBLIC_URL: 'https://chat.example.com/im/',
      HONGYAN_TLS_CERT: '/etc/cert.pem',
      HONGYAN_TLS_KEY: '/etc/key.pem',
      HONGYAN_TRUST_PROXY: '10.0.0.7, 192.168.0.0/16,::1',
      HONGYAN_ADMIN_TOKEN: 'token-of-the-operator',
      HONGYAN_LOG_LEVEL: 'warn',
    });
    assert.deepEqual(
      [config.host, config.port, config.dataDir, config.demo, config.logLevel],
      ['0.0.0.0', 443, '/srv/chat', false, 'warn'],
    );
    assert.deepEqual(
      config.apps.map(({ id, clientKey, masterKey }) => [id, clientKey.reveal(), masterKey.reveal()]),
      [
        ['one', longA, longB],
        ['two', longB, longA],
      ],
    );
    assert.equal(config.publicUrl, 'https://chat.example.com/im');
    assert.deepEqual(config.tls, { certPath: '/etc/cert.pem', keyPath: '/etc/key.pem' });
    assert.deepEqual(config.trustProxy, ['10.0.0.7', '192.168.0.0/16', '::1']);
    assert.equal(config.adminToken?.reveal(), 'token-of-the-operator');
  });

  it('prints secrets as [secret], whichever way', () => {
    const config = readConfig({ HONGYAN_APPS: `one:${longA}:${longB}`, HONGYAN_ADMIN_TOKEN: 'operators-secret-token' });
    for (const text of [
      inspect(config, { depth: 9, showHidden: true }),
      JSON.stringify(config),
      `${config.adminToken} ${config.apps[0]?.masterKey}`,
    ]) {
      assert.match(text, /\[secret\]/);
      assert.doesNotMatch(text, /aaaa|bbbb|operators/);
    }
  });

  const refused: [Env, RegExp][] = [
    [{ HONGYAN_PORT: '65536' }, /^HONGYAN_PORT /],
    [{ HONGYAN_PORT: '80a' }, /^HONGYAN_PORT /],
    [{ HONGYAN_PORT: '-1' }, /^HONGYAN_PORT /],
    [{ HONGYAN_HOST: 'http://here' }, /^HONGYAN_HOST /],
    [{ HONGYAN_APPS: 'one' }, /^HONGYAN_APPS entry 1: write id:clientKey:masterKey/],
    [{ HONGYAN_APPS: 'one:a:b:c' }, /^HONGYAN_APPS entry 1/],
    [{ HONGYAN_APPS: 'on e:a:b' }, /^HONGYAN_APPS entry 1/],
    [{ HONGYAN_APPS: 'one:same:same' }, /^HONGYAN_APPS entry 1 \(one\): the client key and the master key must differ/],
    [{ HONGYAN_APPS: 'one:a:b,one:c:d' }, /^HONGYAN_APPS entry 2: the id one is there twice/],
    [{ HONGYAN_PUBLIC_URL: 'chat.example.com' }, /^HONGYAN_PUBLIC_URL /],
    [{ HONGYAN_PUBLIC_URL: 'https://chat.example.com/?a' }, /^HONGYAN_PUBLIC_URL /],
    [{ HONGYAN_TLS_CERT: 'cert.pem' }, /^HONGYAN_TLS_KEY is missing/],
    [{ HONGYAN_TLS_KEY: 'key.pem' }, /^HONGYAN_TLS_CERT is missing/],
    [{ HONGYAN_TRUST_PROXY: 'proxy.local' }, /^HONGYAN_TRUST_PROXY /],
    [{ HONGYAN_TRUST_PROXY: '10.0.0.0/33' }, /^HONGYAN_TRUST_PROXY /],
    [{ HONGYAN_TRUST_PROXY: '0.0.0.0/0' }, /^HONGYAN_TRUST_PROXY /],
    [{ HONGYAN_DEMO: 'yes' }, /^HONGYAN_DEMO is on or off/],
    [{ HONGYAN_LOG_LEVEL: 'loud' }, /^HONGYAN_LOG_LEVEL is one of fatal/],
    [{ HONGYAN_DATABASE_URL: 'postgres://x' }, /^HONGYAN_DATABASE_URL is the address of a PostgreSQL database/],
    [{ HONGYAN_DATABASE_URL: 'mysql://x/y' }, /^HONGYAN_DATABASE_URL is the address of a PostgreSQL database/],
    [{ HONGYAN_NATS_URL: 'nats://x' }, /^HONGYAN_NATS_URL connects nodes that share a store/],
    [{ HONGYAN_NATS_URL: 'http://x' }, /^HONGYAN_NATS_URL is the address of a NATS server/],
    [{ HONGYAN_NATS_URL: 'nats://x,' }, /^HONGYAN_NATS_URL is the address of a NATS server/],
    [
      { HONGYAN_NATS_URL: 'nats://x', HONGYAN_DATABASE_URL: 'postgres://x/y' },
      /^HONGYAN_ADMIN_TOKEN is missing: nodes of one bus share it/,
    ],
    [
      {
        HONGYAN_NATS_URL: 'nats://x',
        HONGYAN_DATABASE_URL: 'postgres://x/y',
        HONGYAN_ADMIN_TOKEN: '0123456789abcdef',
        HONGYAN_DEMO: 'on',
      },
      /^HONGYAN_DEMO is off where HONGYAN_NATS_URL is set/,
    ],
    [{ HONGYAN_NATS_PREFIX: 'a.*' }, /^HONGYAN_NATS_PREFIX /],
  ];
  for (const [env, sentence] of refused) {
    it(`refuses ${Object.entries(env).map((pair) => pair.join('='))}`, () => {
      const problems = problemsOf(env);
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0] ?? '', sentence);
    });
  }

  it('tells all problems at once', () => {
    assert.equal(
      problemsOf({ HONGYAN_PORT: 'x', HONGYAN_DEMO: 'x', HONGYAN_LOG_LEVEL: 'x', HONGYAN_NATS_URL: 'x' }).length,
      4,
    );
  });

  it('refuses weak secrets as soon as others can connect, and says how to make better ones', () => {
    const weak = { HONGYAN_APPS: 'one:short:shorter', HONGYAN_ADMIN_TOKEN: '123456789012345' };
    for (const host of ['127.0.0.1', '127.8.9.1', 'localhost', '::1'])
      assert.deepEqual(problemsOf({ ...weak, HONGYAN_HOST: host }), []);
    for (const host of ['0.0.0.0', '::', '10.1.2.3', 'chat.example.com']) {
      const problems = problemsOf({ ...weak, HONGYAN_HOST: host });
      assert.equal(problems.length, 2);
      for (const problem of problems) assert.match(problem, /shorter than 16 characters.*openssl rand/);
      assert.doesNotMatch(problems.join(), /short:|:shorter|123456/);
    }
    assert.deepEqual(
      problemsOf({
        HONGYAN_HOST: '0.0.0.0',
        HONGYAN_APPS: `one:${longA}:${longB}`,
        HONGYAN_ADMIN_TOKEN: '1234567890123456',
      }),
      [],
    );
  });

  it('knows misspelt names, and leaves those of keys.env and of tests alone', () => {
    assert.deepEqual(strangeNames({ HONGYAN_PROT: '1', HONGYAN_PORT: '1', HONGYAN_TEST_LOG: 'x', HOME: '/' }), [
      'HONGYAN_PROT',
    ]);
    assert.deepEqual(problemsOf({ HONGYAN_APP_ID: 'x', HONGYAN_CLIENT_KEY: 'y' }), []);
  });
});
