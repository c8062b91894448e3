import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { App } from '../../core/apps/app.ts';
import { checkBrowserSign } from '../../core/apps/browser-sign.ts';
import { authenticate } from './auth.ts';

const app = { id: 'a1b2c3d4e5f60718293a4b5c', masterKey: '0f1e2d3c4b5a69788796a5b4' } as App;
const core = { apps: { byId: async (id: string) => (id === app.id ? app : undefined), forget() {} } };
const header = 'Basic YTFiMmMzZDRlNWY2MDcxODI5M2E0YjVjOjBmMWUyZDNjNGI1YTY5Nzg4Nzk2YTViNA==';

test('[JM-1] the documented header names the app, whatever the case of the scheme', async () => {
  assert.equal(await authenticate(core, header), app);
  assert.equal(await authenticate(core, header.replace('Basic', 'bASIC')), app);
  assert.equal(await authenticate(core, `  ${header}`), app);
});

test('[JM-1] the text is split at its first colon', async () => {
  const odd = { id: app.id, masterKey: 'a:b' } as App;
  const oddCore = { apps: { byId: async () => odd, forget() {} } };
  assert.equal(await authenticate(oddCore, `Basic ${Buffer.from(`${app.id}:a:b`).toString('base64')}`), odd);
});

test('[JM-2] [JM-3] [JM-4] [JM-5] missing and wrong credentials are told apart, and nothing else is', async () => {
  for (const missing of [undefined, '', '  '])
    await assert.rejects(authenticate(core, missing), { code: 'unauthenticated', details: { why: 'missing' } });
  const encoded = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  for (const wrong of [
    header.replace('Basic', 'Bearer'),
    'Basic',
    'Basic ***',
    encoded(app.id),
    encoded(`:${app.masterKey}`),
    encoded(`${app.id}:`),
    encoded(`${app.id}:wrong`),
    encoded(`nobody:${app.masterKey}`),
    `${header} x`,
  ])
    await assert.rejects(authenticate(core, wrong), { code: 'unauthenticated', details: { why: 'wrong' } }, wrong);
});

test("[JM-209] a browser's signature is good for ten minutes, in any case, for one app", () => {
  const sign = {
    appkey: app.id,
    timestamp: '1507791639926',
    random: '022cd9fd995849b58b3ef0e9',
    signature: '4fd18d264112732239a6eead92a50c33',
  };
  const at = 1507791639926;
  assert.ok(checkBrowserSign(app, sign, at));
  assert.ok(checkBrowserSign(app, { ...sign, signature: sign.signature.toUpperCase() }, at + 599_000));
  assert.ok(!checkBrowserSign(app, sign, at + 601_000));
  assert.ok(!checkBrowserSign(app, sign, at - 601_000));
  assert.ok(!checkBrowserSign(app, { ...sign, timestamp: '1507791639927' }, at));
  assert.ok(!checkBrowserSign(app, { ...sign, timestamp: 'x' }, at));
  assert.ok(!checkBrowserSign({ ...app, id: 'other' }, sign, at));
  assert.ok(!checkBrowserSign({ ...app, masterKey: 'other' }, sign, at));
  const short = { ...sign, random: 'too-short' };
  const words = `appkey=${app.id}&timestamp=${sign.timestamp}&random_str=too-short&key=${app.masterKey}`;
  const signature = createHash('md5').update(words).digest('hex');
  assert.ok(!checkBrowserSign(app, { ...short, signature }, at));
});
