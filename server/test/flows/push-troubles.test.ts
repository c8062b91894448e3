// When push services fail, are slow, or know a device no more.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { App } from '../../src/core/apps/app.ts';
import type { Message } from '../../src/core/messages/message.ts';
import { eventually } from '../kit/eventually.ts';
import { type ApnsStandIn, openApnsStandIn } from '../kit/push/apns.ts';
import { openWebhookStandIn, type WebhookStandIn } from '../kit/push/webhook.ts';
import { done, talk, to } from '../kit/rest.ts';
import { openStory, type Story } from '../kit/story.ts';

let story: Story;
let apns: ApnsStandIn;
let webhook: WebhookStandIn;
const hour = 60 * 60_000;

before(async () => {
  apns = await openApnsStandIn();
  story = await openStory({ settings: { 'push.apns': apns.keys } });
  webhook = await openWebhookStandIn(() => story.world.clock.now());
  await story.world.set({ 'push.webhook': webhook.keys });
});
after(async () => {
  await story.close();
  await Promise.all([apns.close(), webhook.close()]);
});

const device = (user: string, install: string, platform: string, token: string) =>
  story.world.rest('PUT', `/ctx/${user}/installs/${install}`, { platform, token }).then((answer) => done(answer));

/** Said by bob, by the app's settings of now. */
async function tell(user: string, words: string): Promise<Message[]> {
  const { world } = story;
  const app = (await world.core.store.apps.byId(world.app.id)) as App;
  return talk({ ...world, app }, 'bob', to(user), words);
}

const token = (n: number): string => n.toString(16).padStart(2, '0').repeat(32);
const asked = (which: string): number => apns.asked.filter((one) => one === which).length;
const hooked = (user: string) => webhook.pushes.filter((push) => push.user === user);
const lanes = () => story.world.core.store.outbox.lanes();
/** Nothing waits any more, in any lane. */
const empty = () => eventually('the outbox is empty', async () => (await lanes()).length === 0);

/** When the first job of Apple's lane is due again, from now. */
async function dueInMs(): Promise<number> {
  const lane = await eventually('the push was put off', async () =>
    (await lanes()).find(({ kind, dueAt }) => kind === 'apns' && dueAt > story.world.clock.now()),
  );
  return lane.dueAt - story.world.clock.now();
}

test('[CORE-145] a push that fails is tried again after 5 s, 10 s, 20 s … an hour at most, for 24 hours', async () => {
  const { world } = story;
  await device('ann', 'ann-1', 'ios', token(1));
  apns.react(token(1), { status: 503, body: { reason: 'ServiceUnavailable' } });
  await tell('ann', 'hi');
  for (const [tries, pauseMs] of [
    [1, 5_000],
    [2, 10_000],
    [3, 20_000],
    [4, 40_000],
  ] as const) {
    await eventually(`attempt ${tries}`, () => asked(token(1)) === tries);
    // The lease ends later than the pause: it must not be taken for one.
    const dueMs = await eventually('a pause', async () => {
      const ms = await dueInMs();
      return ms > pauseMs * 0.75 && ms < pauseMs * 1.25 && ms;
    });
    world.clock.advance(dueMs + 1);
  }
  // From here on a pause is longer than a lease. The clock moves only once the pause has been written.
  const putOff = (): Promise<unknown> => eventually('a pause', async () => (await dueInMs()) > 40_000);
  for (let n = 5; n <= 10; n += 1) {
    await eventually(`attempt ${n}`, () => asked(token(1)) === n);
    await putOff();
    if (n === 10) apns.react(token(1), undefined);
    world.clock.advance(hour * 1.25);
  }
  await eventually('it arrives', () => apns.pushes.some((push) => push.token === token(1)));
  await empty();
  apns.react(token(1), { status: 500 });
  const before = asked(token(1));
  await tell('ann', 'too late');
  await eventually('it was tried', () => asked(token(1)) > before);
  await eventually('a pause', async () => (await dueInMs()) < 8_000);
  world.clock.advance(24 * hour);
  await empty();
  assert.equal(apns.pushes.filter((push) => push.token === token(1)).length, 1);
});

test('[CORE-145] a service that says when to come back is obeyed', async () => {
  await device('liz', 'liz-1', 'ios', token(9));
  apns.react(token(9), { status: 429, body: { reason: 'TooManyRequests' }, headers: { 'retry-after': '120' } });
  await tell('liz', 'hi');
  await eventually('it was tried', () => asked(token(9)) === 1);
  await eventually('it waits two minutes', async () => Math.abs((await dueInMs()) - 120_000) < 5_000);
  apns.react(token(9), undefined);
  story.world.clock.advance(121_000);
  await eventually('it arrives', () => apns.pushes.some((push) => push.token === token(9)));
  await empty();
});

