import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Appended, Changed } from '../../core/messages/message.ts';
import type { BatchAnswer } from '../committer.ts';
import { appendCall } from './appends.ts';
import { type Connection, connectWriter } from './connection.ts';
import { migrate } from './migrate.ts';
import { openWriter, type Write, type Writer } from './writer.ts';

describe('the writer', () => {
  let dir: string;
  let files = 0;
  let connection: Connection;
  let writer: Writer;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'hongyan-writer-'));
  });
  after(() => rm(dir, { recursive: true }));
  beforeEach(async () => {
    connection = connectWriter(join(dir, `${++files}.db`), 1_000);
    migrate(connection.db, 1);
    writer = openWriter(connection);
    await writer.commit([['conversations', 'claimPair', 1, [1, 'a', 'b', 1]]]);
  });

  const append = (text: string): Write =>
    appendCall(5, {
      app: 1,
      conversation: 10_000_001,
      sender: 'a',
      as: 'user',
      content: { type: 'text', text },
      flags: 0,
    });
  const stored = () =>
    connection
      .all<{ content: string }>('select content from messages order by no', [])
      .map((row) => JSON.parse(row.content).text);
  const outcomes = (answer: BatchAnswer) =>
    'failed' in answer ? answer.failed : answer.answers.map((one) => (one.ok ? 'ok' : one.code));

  test('[CORE-41] a commit that fails keeps nothing of its batch, and the next one goes on', async () => {
    const pages = connection.one<{ page_count: number }>('pragma page_count', [])?.page_count ?? 0;
    connection.db.exec(`pragma max_page_count = ${pages + 2}`);
    const large = 'x'.repeat(60_000);
    assert.match(String(outcomes(await writer.commit([append('small'), append(large), append('after')]))), /full/);
    assert.deepEqual(stored(), []);
    connection.db.exec('pragma max_page_count = 100000');
    assert.deepEqual(outcomes(await writer.commit([append('again')])), ['ok']);
    assert.deepEqual(stored(), ['again']);
    assert.deepEqual(
      connection.all('select no from messages', []).map((row) => (row as { no: number }).no),
      [1],
    );
    connection.close();
  });

  test('[CORE-32] a surprise in one append spares the others of its batch', async () => {
    connection.db.exec(
      "create trigger surprise before insert on messages when new.content like '%boom%' begin select raise(abort, 'boom'); end",
    );
    const answer = await writer.commit([append('one'), append('boom'), append('two')]);
    assert.deepEqual(outcomes(answer), ['ok', 'broken', 'ok']);
    assert.deepEqual(stored(), ['one', 'two']);
    assert.deepEqual(
      connection.one('select ts, last_ts from heads', []),
      Object.assign(Object.create(null), { ts: 6, last_ts: 6 }),
    );
    connection.close();
  });

  test('[CORE-28] what else is written in a batch sees the heads that its appends moved, and moves them for those behind it', async () => {
    const recall: Write = ['messages', 'recall', 5, [1, 10_000_001, 6, { by: 'a', again: 'error' }]];
    const answer = await writer.commit([append('one'), append('two'), recall, append('three'), append('four')]);
    assert.ok('answers' in answer);
    const places = answer.answers.map((one) => {
      const { ts, prev, message } = (one.ok ? one.value : {}) as Partial<Appended & Changed>;
      return [ts ?? message?.editedTs, prev];
    });
    assert.deepEqual(places, [
      [5, 0],
      [6, 5],
      [7, 6],
      [8, 7],
      [9, 8],
    ]);
    const { ts, prev_ts, last_ts } = connection.one<Record<string, number>>('select * from heads', []) ?? {};
    assert.deepEqual([ts, prev_ts, last_ts], [9, 8, 9]);
    connection.close();
  });

  test('an unknown call is refused alone', async () => {
    assert.deepEqual(
      outcomes(await writer.commit([['messages', 'toString', 1, []], append('one'), ['nothing', 'x', 1, []]])),
      ['broken', 'ok', 'broken'],
    );
    connection.close();
  });
});
