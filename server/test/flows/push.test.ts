// A message to somebody who is not there, through each push service, held against stand-ins that speak the service's own
// protocol and refuse what it would refuse.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { everything, principalSubject } from '../../src/core/subjects.ts';
import { eventually } from '../kit/eventually.ts';
import { type ApnsStandIn, openApnsStandIn } from '../kit/push/apns.ts';
import { type BrowserStandIn, openBrowserStandIn } from '../kit/push/browser.ts';
import { type FcmStandIn, openFcmStandIn } from '../kit/push/fcm.ts';
import { openWebhookStandIn, type WebhookStandIn } from '../kit/push/webhook.ts';
import { done } from '../kit/rest.ts';
import { openStory, type Story, text } from '../kit/story.ts';

let story: Story;
let apns: ApnsStandIn;
let fcm: FcmStandIn;
let browser: BrowserStandIn;
let webhook: WebhookStandIn;
const iosToken = 'a1'.repeat(32);

before(async () => {
  [apns, fcm, browser, webhook] = await Promise.all([
    openApnsStandIn(),
    openFcmStandIn(),
    openBrowserStandIn(),
    openWebhookStandIn(),
  ]);
  story = await openStory({
    settings: {
      'push.apns': apns.keys,
      'push.fcm': fcm.keys,
      'push.webpush': browser.keys,
      'push.webhook': webhook.keys,
    },
  });
});
after(async () => {
  await story.close();
  await Promise.all([apns, fcm, browser, webhook].map((service) => service.close()));
});

async function device(user: string, install: string, body: object): Promise<void> {
  done(await story.world.rest('PUT', `/ctx/${user}/installs/${install}`, body), 200);
}

const system = (path: string, body: object) => story.world.rest('POST', `/system${path}`, body);

/** What the webhook heard of one user. */
const hooked = (user: string) => webhook.pushes.filter((push) => push.user === user);

test('[ML-119] [ML-450] a message to an absent friend reaches his device through each service, in the words of its sender', async () => {
  await device('bob', 'phone', { platform: 'ios', token: iosToken });
  await device('bob', 'tablet', { platform: 'android', token: 'fcm-token-1' });
  await device('bob', 'laptop', { platform: 'web', token: browser.subscription });
  await device('bob', 'fridge', { platform: 'fridge', token: 'cold' });
  await story.befriend('ann', 'bob');
  const ann = await story.join('ann');
  const push = { prefix: '[', overwrite: 'new', suffix: ']', sound: 'ping.caf', badge: 7, contentAvailable: true };
  const { ts } = await ann.sayAndWait(text(0, 'bob', 'hi 鸿雁', { push, remark: 'r' }));
  const message = {
    from: { id: 'ann', type: 0 },
    to: { id: 'bob', type: 0 },
    content: { media: 0, body: 'hi 鸿雁' },
    remark: 'r',
    ts,
  };
  const [first] = await eventually('Apple has it', () => apns.pushes.length > 0 && apns.pushes);
  assert.deepEqual(first?.payload.aps, { alert: '[new]', sound: 'ping.caf', badge: 7, 'content-available': 1 });
  assert.deepEqual(JSON.parse(first?.payload.parrot), message);
  assert.equal(first?.token, iosToken);
  const [second] = await eventually('Google has it', () => fcm.messages.length > 0 && fcm.messages);
  assert.deepEqual([second.token, second.notification], ['fcm-token-1', { body: '[new]' }]);
  assert.deepEqual(second.android.notification, { sound: 'ping.caf', notification_count: 7 });
  assert.deepEqual(JSON.parse(second.data.parrot), message);
  const [third] = await eventually('the browser has it', () => browser.pushes.length > 0 && browser.pushes);
  assert.equal(third?.payload.body, '[new]');
  assert.deepEqual(JSON.parse(third?.payload.data.parrot), message);
  const [fourth] = await eventually('the webhook has it', () => webhook.pushes.length > 0 && webhook.pushes);
  const { data, id, createdAt, expiresAt, ...rest } = fourth;
  assert.deepEqual(rest, {
    app: story.world.app.id,
    user: 'bob',
    install: 'fridge',
    platform: 'fridge',
    token: 'cold',
    text: '[new]',
    sound: 'ping.caf',
    badge: 7,
    contentAvailable: true,
  });
  assert.deepEqual(JSON.parse(data.parrot), message);
  assert.equal(expiresAt - createdAt, 24 * 60 * 60_000);
  assert.ok(Math.abs(createdAt - ts) < 5_000);
  assert.deepEqual([apns.refused, fcm.refused, browser.refused, webhook.refused], [[], [], [], []]);
  assert.deepEqual(
    [apns.pushes.length, fcm.messages.length, browser.pushes.length, webhook.pushes.length],
    [1, 1, 1, 1],
  );
});

