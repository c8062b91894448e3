// The short form of `npm run disconnects`: a handful of cuts with messages in flight.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { disconnect } from './kit/disconnects.ts';
import { openPlace } from './kit/place.ts';
import { openWeakNetwork } from './kit/weak-network.ts';

test('25 random disconnects with messages in flight: every message exactly once and in order, on both sides', async () => {
  const place = await openPlace();
  const network = await openWeakNetwork(place.url);
  try {
    const { cuts, messages } = await disconnect(place, network, 25, 20_260_501);
    assert.equal(cuts, 25);
    assert.ok(messages > 50);
  } finally {
    await network.close();
    await place.close();
  }
});
