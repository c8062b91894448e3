// The short form: every kind of trouble once or twice. `npm run faults` is the long one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testNats } from '../kit/nats.ts';
import { testDatabaseUrl } from '../kit/postgres.ts';
import { faults } from './run.ts';

if (testDatabaseUrl === undefined || testNats === undefined)
  test('faults', (t) =>
    t.diagnostic('HONGYAN_TEST_DATABASE_URL and HONGYAN_TEST_NATS_URL are not set: the fault tests did not run'));
else
  test('[CORE-504] nodes are killed, PostgreSQL and NATS restarted: nothing acknowledged is lost, doubled or out of order', {
    timeout: 180_000,
  }, async (t) => {
    const seed = Date.now() % 1e6;
    const { violations, counts, troubles } = await faults({ seconds: 25, seed, tell: (line) => t.diagnostic(line) });
    t.diagnostic(JSON.stringify({ seed, counts, troubles }));
    assert.deepEqual(violations, []);
    assert.ok(counts.acknowledged > 500, `${counts.acknowledged} acknowledged`);
  });
