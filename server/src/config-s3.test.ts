import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { ConfigError, type Env, readConfig, strangeNames } from './config.ts';

const needed = {
  HONGYAN_S3_ENDPOINT: 'https://s3.example.com/',
  HONGYAN_S3_BUCKET: 'uploads',
  HONGYAN_S3_ACCESS_KEY: 'AKEXAMPLE',
  HONGYAN_S3_SECRET_KEY: 'very-secret-key',
};

function problemsOf(env: Env): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('object storage in the configuration', () => {
  it('[CORE-180] needs an address, a bucket and two keys, and guesses the rest', () => {
    const { s3 } = readConfig(needed);
    assert.deepEqual(
      { ...s3, secretKey: s3?.secretKey.reveal() },
      {
        endpoint: 'https://s3.example.com',
        region: 'us-east-1',
        bucket: 'uploads',
        accessKey: 'AKEXAMPLE',
        secretKey: 'very-secret-key',
        prefix: '',
        pathStyle: true,
        reads: 'proxy',
      },
    );
    const amazon = readConfig({ ...needed, HONGYAN_S3_ENDPOINT: '', HONGYAN_S3_REGION: 'eu-central-1' }).s3;
    assert.deepEqual([amazon?.endpoint, amazon?.region, amazon?.pathStyle], [undefined, 'eu-central-1', false]);
    const set = { HONGYAN_S3_PREFIX: '/chat/one/', HONGYAN_S3_PATH_STYLE: 'off', HONGYAN_S3_READS: 'redirect' };
    const own = readConfig({ ...needed, ...set }).s3;
    assert.deepEqual([own?.prefix, own?.pathStyle, own?.reads], ['chat/one/', false, 'redirect']);
  });

  it('[CORE-180] is all or nothing: whatever is missing or wrong is told at once', () => {
    const namesOf = (env: Env) => problemsOf(env).map((problem) => problem.split(' ', 1)[0]);
    assert.deepEqual(namesOf({ HONGYAN_S3_PREFIX: 'chat' }).sort(), [
      'HONGYAN_S3_ACCESS_KEY',
      'HONGYAN_S3_BUCKET',
      'HONGYAN_S3_REGION',
      'HONGYAN_S3_SECRET_KEY',
    ]);
    const wrong = {
      HONGYAN_S3_ENDPOINT: 's3.example.com',
      HONGYAN_S3_BUCKET: 'a/b',
      HONGYAN_S3_REGION: 'here or there',
      HONGYAN_S3_ACCESS_KEY: 'a b',
      HONGYAN_S3_SECRET_KEY: 'not visible\n!',
      HONGYAN_S3_PREFIX: 'chat/../other',
      HONGYAN_S3_PATH_STYLE: 'yes',
      HONGYAN_S3_READS: 'direct',
    };
    assert.deepEqual(namesOf(wrong).sort(), Object.keys(wrong).sort());
    assert.deepEqual(problemsOf({ ...wrong, HONGYAN_PORT: 'x' }).length, Object.keys(wrong).length + 1);
    assert.doesNotMatch(problemsOf(wrong).join('\n'), /not visible/);
  });

  it('[CORE-180] never shows the secret key, and knows a misspelt name', () => {
    const config = readConfig(needed);
    for (const text of [inspect(config, { depth: 9, showHidden: true }), JSON.stringify(config)])
      assert.doesNotMatch(text, /very-secret/);
    assert.deepEqual(strangeNames({ ...needed, HONGYAN_S3_BUKET: 'x' }), ['HONGYAN_S3_BUKET']);
  });
});
