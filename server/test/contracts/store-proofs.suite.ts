// What accounts are proven with: tokens, codes, the memory of failures. All of it exact under any number of callers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bench, refusal } from './store.suite.ts';

export function proofCases(bench: Bench): void {
  const accounts = () => bench.store.accounts;
  const someone = async (app: number) => (await accounts().create(app, {}, 1)).account.id;

  test('[CORE-108] a token stands for its account until it ends or is revoked; above the bound the oldest goes', async () => {
    const app = await bench.appWith();
    const account = await someone(app);
    const issue = (digest: string, expiresAt: number | null = null, now = 5) =>
      accounts().issueToken(app, { account, kind: 'session', digest, expiresAt }, 3, now);
    await issue('a', 100);
    assert.deepEqual((await accounts().byToken(app, 'session', 'a', 99))?.expired, false);
    assert.deepEqual((await accounts().byToken(app, 'session', 'a', 100))?.expired, true);
    assert.equal(await accounts().byToken(app, 'reset', 'a', 5), undefined, 'kinds are apart');
    assert.equal(await accounts().byToken(await bench.appWith(), 'session', 'a', 5), undefined, 'apps are apart');
    assert.equal((await accounts().byId(app, account))?.loginAt, 5);
    for (const digest of ['b', 'c', 'd']) await issue(digest);
    const alive: string[] = [];
    for (const digest of ['a', 'b', 'c', 'd'])
      if (await accounts().byToken(app, 'session', digest, 6)) alive.push(digest);
    assert.deepEqual(alive, ['b', 'c', 'd']);
    assert.equal(await accounts().revokeToken(app, 'session', 'b'), true);
    assert.equal(await accounts().revokeToken(app, 'session', 'b'), false);
    assert.equal(await accounts().revokeTokens(app, account, 'session'), 2);
  });

  test('[CORE-109] a reset token sets a password once and ends every session', async () => {
    const app = await bench.appWith();
    const account = await someone(app);
    await accounts().issueToken(app, { account, kind: 'session', digest: 's', expiresAt: null }, 9, 1);
    await accounts().issueToken(app, { account, kind: 'reset', digest: 'r', expiresAt: 100 }, 9, 1);
    await accounts().issueToken(app, { account, kind: 'reset', digest: 'r2', expiresAt: 100 }, 9, 1);
    assert.equal(await refusal(accounts().redeemToken(app, 's', 'new', 50)), 'unauthenticated token');
    assert.equal(await refusal(accounts().redeemToken(app, 'r', 'new', 100)), 'session-expired token');
    const racers = ['x', 'y'].map((password) => refusal(accounts().redeemToken(app, 'r', password, 50)));
    const outcomes = await Promise.all(racers);
    assert.deepEqual(outcomes.toSorted(), ['nothing was refused', 'unauthenticated token']);
    assert.equal(await accounts().passwordOf(app, account), ['x', 'y'][outcomes.indexOf('nothing was refused')]);
    assert.equal(await accounts().byToken(app, 'session', 's', 51), undefined);
    assert.equal(await refusal(accounts().redeemToken(app, 'r2', 'z', 51)), 'unauthenticated token');
  });

  test('[CORE-110] a code serves its purpose once; wrong tries, time and a newer code end it', async () => {
    const app = await bench.appWith();
    const put = (digest: string, now: number, purpose: 'login' | 'reset' = 'login') =>
      accounts().putCode(app, { purpose, phone: '1', digest, expiresAt: now + 600 }, [], now);
    const use = (digest: string, now: number, purpose: 'login' | 'reset' = 'login') =>
      accounts().useCode(app, { purpose, phone: '1', digest }, 5, now);
    await put('one', 0);
    assert.equal(await use('one', 1, 'reset'), false, 'another purpose');
    const racers = await Promise.all([use('one', 1), use('one', 1), use('one', 1)]);
    assert.deepEqual(racers.toSorted(), [false, false, true]);
    await put('two', 10);
    assert.equal(await use('two', 610), false, 'too old');
    await put('three', 20);
    await put('four', 21);
    assert.equal(await use('three', 22), false, 'a newer one was asked for');
    for (let tries = 1; tries < 4; tries++) assert.equal(await use('wrong', 23), false);
    assert.equal(await use('four', 24), true, 'the fifth try');
    await put('five', 30);
    for (let tries = 0; tries < 5; tries++) assert.equal(await use('wrong', 31), false);
    assert.equal(await use('five', 32), false, 'five wrong tries killed it');
  });

  test('[CORE-111] paces are counted exactly, and given back for what was not sent', async () => {
    const app = await bench.appWith();
    const paces = [
      { key: 'phone', free: 1, windowMs: 60 },
      { key: 'address', free: 3, windowMs: 600 },
    ];
    const put = (now: number, used = paces) =>
      accounts().putCode(app, { purpose: 'login', phone: '1', digest: 'd', expiresAt: now + 600 }, used, now);
    const racers = await Promise.all([0, 0, 0].map((now) => refusal(put(now))));
    assert.deepEqual(racers.toSorted(), ['nothing was refused', 'rate-limited code', 'rate-limited code']);
    await assert.rejects(
      put(20),
      (error: { details?: { retryAfterMs?: number } }) => error.details?.retryAfterMs === 40,
    );
    await put(60);
    await accounts().dropCode(app, 'login', '1', 'd', paces);
    await put(61);
    assert.equal(await accounts().useCode(app, { purpose: 'login', phone: '1', digest: 'd' }, 5, 62), true);
    await put(200);
    assert.equal(await refusal(put(300)), 'rate-limited code', 'the address has had its three');
    await put(300, paces.slice(0, 1));
    await put(600);
  });

  test('[CORE-112] failures beyond the free ones lock, longer each time, and are forgotten by success or time', async () => {
    const app = await bench.appWith();
    const patience = [{ key: 'k', free: 2, waitMs: 100, waitMsMax: 300, forgetMs: 10_000 }];
    const fail = (now: number) => accounts().recordFailure(app, patience, now);
    const until = async (now: number) => (await accounts().locks(app, ['k', 'other'], now)).until;
    await fail(0);
    await fail(0);
    assert.deepEqual(await accounts().locks(app, ['k'], 1), { until: 0, failed: ['k'] });
    const waits: number[] = [];
    for (const now of [1_000, 2_000, 3_000]) {
      await fail(now);
      waits.push((await until(now)) - now);
      assert.equal(await until(now + (waits.at(-1) ?? 0)), 0);
    }
    assert.deepEqual(waits, [100, 200, 300]);
    await accounts().forgetFailures(app, ['k']);
    assert.deepEqual(await accounts().locks(app, ['k'], 3_001), { until: 0, failed: [] });
    await Promise.all([fail(4_000), fail(4_000), fail(4_000)]);
    assert.equal(await until(4_000), 4_100, 'all three were counted');
    await fail(20_000);
    assert.equal(await until(20_000), 0, 'the earlier ones were long ago');
  });

  test('[CORE-113] a digest is used once within its life, by whoever is first; what has passed is swept', async () => {
    const app = await bench.appWith();
    const racers = await Promise.all(Array.from({ length: 5 }, () => accounts().useOnce(app, 'x', 100, 1)));
    assert.deepEqual(racers.toSorted(), [false, false, false, false, true]);
    assert.equal(await accounts().useOnce(await bench.appWith(), 'x', 100, 1), true, 'apps are apart');
    assert.equal(await accounts().useOnce(app, 'x', 300, 100), true, 'its life is over');
    const account = await someone(app);
    const monthMs = 30 * 86_400_000;
    await accounts().issueToken(app, { account, kind: 'session', digest: 'old', expiresAt: 200 }, 9, 1);
    await accounts().issueToken(app, { account, kind: 'session', digest: 'new', expiresAt: null }, 9, 1);
    while (!(await accounts().sweepProofs(299, 2)).done);
    assert.equal(await accounts().useOnce(app, 'x', 400, 299), false, 'not yet');
    assert.ok(await accounts().byToken(app, 'session', 'old', 299), 'an expired token is told for a month');
    while (!(await accounts().sweepProofs(200 + monthMs, 2)).done);
    assert.equal(await accounts().byToken(app, 'session', 'old', 300), undefined);
    assert.ok(await accounts().byToken(app, 'session', 'new', 300));
  });
}
