import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import type { JsonObject } from '../../src/core/json.ts';
import { type Forms, writeExports } from '../import/files.ts';
import { conversationId, messageRows, passwordOf, userId } from '../import/rows.ts';
import { runImport, sumsOf } from '../import/runs.ts';
import { appId, appKey, masterKey, openCopy } from '../import/source.ts';
import type { ChildServer } from '../kit/child.ts';

const size = { users: 20, conversations: 60, messages: 1_500 };
const at = Date.UTC(2026, 5, 1);
const record = (more: JsonObject): JsonObject => ({
  timestamp: at,
  to: conversationId(0),
  'conv-id': conversationId(0),
  from: userId(0),
  data: 'x',
  bin: false,
  ...more,
});

/** What no messenger would say, and real files hold. */
const odd = {
  ahead: record({ 'msg-id': 'ahead', timestamp: Date.now() + 3 * 86_400_000 }),
  orphan: record({ 'msg-id': 'orphan', to: 'ffffffffffffffffffffffff', 'conv-id': 'ffffffffffffffffffffffff' }),
  oldRoom: record({ 'msg-id': 'old-room', 'is-room': true }),
  temporary: record({ 'msg-id': 'temporary', to: '_tmp:abc', 'conv-id': '_tmp:abc' }),
  timeless: record({ 'msg-id': 'timeless', timestamp: 'yesterday' }),
  longTo: record({ 'msg-id': 'long', 'conv-id': `${conversationId(0)}00000000`, timestamp: at + 1 }),
};
const ties = Array.from({ length: 70 }, (_, n) => record({ 'msg-id': `tie${n}`, timestamp: at + 5, data: `${n}` }));

describe('an app that comes from the files of an export', () => {
  let folder: string;
  let forms: Forms;
  const servers: ChildServer[] = [];
  const server = async (): Promise<ChildServer> => {
    const opened = await openCopy();
    servers.push(opened);
    return opened;
  };
  const history = async ({ base }: ChildServer, id: string): Promise<JsonObject[]> => {
    const response = await fetch(`${base}/1.2/rtm/conversations/${id}/messages?limit=1000&reversed=true`, {
      headers: { 'X-LC-Id': appId, 'X-LC-Key': `${masterKey},master` },
    });
    return (await response.json()) as JsonObject[];
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hongyan-import-'));
    forms = await writeExports(folder, size, [...Object.values(odd), ...ties]);
  });
  after(async () => {
    for (const one of servers) await one.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('[LC-423] lines of JSON, zipped or not, arrays and results are read; every record comes out as it went in', async () => {
    const copy = await server();
    const first = await runImport(['leancloud', appId, forms.json], copy);
    assert.equal(first.code, 0, first.output);
    assert.match(first.output, /Todo\.jsonl stays outside/);
    const again = await runImport(['leancloud', appId, forms.json], copy);
    assert.deepEqual([sumsOf(again).made, sumsOf(again).changed], [0, 0]);
    const verified = await runImport(['verify', appId, forms.json], copy);
    assert.equal(verified.code, 0, verified.output);
    const wanted = [...messageRows(size)].filter(({ to }) => to === conversationId(1));
    const found = await history(copy, conversationId(1));
    assert.ok(wanted.length > 20);
    const shown = ({ timestamp, from, data, bin, 'msg-id': mid }: JsonObject) => ({ timestamp, from, data, bin, mid });
    assert.deepEqual(found.map(shown), wanted.map(shown));
    const login = await fetch(`${copy.base}/1.1/login`, {
      method: 'POST',
      headers: { 'X-LC-Id': appId, 'X-LC-Key': appKey, 'Content-Type': 'application/json' },
      body: JSON.stringify({ username: 'user0', password: passwordOf(0) }),
    });
    assert.equal(login.status, 200);
  });

  it('[LC-424] backups of BSON are read, and a history that is newest first keeps the order of one millisecond', async () => {
    const copy = await server();
    const first = await runImport(['leancloud', appId, forms.bson], copy);
    assert.equal(first.code, 0, first.output);
    assert.equal((await runImport(['verify', appId, forms.json], copy)).code, 0);
    const mids = (await history(copy, conversationId(0)))
      .map((one) => one['msg-id'])
      .filter((mid) => /^tie/.test(`${mid}`));
    assert.deepEqual(
      mids,
      ties.slice(0, 64).map((one) => one['msg-id']),
    );
  });

  it('[LC-425] what cannot be taken is named with its reason, and where it stands', async () => {
    const [copy] = servers;
    assert.ok(copy);
    await appendFile(join(forms.json, '_Conversation.jsonl'), '{"objectId": "broken\n');
    await runImport(['leancloud', appId, forms.json], copy);
    const report = await runImport(['report', appId, '--json'], copy);
    const losses = report.output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as JsonObject);
    const reasonOf = (mid: string) => losses.find(({ id }) => `${id}`.endsWith(`/${mid}`));
    assert.match(`${reasonOf('ahead')?.reason}`, /more than a day ahead/);
    assert.match(`${reasonOf('ahead')?.detail}`, /messages\.jsonl\.gz:\d+$/);
    assert.match(`${reasonOf('orphan')?.reason}`, /conversation is not there/);
    assert.match(`${reasonOf('old-room')?.reason}`, /retired/);
    assert.match(`${reasonOf('timeless')?.reason}`, /no time/);
    assert.match(`${reasonOf('temporary')?.reason}`, /temporary conversation/);
    assert.match(`${reasonOf('tie64')?.reason}`, /beyond the 64/);
    assert.equal(losses.filter(({ reason }) => /beyond the 64/.test(`${reason}`)).length, 6);
    assert.equal(losses.find(({ what }) => what === 'row')?.id, `_Conversation.jsonl:${size.conversations + 3}`);
    assert.equal(
      losses.find(({ what, reason }) => what === 'user' && /username/.test(`${reason}`)),
      undefined,
    );
    const found = await history(copy, conversationId(0));
    assert.ok(found.some((one) => one['msg-id'] === 'long'));
  });

  it('[LC-426] an archive is read as it was downloaded; with --create-missing messages without a conversation make one', async () => {
    const copy = await server();
    const archive = join(folder, 'export.tar.gz');
    await promisify(execFile)('tar', ['-czf', archive, '-C', forms.json, '.']);
    const run = await runImport(['leancloud', appId, archive, '--create-missing'], copy);
    assert.equal(run.code, 0, run.output);
    const [orphan] = await history(copy, `${odd.orphan.to}`);
    assert.equal(orphan?.['msg-id'], 'orphan');
  });
});
