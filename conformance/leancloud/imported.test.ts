// An app that came out of LeanCloud's exports: the SDK logs in to the copy and pages through what was said before.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { writeExports } from '../../server/test/import/files.ts';
import { conversationId, conversationRow, messageRows, userId } from '../../server/test/import/rows.ts';
import { runImport } from '../../server/test/import/runs.ts';
import { appId, appKey, openCopy } from '../../server/test/import/source.ts';
import type { ChildServer } from '../../server/test/kit/child.ts';
import { pauseAll, realtime, type Version, versions } from '../kit/leancloud.ts';
import type { Untyped } from '../kit/told.ts';

const size = { users: 20, conversations: 60, messages: 3_000 };
const app = { id: appId, clientKey: appKey, masterKey: '' };
const wanted = (id: string) => [...messageRows(size)].filter(({ to }) => to === id);
const recalled = (data: unknown): boolean => data === '{"_lctype":-127}';

after(pauseAll);

describe('what was said before the move', () => {
  let server: ChildServer;
  let folder: string;
  before(async () => {
    server = await openCopy();
    folder = await mkdtemp(join(tmpdir(), 'hongyan-imported-'));
    const { json } = await writeExports(folder, size);
    const run = await runImport(['leancloud', appId, json], server);
    assert.equal(run.code, 0, run.output);
  });
  after(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  for (const version of Object.keys(versions) as Version[]) {
    test(`[LC-427] leancloud-realtime ${version} finds its conversations and pages through their whole history`, {
      timeout: 60_000,
    }, async () => {
      const id = conversationId(1);
      const [who] = conversationRow(1, size).m as string[];
      const client = await realtime(version, server.base, app).createIMClient(who ?? userId(0));
      const talk = await client.getConversation(id, true);
      assert.deepEqual([...talk.members].sort(), [...(conversationRow(1, size).m as string[])].sort());
      assert.equal(talk.unreadMessagesCount, 0);
      const found: Untyped[] = [];
      const pages = talk.createMessagesIterator({ limit: 20 });
      for (let page = await pages.next(); ; page = await pages.next()) {
        found.unshift(...page.value);
        if (page.done) break;
      }
      const rows = wanted(id);
      assert.ok(rows.length > 60, `${rows.length} rows`);
      assert.deepEqual(
        found.map((message) => [message.id, +message.timestamp, message.from]),
        rows.map((row) => [row['msg-id'], row.timestamp, row.from]),
      );
      const texts = found.filter((message) => typeof message.text === 'string' && message.text.startsWith('message '));
      assert.ok(texts.length > 10);
      assert.equal(found.filter(({ type }) => type === -127).length, rows.filter(({ data }) => recalled(data)).length);
      await client.close();
    });
  }
});
