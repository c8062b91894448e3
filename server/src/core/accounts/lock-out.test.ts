import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkOf } from './lock-out.ts';

test('[CORE-114] an address counts by the network that one customer has', () => {
  for (const [address, network] of [
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::'],
    ['2001:db8::1', '2001:db8:0:0::'],
    ['::1', '0:0:0:0::'],
    ['fe80::1%eth0', 'fe80:0:0:0::'],
    ['', ''],
  ] as const)
    assert.equal(networkOf(address), network, address);
});
