// Each push service by itself: its protocol, its tokens and its answers.
import assert from 'node:assert/strict';
import { createECDH, generateKeyPairSync, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { App } from '../../src/core/apps/app.ts';
import { defaultSettings, type SettingOverrides } from '../../src/core/apps/settings.ts';
import type { Notification, PushProvider } from '../../src/core/ports/push.ts';
import { openProviders } from '../../src/push/open.ts';
import { type ApnsStandIn, openApnsStandIn } from '../kit/push/apns.ts';
import { type BrowserStandIn, openBrowserStandIn } from '../kit/push/browser.ts';
import { type FcmStandIn, openFcmStandIn } from '../kit/push/fcm.ts';
import { openWebhookStandIn, type WebhookStandIn } from '../kit/push/webhook.ts';
import { TestClock } from '../kit/world.ts';

const clock = new TestClock();
const providers = openProviders(clock);
let apns: ApnsStandIn;
let fcm: FcmStandIn;
let browser: BrowserStandIn;
let webhook: WebhookStandIn;

before(async () => {
  apns = await openApnsStandIn();
  fcm = await openFcmStandIn();
  browser = await openBrowserStandIn();
  webhook = await openWebhookStandIn(() => clock.now());
});
after(async () => {
  await providers.close();
  await Promise.all([apns, fcm, browser, webhook].map((service) => service.close()));
});

const appWith = (settings: SettingOverrides): App =>
  ({ no: 1, id: 'app', settings: { ...defaultSettings, ...settings } }) as App;

const long = '鸿'.repeat(5_000);
const about = (token: string, more: Partial<Notification> = {}): Notification => ({
  id: 'aaaaaaaa-bbbb-8ccc-8ddd-eeeeeeeeeeee',
  who: 'bob',
  install: 'i',
  platform: 'p',
  token,
  text: 'hi',
  data: (bytes) => ({ big: 'x'.repeat(bytes - '{"big":""}'.length) }),
  createdAt: clock.now(),
  expiresAt: clock.now() + 60_000,
  ...more,
});

const send = async (provider: PushProvider, settings: SettingOverrides, notification: Notification, ms = 5_000) => {
  const outcome = await provider.send(appWith(settings), notification, AbortSignal.timeout(ms));
  return 'why' in outcome ? `${outcome.kind} ${outcome.why}` : outcome.kind;
};

const ios = 'ab'.repeat(32);

test('[CORE-156] Apple hears one provider token for 40 minutes, on one connection, until it is sent away', async () => {
  const settings = { 'push.apns': apns.keys };
  for (let n = 0; n < 20; n += 1) assert.equal(await send(providers.apns, settings, about(ios)), 'sent');
  assert.deepEqual([apns.connections(), apns.authorizations.size], [1, 1]);
  clock.advance(41 * 60_000);
  assert.equal(await send(providers.apns, settings, about(ios)), 'sent');
  assert.deepEqual([apns.connections(), apns.authorizations.size], [1, 2]);
  apns.goAway();
  // The first one after it may still meet the old connection; then it is put off, not lost.
  await send(providers.apns, settings, about(ios));
  assert.equal(await send(providers.apns, settings, about(ios)), 'sent');
  assert.equal(apns.connections(), 2);
  assert.deepEqual(apns.refused, []);
});

test('[CORE-156] what Apple answers is told apart: a wrong key is tried again, a dead connection left', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  assert.equal(
    await send(providers.apns, { 'push.apns': { ...apns.keys, key } }, about(ios)),
    'retry 403 InvalidProviderToken',
  );
  assert.equal(
    await send(providers.apns, { 'push.apns': { ...apns.keys, topic: 'com.other' } }, about(ios)),
    'rejected 400 BadTopic',
  );
  const nowhere = { 'push.apns': { ...apns.keys, baseUrl: 'http://127.0.0.1:9' } };
  assert.equal(await send(providers.apns, nowhere, about(ios)), 'retry ECONNREFUSED');
  apns.react(ios, { wait: new Promise(() => {}) });
  assert.equal(await send(providers.apns, { 'push.apns': apns.keys }, about(ios), 50), 'retry no answer in time');
  apns.react(ios, undefined);
  assert.equal(await send(providers.apns, { 'push.apns': apns.keys }, about(ios)), 'sent');
});

test('[CORE-156] whatever a sender says fits into what each service takes', async () => {
  const words = { text: long, title: long, sound: 's'.repeat(4_096), badge: 3 };
  assert.equal(await send(providers.apns, { 'push.apns': apns.keys }, about(ios, words)), 'sent');
  const { aps } = apns.pushes.at(-1)?.payload ?? {};
  assert.match(aps.alert.body, /^鸿{400,}…$/);
  assert.equal(await send(providers.fcm, { 'push.fcm': fcm.keys }, about('t', words)), 'sent');
  const subscription = JSON.stringify(browser.subscription);
  assert.equal(await send(providers.webpush, { 'push.webpush': browser.keys }, about(subscription, words)), 'sent');
  assert.match(browser.pushes.at(-1)?.payload.body, /^鸿{400,}…$/);
  assert.deepEqual([apns.refused.filter((why) => why.startsWith('413')), fcm.refused, browser.refused], [[], [], []]);
});

