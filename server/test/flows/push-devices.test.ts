// Devices say where they can be reached; keys of push services are nobody's to see.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { limits } from '../../src/core/limits.ts';
import { run } from '../kit/command.ts';
import { done, refused } from '../kit/rest.ts';
import { openWorld, type World } from '../kit/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

const put = (path: string, body: unknown) => world.rest('PUT', path, body);
const ios = 'AB'.repeat(32);
const subscription = {
  endpoint: 'https://fcm.googleapis.com/fcm/send/abc',
  expirationTime: null,
  keys: { p256dh: Buffer.alloc(65, 4).toString('base64url'), auth: Buffer.alloc(16, 4).toString('base64url') },
};

test('[ML-450] PUT /ctx/{user}/installs/{install} binds a device with its platform and token, and creates the user', async () => {
  assert.deepEqual(done(await put('/ctx/ann/installs/i1', { platform: 'ios', token: ios }), 200), {});
  done(await put('/ctx/ann/installs/i2', { platform: 'web', token: subscription, language: 'fr', appVersion: '1' }));
  done(await put('/ctx/ann/installs/i3', { platform: 'web', token: JSON.stringify({ ...subscription, x: 1 }) }));
  assert.deepEqual(done(await world.rest('GET', '/ctx/ann')).installs, ['i1', 'i2', 'i3']);
  done(await put('/ctx/bob/installs/i1', { platform: 'ios', token: ios }));
  assert.deepEqual(done(await world.rest('GET', '/ctx/ann')).installs, ['i2', 'i3']);
  assert.deepEqual(done(await world.rest('GET', '/ctx/bob')).installs, ['i1']);
});

test('[ML-450] what cannot be a device is refused with 5001 or 5010, and creates nobody', async () => {
  const bad: [unknown, number][] = [
    [{}, 5001],
    [{ platform: 'ios' }, 5001],
    [{ platform: 'ios', token: 'no hex' }, 5001],
    [{ platform: 'iOS!', token: ios }, 5001],
    [{ platform: 'web', token: { ...subscription, endpoint: 'https://10.0.0.1/x' } }, 5001],
    [{ platform: 'web', token: 'abc' }, 5001],
    [{ platform: 'android', token: 'with a blank' }, 5001],
    [{ platform: 'android', token: 'x', language: 5 }, 5001],
    [{ platform: 'android', token: 'x'.repeat(limits.pushTokenCharsMax + 1) }, 5010],
    [{ platform: 'android', token: 'x', language: 'l'.repeat(65) }, 5010],
  ];
  for (const [body, code] of bad) refused(await put('/ctx/nobody/installs/i9', body), 400, code);
  refused(
    await put(`/ctx/nobody/installs/${'i'.repeat(limits.installCharsMax + 1)}`, { platform: 'x', token: 'x' }),
    400,
    5010,
  );
  refused(await world.rest('GET', '/ctx/nobody'), 404, 5004);
});

test('[CORE-151] the operator’s API and command take keys, and never show them', async () => {
  const webhook = { url: 'https://example.com/push', secret: 'a secret nobody shall see' };
  const admin = async (method: string, path: string, body?: unknown) => {
    const headers = { authorization: 'Bearer test-admin-token-0123456789', 'content-type': 'application/json' };
    const answer = await fetch(`${world.url}/admin${path}`, { method, headers, body: JSON.stringify(body) });
    return answer.text();
  };
  const changed = await admin('PATCH', `/apps/${world.app.id}`, { settings: { 'push.webhook': webhook } });
  assert.equal(JSON.parse(changed).settings['push.webhook'], '[secret]');
  assert.deepEqual((await world.core.store.apps.byId(world.app.id))?.settings['push.webhook'], webhook);
  const wrong = await admin('PATCH', `/apps/${world.app.id}`, {
    settings: { 'push.webhook': { ...webhook, url: 'x' } },
  });
  assert.match(wrong, /push\.webhook takes as url/);
  const told = [
    changed,
    wrong,
    await admin('GET', '/apps?keys=true'),
    await admin('GET', `/apps/${world.app.id}?keys=true`),
  ];
  for (const text of told) assert.doesNotMatch(text, /nobody shall see/);

  const dir = await mkdtemp(join(tmpdir(), 'hongyan-test-'));
  try {
    const env = { HONGYAN_DATA: join(dir, 'data') };
    await writeFile(join(dir, 'webhook.json'), JSON.stringify(webhook));
    const added = JSON.parse((await run(['apps', 'add', '--json'], env)).out);
    const set = await run(['apps', 'set', added.id, `push.webhook=@${join(dir, 'webhook.json')}`], env);
    assert.equal(set.code, 0, set.err);
    assert.match(set.out, /push\.webhook +\[secret\] \*/);
    const outputs = [
      set,
      await run(['apps', 'list', '--keys'], env),
      await run(['apps', 'list', '--json', '--keys'], env),
    ];
    for (const { out } of outputs) assert.doesNotMatch(out, /nobody shall see/);
    assert.match(outputs[1]?.out ?? '', /push\.webhook=\[secret\]/);
    const refusedByCheck = await run(['apps', 'set', added.id, 'push.webhook={"url":1}'], env);
    assert.notEqual(refusedByCheck.code, 0);
    assert.match(refusedByCheck.err, /push\.webhook takes as secret/);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
