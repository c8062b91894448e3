import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { App } from '../../core/apps/app.ts';
import { defaultSettings } from '../../core/apps/settings.ts';
import { ImError, imErrorCodes } from '../../core/errors.ts';
import { checkSign } from './auth.ts';
import { errorAnswer } from './errors.ts';

const app = (clientKey: string, signMaxAgeMs = 0): App => ({
  no: 1,
  id: 'a'.repeat(24),
  name: '',
  clientKey,
  masterKey: 'master',
  extraKeys: ['extra'],
  idKey: '',
  overrides: {},
  settings: { ...defaultSettings, 'maxleap.signMaxAgeMs': signMaxAgeMs },
  createdAt: 0,
  updatedAt: 0,
});

test('[ML-244] a sign is md5 of time and key, in that order and with nothing between', () => {
  const published = app('MjVvSjJUMTZveUR2d1hoNlVoQ0R1QQ');
  assert.equal(checkSign(published, 'da1bb6b56200c84995127c784de90445,1461920236060', 0), true);
  const ours = app('c2VsZi1ob3N0LWRlbW8ta2V5LTAx');
  assert.equal(checkSign(ours, '0821755fa907253ec7d381031ed51cd4,1700000000000', 0), true);
  for (const wrong of [
    'f3a120c8a01e8f34de965fbf2f47bd5b,1700000000000', // key before time
    '16406717ab27b2fbc47953e78ac0c49b,1700000000000', // a comma between the two
    '0821755fa907253ec7d381031ed51cd4,1700000000001',
    '0821755fa907253ec7d381031ed51cd4,',
    '0821755fa907253ec7d381031ed51cd4,17000000000000000',
    '0821755fa907253ec7d381031ed51cd,1700000000000',
    ',',
    'wrong',
    '',
  ]) {
    assert.equal(checkSign(ours, wrong, 0), false, wrong);
  }
});

test('[ML-245] an app may let signs expire: then an old or a future one is refused, and a bare key still passes', () => {
  const strict = app('c2VsZi1ob3N0LWRlbW8ta2V5LTAx', 60_000);
  const sign = '0821755fa907253ec7d381031ed51cd4,1700000000000';
  assert.equal(checkSign(strict, sign, 1700000060000), true);
  assert.equal(checkSign(strict, sign, 1700000060001), false);
  assert.equal(checkSign(strict, sign, 1699999939999), false);
  assert.equal(checkSign(strict, 'extra', 0), true);
});

test('[ML-246] every error has a number and a status; what is unexpected tells nothing', () => {
  for (const code of imErrorCodes) {
    const answer = errorAnswer(new ImError(code, 'words'));
    assert.ok(answer.body.errorCode >= 5001 && answer.body.errorCode <= 5012, code);
    assert.ok(answer.status >= 400 && answer.status <= 503, code);
  }
  assert.deepEqual(errorAnswer(new TypeError('secret')), {
    code: 'internal',
    status: 500,
    body: { errorCode: 5002, errorMessage: 'the server failed' },
  });
});
