import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromTime, toDay, toTime } from './times.ts';

const at = Date.UTC(2026, 2, 1, 1, 30, 5);

test('[JM-208] a moment is written in the zone, and read back', () => {
  assert.equal(toTime(at, 'Asia/Shanghai'), '2026-03-01 09:30:05');
  assert.equal(toTime(at, 'UTC'), '2026-03-01 01:30:05');
  assert.equal(toTime(Date.UTC(2026, 2, 1, 16), 'Asia/Shanghai'), '2026-03-02 00:00:00');
  for (const zone of ['Asia/Shanghai', 'UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia']) {
    // Every hour of a year: both clock changes are among them.
    for (let ms = Date.UTC(2026, 0, 1); ms < Date.UTC(2027, 0, 1); ms += 3_600_000) {
      const text = toTime(ms, zone);
      assert.equal(toTime(fromTime(text, zone) as number, zone), text);
    }
  }
  assert.equal(fromTime('2026-03-01 09:30:05', 'Asia/Shanghai'), at);
  assert.equal(fromTime('2026-03-01', 'UTC'), Date.UTC(2026, 2, 1));
});

test('[JM-208] what is no time of the calendar is none', () => {
  for (const text of [
    '',
    'x',
    '2015-02-30',
    '2015-13-01',
    '2015-00-10',
    '2015-1-1',
    '2015-01-01 24:00:00',
    '2015-01-01 10:60:00',
    '2015-01-01T10:00:00',
    '2015-01-01 10:00',
    ' 2015-01-01',
  ]) {
    assert.equal(fromTime(text, 'UTC'), undefined, text);
    assert.equal(toDay(text), undefined, text);
  }
  assert.equal(toDay('2016-02-29'), '2016-02-29');
  assert.equal(toDay('1990-01-24 13:00:00'), '1990-01-24');
});
