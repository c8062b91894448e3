// A group of ten thousand who are all away: the speaker waits for none of them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '../kit/eventually.ts';
import { openWebhookStandIn, type WebhookStandIn } from '../kit/push/webhook.ts';
import { done } from '../kit/rest.ts';
import { openStory, type Story, text } from '../kit/story.ts';

const people = 10_000;
let story: Story;
let webhook: WebhookStandIn;

before(async () => {
  webhook = await openWebhookStandIn();
  story = await openStory({ settings: { groupMembersMax: people + 1, 'push.webhook': webhook.keys } });
});
after(async () => {
  await story.close();
  await webhook.close();
});

test('[CORE-150] ten thousand absent members of a group are told, and the speaker’s ack waits for none of them', async (t) => {
  const { core, app, rest } = story.world;
  const members = Array.from({ length: people }, (_, n) => `m${n}`);
  await core.store.users.ensure(app.no, ['ann', ...members], 1);
  const registration = { platform: 'test', language: null, appVersion: null };
  await Promise.all(
    members.map((who) => core.store.installs.register(app.no, who, { ...registration, install: who, token: who }, 1)),
  );
  const group: string = done(await rest('POST', '/groups', { owner: 'ann', members }));
  const ann = await story.join('ann');

  let release = (): void => {};
  webhook.react({ wait: new Promise<void>((resolve) => (release = resolve)) });
  const acks: number[] = [];
  for (let n = 0; n < 20; n += 1) {
    const begun = performance.now();
    const push = n === 10 ? {} : { enable: false };
    const answer = await ann.sayAndWait(text(1, group, `${n}`, { push }));
    assert.equal(answer.success, true);
    acks.push(performance.now() - begun);
  }
  // The first one also looks up ten thousand members.
  const [, ...later] = acks;
  assert.equal(webhook.pushes.length, 0, 'nobody was told yet');
  const begun = performance.now();
  webhook.react(undefined);
  release();
  const toldMs = async () => {
    await eventually('all are told', () => webhook.pushes.length >= people, 60_000);
    return Math.round(performance.now() - begun);
  };
  const during: number[] = [];
  const telling = toldMs();
  while (webhook.pushes.length < people) {
    const said = performance.now();
    await ann.sayAndWait(text(1, group, 'while they are told', { push: { enable: false } }));
    during.push(performance.now() - said);
    await wait(50);
  }
  const ms = await telling;
  const figure = (list: number[]): string => {
    const sorted = list.toSorted((a, b) => a - b);
    return `${sorted[sorted.length >> 1]?.toFixed(1)} ms, ${sorted.at(-1)?.toFixed(1)} ms at most`;
  };
  t.diagnostic(
    `ack: ${figure(later)}, of the one that is pushed ${acks[10]?.toFixed(1)} ms; while they are told: ${figure(during)}; all told in ${ms} ms`,
  );
  assert.equal(new Set(webhook.pushes.map((push) => push.user)).size, people);
  assert.equal(webhook.pushes.length, people, 'each device once');
  await eventually('the outbox is empty', async () => (await core.store.outbox.lanes()).length === 0);
});
