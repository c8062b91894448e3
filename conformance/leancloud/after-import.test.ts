// The unmodified SDK against a server that has the app's export: the same app id and keys, another host.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadLeancloud, pauseAll, realtime, type Version, versions } from '../kit/leancloud.ts';
import { appA, openServer } from '../kit/server.ts';
import { told, type Untyped } from '../kit/told.ts';

const command = fileURLToPath(new URL('../../server/bin/hongyan.js', import.meta.url));
const server = await openServer();
const dir = await mkdtemp(join(tmpdir(), 'hongyan-export-'));
after(pauseAll);
after(() => rm(dir, { recursive: true, force: true }));

const cid = '65a0c0ffee0000000000abcd';
const from = Date.UTC(2026, 9, 1);
const rows = Array.from({ length: 30 }, (_, n) => ({
  ...{ 'msg-id': `old+Message/id-${String(n).padStart(7, '0')}`, timestamp: from + n * 1_000, 'conv-id': cid, to: cid },
  ...{ from: n % 2 ? 'Jerry' : 'Tom', bin: false, 'is-conv': true, 'is-room': false, 'from-ip': '' },
  data: JSON.stringify({ _lctype: -1, _lctext: `old ${n}` }),
}));

async function importAll(): Promise<void> {
  const made = new Date(from - 1_000).toISOString();
  const conversation = {
    objectId: cid,
    name: 'old friends',
    m: ['Tom', 'Jerry'],
    c: 'Tom',
    createdAt: made,
    updatedAt: made,
  };
  await writeFile(join(dir, '_Conversation.0.jsonl'), `${JSON.stringify(conversation)}\n`);
  await writeFile(join(dir, 'messages.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
  const env = { ...process.env, HONGYAN_DATA: server.dataDir };
  await promisify(execFile)(process.execPath, [command, 'import', 'leancloud', appA.id, dir], { env });
}

test('[LC-113] [LC-115] after an import the SDK finds its conversations and its history, and nothing is unread', {
  timeout: 60_000,
}, async () => {
  await server.stop();
  await importAll();
  await server.start();
  for (const version of Object.keys(versions) as Version[]) {
    const sdk = loadLeancloud(version);
    const jerry = await realtime(version, server.base, appA, {}, sdk).createIMClient('Jerry');
    const counts = told(jerry, 'unreadmessagescountupdate');
    const [talk] = await jerry.getQuery().containsMembers(['Jerry']).find();
    assert.deepEqual([talk.id, talk.name, talk.members.sort()], [cid, 'old friends', ['Jerry', 'Tom']]);
    const page = await talk.queryMessages({ limit: 30 });
    assert.deepEqual(
      page.map((one: Untyped) => [one.id, one.timestamp.getTime(), one.from, one.text]),
      rows.map((row, n) => [row['msg-id'], row.timestamp, row.from, `old ${n}`]),
    );
    assert.deepEqual([counts, talk.unreadMessagesCount], [[], 0]);
    await jerry.close();
  }
});