test('[ML-119] nobody is pushed to who is there, who speaks, or whose sender did not want it', async () => {
  for (const user of ['eve', 'fay', 'gil', 'pip'])
    await device(user, `${user}-1`, { platform: 'x', token: `${user}-1` });
  await story.befriend('eve', 'fay');
  const eve = await story.join('eve');
  const group = await story.group('eve', 'fay', 'gil');
  const room = await story.room('eve', 'fay');
  const passenger = await story.joinPassenger({ id: 'pip' });
  await passenger.close();
  const fay = await story.join('fay');
  eve.say(text(0, 'fay', 'you are there'));
  await fay.next('message');
  // Jobs are taken in order: once this one is told, the one before was looked at.
  eve.say(text(4, 'gil', 'are you there?'));
  await eventually('gil is told', () => hooked('gil').length > 0);
  await fay.close();
  await story.gone('fay');
  eve.say(text(0, 'fay', 'silent', { push: { enable: false } }));
  eve.say(text(2, room, 'in a room'));
  eve.say(text(3, 'pip', 'to a passenger'));
  done(await system('', { content: { body: 'to everybody' } }), 202);
  done(await system(`/${room}?room`, { content: { body: 'to a room' } }), 202);
  done(await system('/fay', { content: { body: 'silent' }, push: { enable: false } }), 202);
  eve.say(text(1, group, 'to the group'));
  await eventually('the group is told', () => hooked('fay').length > 0 && hooked('gil').length > 1);
  eve.say(text(0, 'fay', 'last'));
  await eventually('the last one is there', () => hooked('fay').some((push) => push.text === 'last'));
  assert.deepEqual(
    hooked('fay').map((push) => push.text),
    ['to the group', 'last'],
  );
  assert.deepEqual(
    hooked('gil').map((push) => push.text),
    ['are you there?', 'to the group'],
  );
  assert.deepEqual([hooked('eve'), hooked('pip')], [[], []]);
});

test('[ML-82] a system message to a user or a group is pushed to the absent, as the system object', async () => {
  await device('hal', 'hal-1', { platform: 'x', token: 'hal-1' });
  await device('ivy', 'ivy-1', { platform: 'x', token: 'ivy-1' });
  const group = await story.group('hal', 'ivy');
  done(await system('/hal', { content: { media: 0, body: 'hello' }, push: { prefix: '> ' } }), 202);
  done(await system(`/${group}?group`, { content: { media: 1, body: 'http://x/y.png' } }), 202);
  await eventually('both are told', () => hooked('hal').length === 2 && hooked('ivy').length === 1);
  const [one, two] = hooked('hal').toSorted((a, b) => a.createdAt - b.createdAt || b.text.length - a.text.length);
  assert.deepEqual([one.text, two.text, hooked('ivy')[0].text], ['> hello', '[image]', '[image]']);
  const { ts, ...rest } = JSON.parse(one.data.parrot);
  assert.deepEqual(rest, { content: { media: 0, body: 'hello' } });
  assert.equal(typeof ts, 'number');
});

