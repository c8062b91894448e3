import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../../test/kit/eventually.ts';
import { quietLog } from '../../../test/kit/quiet-log.ts';
import { openLocalPresence } from '../../realtime/presence-local.ts';
import { openSqlite } from '../../store/sqlite/open.ts';
import { systemClock } from '../ports/clock.ts';
import type { PushProvider } from '../ports/push.ts';
import { PushWorker, usualTimes } from './worker.ts';

test('[CORE-160] at the end nothing new is begun, and what is cut short is due again at once', async () => {
  const store = await openSqlite({ path: ':memory:', clock: systemClock, log: quietLog });
  const { no } = await store.apps.put({ id: 'a', clientKey: 'c', masterKey: 'm', idKey: '0'.repeat(32) });
  await store.apps.change('a', { overrides: { 'push.webhook': { url: 'http://x/', secret: 's' } } });
  await store.users.ensure(no, ['ann', 'bob'], 1);
  await store.users.bindInstall(no, 'ann', 'ann-1', 1);
  let asked = 0;
  const slow: PushProvider = {
    send: (_app, _notification, signal) =>
      new Promise((resolve) => {
        asked += 1;
        signal.addEventListener('abort', () => resolve({ kind: 'retry', why: 'aborted' }));
      }),
    close: async () => {},
  };
  const core = { store, presence: openLocalPresence(), clock: systemClock, log: quietLog };
  const providers = { apns: slow, fcm: slow, webpush: slow, webhook: slow };
  const worker = new PushWorker({ core, providers, doors: [] }, { ...usualTimes, graceMs: 20 });
  const announced = { type: 'announcement', content: { type: 'text', text: 'hi' }, ts: 1 } as const;
  await store.outbox.put(no, { ...announced, to: { kind: 'user', id: 'ann' } });
  await eventually('the service is asked', () => asked === 1);
  await worker.stop();
  await store.outbox.put(no, { ...announced, to: { kind: 'user', id: 'bob' } });
  await worker.look();
  const lanes = await store.outbox.lanes();
  assert.deepEqual(lanes.map(({ kind }) => kind).sort(), ['notify', 'webhook']);
  for (const { dueAt } of lanes) assert.ok(dueAt <= Date.now());
  assert.equal(asked, 1);
  await store.close();
});
