// `hongyan token`, as somebody who tries signed logins runs it.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { run } from '../kit/command.ts';

let env: Record<string, string>;
let dir: string;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hongyan-test-'));
  env = { HONGYAN_DATA: join(dir, 'data') };
});
after(() => rm(dir, { recursive: true, force: true }));

test('[ML-424] hongyan token prints a token for one user, and no key', async () => {
  const made = JSON.parse((await run(['apps', 'add', 'shop', '--json'], env)).out);
  const [plain, jwt, nobody, long] = await Promise.all([
    run(['token', 'shop', 'ann'], env),
    run(['token', 'shop', 'ann', '--jwt', '--minutes', '1'], env),
    run(['token', 'market', 'ann'], env),
    run(['token', 'shop', 'ann', '--minutes', '60'], env),
  ]);
  assert.match(plain.out.trim(), /^[0-9a-f]{64},\d{13},[\w-]{16}$/);
  const [, claims = ''] = jwt.out.trim().split('.');
  const { sub, aud, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString());
  assert.deepEqual([sub, aud], ['ann', 'shop']);
  assert.ok(exp * 1_000 <= Date.now() + 62_000);
  assert.deepEqual([nobody.code, long.code], [1, 2]);
  for (const { out, err } of [plain, jwt]) assert.ok(!(out + err).includes(made.masterKey));
});