test('[CORE-141] who is quiet about everything, a person or a conversation hears of it only when he looks', async () => {
  const { core, app } = story.world;
  for (const user of ['jon', 'kim', 'leo', 'mia'])
    await device(user, `${user}-1`, { platform: 'x', token: `${user}-1` });
  const quiet = (who: string, subject: string) =>
    core.store.quiets.change(app.no, who, { add: [subject], remove: [], strict: false }, 1);
  for (const user of ['jon', 'kim', 'leo']) await story.befriend('ned', user);
  const ned = await story.join('ned');
  const group = await story.group('ned', 'jon', 'kim', 'leo', 'mia');
  await quiet('jon', everything);
  await quiet('kim', principalSubject('ned'));
  const { no } = (await core.store.conversations.open(app.no, group)) as { no: number };
  await quiet('mia', `:c/${no}`);
  for (const user of ['jon', 'kim', 'leo']) ned.say(text(0, user, 'direct'));
  await ned.sayAndWait(text(1, group, 'group'));
  done(await system('/jon', { content: { body: 'system' } }), 202);
  done(await system('/mia', { content: { body: 'system' } }), 202);
  await eventually('those who want it are told', () => hooked('leo').length === 2 && hooked('mia').length === 1);
  await eventually('kim is told of the group', () => hooked('kim').length === 1);
  assert.deepEqual(
    hooked('leo')
      .map((push) => push.text)
      .sort(),
    ['direct', 'group'],
  );
  assert.deepEqual([hooked('kim')[0].text, hooked('mia')[0].text, hooked('jon')], ['group', 'system', []]);
});

test('[ML-132] a device that was unbound is pushed to no more, the others are', async () => {
  await device('zoe', 'zoe-1', { platform: 'x', token: 'one' });
  await device('zoe', 'zoe-2', { platform: 'x', token: 'two' });
  await story.befriend('yan', 'zoe');
  const yan = await story.join('yan');
  done(await story.world.rest('DELETE', '/ctx/zoe/installs', { installs: ['zoe-1'] }), 204);
  await yan.sayAndWait(text(0, 'zoe', 'hi'));
  await eventually('the other is told', () => hooked('zoe').length > 0);
  assert.deepEqual(
    hooked('zoe').map((push) => push.install),
    ['zoe-2'],
  );
});

test('[ML-451] a device that only logged in is told through the webhook, without a token', async () => {
  const una = await story.join('una', { install: 'una-1' });
  await una.close();
  await story.gone('una');
  await story.befriend('val', 'una');
  const val = await story.join('val');
  await val.sayAndWait(text(0, 'una', 'are you there?'));
  const [push] = await eventually('the webhook is told', () => hooked('una').length > 0 && hooked('una'));
  assert.deepEqual([push.install, push.platform, 'token' in push, push.text], ['una-1', null, false, 'are you there?']);
});

test('[CORE-142] templates speak the language of the device, else of the user, else the default', async () => {
  await story.world.set({
    'push.templates': {
      default: { title: '{sender}', image: 'A picture' },
      fr: { text: '{sender} dit : {text}', image: 'Une image de {sender} dans {group}' },
    },
  });
  // The worker believes settings for a second.
  story.world.clock.advance(2_000);
  for (const [user, more] of [
    ['oda', { language: 'fr-CA' }],
    ['pam', {}],
    ['quy', { language: 'zh_TW' }],
  ] as const)
    await device(user, `${user}-1`, { platform: 'x', token: `${user}-1`, ...more });
  done(await story.world.rest('POST', '/ctx/pam/attributes', { language: 'FR' }));
  done(await story.world.rest('POST', '/ctx/ray/attributes', { name: 'Raymond' }));
  const ray = await story.join('ray');
  const made = await story.world.rest('POST', '/groups', {
    owner: 'ray',
    members: ['oda', 'pam', 'quy'],
    name: 'Alpes',
  });
  await ray.sayAndWait({ to: { id: done(made), type: 1 }, content: { media: 1, body: 'http://x/y.png' } });
  await story.befriend('ray', 'pam');
  await ray.sayAndWait(text(0, 'pam', 'salut'));
  await eventually(
    'all are told',
    () => hooked('quy').length > 0 && hooked('oda').length > 0 && hooked('pam').length > 1,
  );
  const said = (user: string) => hooked(user).map((push) => [push.title, push.text]);
  assert.deepEqual(said('oda'), [['Raymond', 'Une image de Raymond dans Alpes']]);
  assert.deepEqual(said('pam').sort(), [
    ['Raymond', 'Raymond dit : salut'],
    ['Raymond', 'Une image de Raymond dans Alpes'],
  ]);
  assert.deepEqual(said('quy'), [['Raymond', 'A picture']]);
  await story.world.set({ 'push.templates': null });
  story.world.clock.advance(2_000);
  done(await system('/quy', { content: { media: 2, body: 'http://x/y.mp3' } }), 202);
  const [, plain] = await eventually('in our own words', () => hooked('quy').length > 1 && hooked('quy'));
  assert.deepEqual([plain.title, plain.text], [undefined, '[语音]']);
});