test('[CORE-146] a device that its service knows no more is dropped; one that has a new token by then is not', async () => {
  const { core, app } = story.world;
  await device('cat', 'cat-1', 'ios', token(2));
  await device('cat', 'cat-2', 'ios', token(3));
  await device('cat', 'cat-3', 'ios', token(4));
  apns.react(token(2), { status: 410, body: { reason: 'Unregistered', timestamp: 1 } });
  apns.react(token(3), { status: 400, body: { reason: 'BadDeviceToken' } });
  let answer = (): void => {};
  apns.react(token(4), { status: 410, wait: new Promise<void>((resolve) => (answer = resolve)) });
  await tell('cat', 'hi');
  await eventually('two are gone', async () => (await core.store.users.installs(app.no, 'cat')).length === 1);
  await device('cat', 'cat-3', 'ios', token(5));
  answer();
  await empty();
  assert.deepEqual(await core.store.users.installs(app.no, 'cat'), ['cat-3']);
  await tell('cat', 'hi again');
  await eventually('the new token is told', () => asked(token(5)) === 1);
  assert.deepEqual([asked(token(2)), asked(token(3))], [1, 1]);
  await empty();
});

test('[CORE-147] a service that does not answer holds up neither another service nor another app', async () => {
  const { world } = story;
  let answer = (): void => {};
  const never = new Promise<void>((resolve) => (answer = resolve));
  for (let n = 0; n < 40; n += 1) {
    await device(`dan-${n}`, `dan-${n}`, 'ios', token(100 + n));
    apns.react(token(100 + n), { wait: never });
  }
  for (let n = 0; n < 40; n += 1) await tell(`dan-${n}`, 'hi');
  await eventually('as many are asked as one lane has in hand', () => apns.asked.length >= 32);
  await device('eve', 'eve-1', 'toaster', 'eve-1');
  await tell('eve', 'hi');
  await eventually('the webhook was told meanwhile', () => hooked('eve').length === 1);
  const { core, other } = world;
  await core.store.apps.change(other.id, { overrides: { 'push.webhook': webhook.keys } });
  core.apps.forget(other.id);
  world.clock.advance(2_000);
  done(await world.rest('PUT', '/ctx/far/installs/far-1', { platform: 'x', token: 'far-1' }, { as: other }));
  done(await world.rest('POST', '/system/far', { content: { body: 'other app' } }, { as: other }), 202);
  await eventually('the other app was told', () => hooked('far').length === 1);
  assert.equal(apns.pushes.filter((push) => push.token >= token(100)).length, 0);
  answer();
  await eventually(
    'all come through in the end',
    async () => {
      world.clock.advance(1_000);
      return apns.pushes.filter((push) => asked(push.token) > 0 && push.token >= token(100)).length >= 40;
    },
    10_000,
  );
  await empty();
});

test('[CORE-149] what was taken back, and whoever logged out or came meanwhile, is not pushed any more', async () => {
  const { world } = story;
  const { core, app } = world;
  const users = ['fay', 'gus', 'hal', 'ida'];
  for (const user of users) await device(user, `${user}-1`, 'toaster', `${user}-1`);
  webhook.react({ status: 500 });
  const [said] = await tell('fay', 'taken back');
  for (const user of users.slice(1)) await tell(user, 'hi');
  await eventually('all were tried', async () => {
    const [lane] = await lanes();
    return lane?.kind === 'webhook' && lane.dueAt > world.clock.now() + 2_000;
  });
  assert.ok(said);
  await core.store.messages.recall(app.no, said.conversation, said.ts, { by: 'bob', again: 'ok' });
  done(await world.rest('DELETE', '/ctx/gus/installs', { installs: ['gus-1'] }), 204);
  await story.join('hal');
  webhook.react(undefined);
  world.clock.advance(10_000);
  await empty();
  assert.deepEqual(
    users.map((user) => hooked(user).length),
    [0, 0, 0, 1],
  );
});

test('[CORE-155] outcomes are counted by service, in the metrics', async () => {
  await device('kay', 'kay-1', 'ios', token(7));
  apns.react(token(7), { status: 400, body: { reason: 'PayloadEmpty' } });
  await tell('kay', 'refused');
  await eventually('it was refused', () => asked(token(7)) === 1);
  await empty();
  const metrics = await (await fetch(`${story.world.url}/metrics`)).text();
  for (const outcome of ['sent', 'retry', 'dead-token', 'rejected', 'expired'])
    assert.match(metrics, new RegExp(`hongyan_pushes_total\\{provider="apns",outcome="${outcome}"\\} [1-9]`));
  assert.match(metrics, /hongyan_pushes_total\{provider="webhook",outcome="skipped"\} [1-9]/);
});
