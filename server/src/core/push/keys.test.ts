import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { checkSetting, withoutSecrets } from '../apps/settings.ts';

const pem = (key: { export(options: object): string | Buffer }): string =>
  `${key.export({ type: 'pkcs8', format: 'pem' })}`;
const p256 = pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
const p384 = pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey);
const rsa = pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
const apns = { key: p256, keyId: 'K', teamId: 'T', topic: 'com.example' };
const account = { type: 'service_account', project_id: 'p', client_email: 'a@b', private_key: rsa, client_id: '1' };
const bytes = (n: number): string => Buffer.alloc(n, 7).toString('base64url');
const vapid = { publicKey: bytes(65), privateKey: bytes(32), subject: 'mailto:a@b.example' };
const hook = { url: 'https://example.com/push', secret: 'sixteen characters' };

test('[CORE-152] keys of push services are kept as they are given, defaults filled in, and what is not needed left out', () => {
  const kept = (name: Parameters<typeof checkSetting>[0], value: unknown) => {
    const checked = checkSetting(name, value);
    assert.ok(checked.ok, name);
    return checked.value;
  };
  assert.deepEqual(kept('push.apns', apns), { ...apns, sandbox: false });
  const { type: _, client_id: __, ...needed } = account;
  assert.deepEqual(kept('push.fcm', account), { ...needed, token_uri: 'https://oauth2.googleapis.com/token' });
  assert.deepEqual(kept('push.webpush', vapid), vapid);
  assert.deepEqual(kept('push.webhook', hook), hook);
});

test('[CORE-152] keys that cannot work are refused when they are set, in a sentence that does not repeat them', () => {
  const wrong: [Parameters<typeof checkSetting>[0], unknown, RegExp][] = [
    ['push.apns', 'text', /an object/],
    ['push.apns', { ...apns, key: rsa }, /\.p8/],
    ['push.apns', { ...apns, key: p384 }, /\.p8/],
    ['push.apns', { ...apns, key: 'nonsense' }, /\.p8/],
    ['push.apns', { ...apns, team: 'T' }, /not team/],
    ['push.apns', { ...apns, topic: '' }, /topic/],
    ['push.apns', { ...apns, baseUrl: 'ftp://x' }, /baseUrl/],
    ['push.fcm', { ...account, private_key: p256 }, /private_key/],
    ['push.fcm', { ...account, project_id: undefined }, /project_id/],
    ['push.webpush', { ...vapid, publicKey: bytes(64) }, /65 bytes/],
    ['push.webpush', { ...vapid, subject: 'me' }, /mailto/],
    ['push.webpush', { ...vapid, hosts: 'x' }, /hosts/],
    ['push.webhook', { ...hook, url: 'example.com' }, /https/],
    ['push.webhook', { ...hook, secret: 'short' }, /16 characters/],
  ];
  for (const [name, value, sentence] of wrong) {
    const checked = checkSetting(name, value);
    assert.ok(!checked.ok, name);
    assert.match(checked.problem, sentence);
    assert.doesNotMatch(checked.problem, /BEGIN|nonsense|short/);
  }
});

test('[CORE-151] of a secret setting only that it is set is shown', () => {
  const shown = withoutSecrets({ groupMembersMax: 5, 'push.webhook': hook, 'push.fcm': null });
  assert.deepEqual(shown, { groupMembersMax: 5, 'push.webhook': '[secret]', 'push.fcm': null });
});
