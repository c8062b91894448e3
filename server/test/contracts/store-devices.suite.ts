// What is remembered of devices, of the store's contract.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bench } from './store.suite.ts';

export function deviceCases(bench: Bench): void {
  test('[CORE-420] a tag is held by the device that took it last, until that one gives it back', async () => {
    const { devices } = bench.store;
    const [app, other] = [await bench.appWith('a'), await bench.appWith('a')];
    const holder = () => devices.tagHolder(app, 'a', 'web');
    assert.equal(await holder(), undefined);
    await devices.takeTag(app, 'a', 'web', 'd1', 1);
    await devices.takeTag(app, 'a', 'web', 'd2', 2);
    assert.equal(await holder(), 'd2');
    await devices.giveTag(app, 'a', 'web', 'd1');
    assert.equal(await holder(), 'd2', 'it was not his any more');
    await devices.giveTag(app, 'a', 'web', 'd2');
    assert.deepEqual([await holder(), await devices.tagHolder(other, 'a', 'web')], [undefined, undefined]);
  });

  test('[CORE-421] a device keeps its seat in one room for a while after it was lost, and not after it left', async () => {
    const { devices } = bench.store;
    const app = await bench.appWith('a');
    const seat = (lostSince: number, seatedSince = 0) => devices.seat(app, 'a', 'd1', { lostSince, seatedSince });
    await devices.takeSeat(app, 'a', 'd1', 7, 10);
    await devices.takeSeat(app, 'a', 'd1', 8, 20);
    assert.deepEqual([await seat(99), await seat(0, 20), await seat(0, 21)], [8, 8, undefined]);
    await devices.loseSeat(app, 'a', 'd1', 30);
    assert.deepEqual([await seat(30, 99), await seat(31)], [8, undefined]);
    await devices.takeSeat(app, 'a', 'd2', 8, 50);
    assert.deepEqual(await devices.expireSeats(40, 9), { done: true, removed: 1 });
    assert.equal(await seat(0), undefined);
    await devices.leaveSeat(app, 'a', 'd2');
    assert.equal(await devices.seat(app, 'a', 'd2', { lostSince: 0, seatedSince: 0 }), undefined);
  });
}
