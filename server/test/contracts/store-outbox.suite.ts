// The outbox and the devices of the store's contract.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../../src/core/limits.ts';
import type { Job, JobKind } from '../../src/core/push/outbox.ts';
import { type Bench, gathered, refusal, text, wide } from './store.suite.ts';

const registration = (install: string, token: string, more: object = {}) => ({
  install,
  platform: 'android',
  token,
  language: null,
  appVersion: null,
  ...more,
});

export function outboxCases(bench: Bench): void {
  const job = { place: { kind: 'group', id: 'g' }, push: { prefix: '!' } } as const;
  const take = (app: number, kind: JobKind, by = 'me', max = 100, ms = 1_000): Promise<Job[]> =>
    bench.store.outbox.take({ app, kind }, { by, ms }, max);
  /** Kinds of this app's lanes in which something waits. */
  const waiting = async (app: number): Promise<string[]> =>
    (await bench.store.outbox.lanes()).filter((lane) => lane.app === app).map(({ kind }) => kind);
  const announced = (words: string) =>
    ({ type: 'announcement', content: { type: 'text', text: words }, ts: 1, to: { kind: 'user', id: 'a' } }) as const;
  /** A notify job in the hands of `me`. */
  async function taken(app: number, words = 'x'): Promise<Job> {
    await bench.store.outbox.put(app, announced(words));
    const [one] = await take(app, 'notify');
    assert.ok(one);
    return one;
  }

  test('[CORE-140] a message and its job are one write: both are there, or neither, and a retry makes no second one', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b');
    const { no } = await gathered(bench, app, ['a', 'b']);
    const { ts } = await store.messages.append({ ...text(app, no, 'a', 'hi', { ref: 'r' }), job });
    await store.messages.append({ ...text(app, no, 'a', 'hi', { ref: 'r' }), job });
    assert.equal(
      await refusal(store.messages.append({ ...text(app, no, 'a', 'other', { ref: 'r' }), job })),
      'conflict reference',
    );
    assert.equal(
      await refusal(store.messages.append({ ...text(app, 1, 'a', 'nowhere'), job })),
      'conversation-not-found',
    );
    await store.messages.append(text(app, no, 'a', 'without a job'));
    const jobs = await take(app, 'notify');
    assert.deepEqual(
      jobs.map(({ cause }) => cause),
      [{ ...job, type: 'message', conversation: no, ts, sender: 'a' }],
    );
    assert.deepEqual(
      [jobs[0]?.attempts, jobs[0]?.createdAt, jobs[0]?.cursor, jobs[0]?.device],
      [1, clock.ms, null, null],
    );
  });

  test('[CORE-143] jobs are taken oldest first, by one worker at a time, until its lease ends', async () => {
    const { store, clock } = bench;
    const [app, other] = [await bench.appWith(), await bench.appWith()];
    for (const words of ['1', '2', '3']) await store.outbox.put(app, announced(words));
    await store.outbox.put(other, announced('of another app'));
    const words = (jobs: readonly Job[]) =>
      jobs.map(({ cause }) =>
        cause.type === 'announcement' && cause.content.type === 'text' ? cause.content.text : '',
      );
    const mine = await take(app, 'notify', 'me', 2);
    assert.deepEqual(
      [words(mine), words(await take(app, 'notify', 'you')), await take(app, 'fcm')],
      [['1', '2'], ['3'], []],
    );
    assert.deepEqual(await take(app, 'notify', 'you'), []);
    clock.ms += 1_001;
    const late = await take(app, 'notify', 'you');
    assert.deepEqual(
      [words(late), late.map(({ attempts }) => attempts)],
      [
        ['1', '2', '3'],
        [2, 2, 2],
      ],
    );
    const [one, two, three] = late.map(({ no }) => no) as [number, number, number];
    await store.outbox.done('me', [one, two, three]);
    await store.outbox.later('me', [{ no: one, dueAt: 0 }]);
    await store.outbox.spread('me', [{ no: two, to: [] }]);
    assert.deepEqual(await take(app, 'notify', 'me'), [], 'who lost the lease changes nothing');
    await store.outbox.done('you', [one]);
    await store.outbox.later('you', [{ no: two, dueAt: clock.ms + 50 }]);
    assert.deepEqual(await waiting(app), ['notify']);
    clock.ms += 50;
    assert.deepEqual(words(await take(app, 'notify')), ['2']);
    await store.outbox.recover();
    assert.deepEqual(words(await take(app, 'notify')), ['2', '3']);
  });

  test('[CORE-144] a job is spread into one part for each device, each in its lane; it is gone when the last part is done', async () => {
    const { store } = bench;
    const app = await bench.appWith();
    const whole = await taken(app);
    const part = (install: string, kind: 'apns' | 'fcm') => ({ install, who: 'a', kind });
    await store.outbox.spread('me', [{ no: whole.no, to: [part('i', 'apns'), part('j', 'fcm')], cursor: 'm' }]);
    const [again] = await take(app, 'notify');
    assert.deepEqual([again?.no, again?.cursor, again?.attempts], [whole.no, 'm', 1]);
    await store.outbox.spread('me', [{ no: whole.no, to: [part('j', 'fcm'), part('k', 'fcm')] }]);
    assert.deepEqual(await take(app, 'notify'), []);
    const [apns, fcm] = [await take(app, 'apns'), await take(app, 'fcm')];
    assert.deepEqual(
      [...apns, ...fcm].map(({ device }) => device?.install),
      ['i', 'j', 'k'],
    );
    for (const one of [...apns, ...fcm])
      assert.deepEqual([one.cause, one.causeNo, one.createdAt], [whole.cause, whole.no, whole.createdAt]);
    await store.outbox.done(
      'me',
      [...apns, ...fcm].map(({ no }) => no),
    );
    assert.deepEqual(await waiting(app), []);
    const next = await taken(app);
    assert.ok(next.no > Math.max(...fcm.map(({ no }) => no)), 'numbers are not given twice');
    await store.outbox.spread('me', [{ no: next.no, to: [] }]);
    await store.outbox.recover();
    assert.deepEqual(await waiting(app), [], 'nobody to tell: nothing is left');
  });

  test('[CORE-153] a device is registered with one user and one token, and is told in its own language or the user’s', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b');
    const register = (who: string, ...args: Parameters<typeof registration>) =>
      store.installs.register(app, who, registration(...args), clock.ms);
    await store.users.bindInstall(app, 'a', 'phone', clock.ms);
    assert.deepEqual(await store.installs.of(app, ['a']), [
      { install: 'phone', who: 'a', platform: null, token: null, language: null },
    ]);
    await register('a', 'phone', 't1', { language: 'fr' });
    await register('a', 'tablet', 't2');
    await store.users.setAttributes(app, 'a', { mode: 'merge', values: { language: 'de' } }, 1);
    const devices = async (who: string) =>
      (await store.installs.of(app, [who]))
        .sort((x, y) => x.install.localeCompare(y.install))
        .map(({ install, token, language }) => `${install} ${token} ${language}`);
    assert.deepEqual(await devices('a'), ['phone t1 fr', 'tablet t2 de']);
    await register('b', 'phone', 't1');
    assert.deepEqual([await devices('a'), await devices('b')], [['tablet t2 de'], ['phone t1 null']]);
    await register('b', 'reinstalled', 't1');
    assert.deepEqual(await devices('b'), ['reinstalled t1 null'], 'the same token is the same device');
    await store.users.bindInstall(app, 'a', 'reinstalled', clock.ms);
    assert.deepEqual(await devices('a'), ['reinstalled t1 de', 'tablet t2 de'], 'a login takes the device along');
    for (let n = 0; n < limits.installsPerUserMax; n += 1) await register('a', `i${n}`, `token ${n}`);
    assert.equal((await store.installs.of(app, ['a'])).length, limits.installsPerUserMax);
    assert.deepEqual(
      (await store.installs.byIds(app, ['i0', 'nobody', 'tablet'])).map(({ who }) => who),
      ['a'],
    );
  });

  test('[CORE-146] a dead token takes its device along, unless the device has another one by then', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a');
    await store.installs.register(app, 'a', registration('phone', 'new'), clock.ms);
    await store.installs.forget(app, 'phone', 'old');
    assert.deepEqual(await store.users.installs(app, 'a'), ['phone']);
    await store.installs.forget(app, 'phone', 'new');
    assert.deepEqual(await store.users.installs(app, 'a'), []);
    await store.users.bindInstall(app, 'a', 'bare', clock.ms);
    await store.installs.forget(app, 'bare', '');
    assert.deepEqual(await store.users.installs(app, 'a'), []);
  });

  test('[CORE-159] the people of a conversation are gone through in pages, an owner who is not listed among them', async () => {
    const { store } = bench;
    const people = ['a', 'b', 'c', 'd', 'e'];
    const app = await bench.appWith(...people, 'owner');
    const { no } = await gathered(bench, app, people);
    await store.conversations.changeMembers(app, no, { owner: 'owner' }, wide, bench.clock.ms);
    const seen: string[] = [];
    for (let after: string | null = null; ; ) {
      const page: string[] = await store.installs.audience(app, no, after, 2);
      seen.push(...page);
      if (page.length < 2) break;
      after = page.at(-1) ?? null;
    }
    assert.deepEqual(seen, [...people, 'owner']);
  });
}
