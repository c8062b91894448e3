import assert from 'node:assert/strict';
import { test } from 'node:test';
import { feel } from './heartbeat.ts';

const timing = { pingIntervalMs: 100, pingTimeoutMs: 50 };

test('[ML-202] the server pings under Engine.IO 4 only, once an interval', () => {
  const pulse = { heardAtMs: 0, pingedAtMs: 0 };
  assert.equal(feel(pulse, 4, timing, 99), 'fine');
  assert.equal(feel(pulse, 4, timing, 100), 'ping');
  assert.equal(feel(pulse, 3, timing, 149), 'fine');
  assert.equal(feel({ heardAtMs: 150, pingedAtMs: 100 }, 4, timing, 199), 'fine');
  assert.equal(feel({ heardAtMs: 150, pingedAtMs: 100 }, 4, timing, 200), 'ping');
});

test('[ML-203] an interval and a timeout of silence end a connection of either revision', () => {
  const pulse = { heardAtMs: 1_000, pingedAtMs: 1_100 };
  assert.equal(feel(pulse, 3, timing, 1_150), 'fine');
  assert.equal(feel(pulse, 3, timing, 1_151), 'dead');
  assert.equal(feel(pulse, 4, timing, 1_150), 'fine');
  assert.equal(feel(pulse, 4, timing, 1_151), 'dead');
});