test('[CORE-157] Google is asked for an access token once an hour, and again when it takes the old one no more', async () => {
  const settings = { 'push.fcm': fcm.keys };
  const before = fcm.exchanges();
  await Promise.all(Array.from({ length: 10 }, () => send(providers.fcm, settings, about('t'))));
  clock.advance(30 * 60_000);
  await send(providers.fcm, settings, about('t'));
  assert.ok(fcm.exchanges() - before <= 1);
  clock.advance(31 * 60_000);
  assert.equal(await send(providers.fcm, settings, about('t')), 'sent');
  const after = fcm.exchanges();
  fcm.revoke();
  assert.equal(await send(providers.fcm, settings, about('t')), 'retry 401 UNAUTHENTICATED');
  assert.equal(await send(providers.fcm, settings, about('t')), 'sent');
  assert.equal(fcm.exchanges(), after + 1);
});

test('[CORE-157] what Google answers is told apart', async () => {
  const settings = { 'push.fcm': fcm.keys };
  const answer = (status: number, error: object) => fcm.react('t', { status, body: { error } });
  const detail = { '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError' };
  answer(404, { status: 'NOT_FOUND', details: [{ ...detail, errorCode: 'UNREGISTERED' }] });
  assert.equal(await send(providers.fcm, settings, about('t')), 'dead-token');
  answer(400, { status: 'INVALID_ARGUMENT', details: [{ fieldViolations: [{ field: 'message.token' }] }] });
  assert.equal(await send(providers.fcm, settings, about('t')), 'dead-token');
  answer(400, { status: 'INVALID_ARGUMENT', details: [{ fieldViolations: [{ field: 'message.data' }] }] });
  assert.equal(await send(providers.fcm, settings, about('t')), 'rejected 400 INVALID_ARGUMENT');
  answer(503, { status: 'UNAVAILABLE' });
  assert.equal(await send(providers.fcm, settings, about('t')), 'retry 503 UNAVAILABLE');
  answer(404, { status: 'NOT_FOUND' });
  assert.equal(await send(providers.fcm, settings, about('t')), 'retry 404 NOT_FOUND');
  fcm.react('t', undefined);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const stranger = { ...fcm.keys, private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };
  assert.equal(
    await send(providers.fcm, { 'push.fcm': stranger }, about('t')),
    'retry no access token: 400 invalid_grant',
  );
});

test('[CORE-154] browsers are pushed to at the known push services only, encrypted, in the name of the VAPID key', async () => {
  const settings = { 'push.webpush': browser.keys };
  const token = JSON.stringify(browser.subscription);
  assert.equal(await send(providers.webpush, settings, about(token, { text: 'grüß dich' })), 'sent');
  const { headers, payload } = browser.pushes.at(-1) as (typeof browser.pushes)[number];
  assert.equal(payload.body, 'grüß dich');
  assert.match(`${headers.topic}`, /^[\w-]{32}$/);
  assert.match(`${headers.ttl}`, /^(59|60)$/);
  for (const [status, outcome] of [
    [404, 'dead-token'],
    [410, 'dead-token'],
    [429, 'retry 429'],
    [413, 'rejected 413'],
  ] as const) {
    browser.react({ status });
    assert.equal(await send(providers.webpush, settings, about(token)), outcome);
  }
  browser.react(undefined);
  const other = createECDH('prime256v1');
  other.generateKeys();
  const privateKey = Buffer.concat([Buffer.alloc(32), other.getPrivateKey()])
    .subarray(-32)
    .toString('base64url');
  const stranger = { ...browser.keys, publicKey: other.getPublicKey('base64url'), privateKey };
  assert.equal(await send(providers.webpush, { 'push.webpush': stranger }, about(token)), 'rejected 403');
  const noPoint = {
    ...browser.subscription,
    keys: { ...browser.subscription.keys, p256dh: Buffer.alloc(65, 1).toString('base64url') },
  };
  assert.match(
    await send(providers.webpush, settings, about(JSON.stringify(noPoint))),
    /^rejected nothing can be encrypted/,
  );
  const { hosts: _, ...anywhere } = browser.keys;
  const refused = 'rejected not a subscription at a known push service';
  assert.equal(await send(providers.webpush, { 'push.webpush': anywhere }, about(token)), refused);
  for (const endpoint of [
    'https://fcm.googleapis.com.evil.example/x',
    'http://fcm.googleapis.com/x',
    'https://10.0.0.1/',
  ])
    assert.equal(
      await send(
        providers.webpush,
        { 'push.webpush': anywhere },
        about(JSON.stringify({ ...browser.subscription, endpoint })),
      ),
      refused,
    );
});

test('[CORE-158] a webhook is signed with the time, follows no redirect, and decides by its status', async () => {
  const settings = { 'push.webhook': webhook.keys };
  assert.equal(await send(providers.webhook, settings, about('t')), 'sent');
  assert.equal(webhook.pushes.at(-1).id, 'aaaaaaaa-bbbb-8ccc-8ddd-eeeeeeeeeeee');
  const wrong = { 'push.webhook': { ...webhook.keys, secret: randomBytes(16).toString('hex') } };
  assert.equal(await send(providers.webhook, wrong, about('t')), 'rejected 401');
  assert.deepEqual(webhook.refused, ['a wrong signature']);
  for (const [status, outcome] of [
    [410, 'dead-token'],
    [404, 'retry 404'],
    [500, 'retry 500'],
    [400, 'rejected 400'],
    [302, 'rejected 302'],
  ] as const) {
    webhook.react({ status, headers: { location: webhook.keys.url } });
    assert.equal(await send(providers.webhook, settings, about('t')), outcome);
  }
  webhook.react(undefined);
  const nobody = { 'push.webhook': { ...webhook.keys, url: 'http://127.0.0.1:9/' } };
  assert.match(await send(providers.webhook, nobody, about('t')), /^retry /);
});
