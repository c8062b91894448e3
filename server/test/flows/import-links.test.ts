import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { JsonObject } from '../../src/core/json.ts';
import { runImport, sumsOf } from '../import/runs.ts';
import { appId, masterKey, openCopy } from '../import/source.ts';
import type { ChildServer } from '../kit/child.ts';

const conversation = 'c'.repeat(24);
const at = Date.UTC(2026, 5, 1);

describe('files that imported messages speak of', () => {
  let copy: ChildServer;
  let folder: string;
  let store: Server;
  let host: string;
  let asked = 0;
  const say = (n: number, url: string): JsonObject => ({
    timestamp: at + n,
    'conv-id': conversation,
    to: conversation,
    from: 'a',
    'msg-id': `m${n}`,
    bin: false,
    data: JSON.stringify({ _lctype: -6, _lcfile: { objId: `o${n}`, url } }),
  });
  const history = async (): Promise<JsonObject[]> => {
    const answer = await fetch(`${copy.base}/1.2/rtm/conversations/${conversation}/messages?reversed=true`, {
      headers: { 'X-LC-Id': appId, 'X-LC-Key': `${masterKey},master` },
    });
    return (await answer.json()) as JsonObject[];
  };
  const urlOf = ({ data }: JsonObject = {}): string => JSON.parse(String(data))._lcfile.url;

  before(async () => {
    store = createServer((request, response) => {
      asked += 1;
      if (!request.url?.startsWith('/there')) response.writeHead(404).end();
      else response.writeHead(200, { 'Content-Type': 'text/plain' }).end('what it holds');
    }).listen(0, '127.0.0.1');
    await once(store, 'listening');
    const address = store.address();
    host = `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    copy = await openCopy();
    folder = await mkdtemp(join(tmpdir(), 'hongyan-files-'));
    const rows = [
      say(1, `http://${host}/there/one.txt`),
      say(2, `http://${host}/gone.txt`),
      say(3, 'http://127.0.0.1:9/elsewhere.txt'),
      say(4, `http://${host}/there/one.txt`),
    ];
    await writeFile(
      join(folder, '_Conversation.json'),
      JSON.stringify([{ objectId: conversation, m: ['a', 'b'], createdAt: '2026-01-01T00:00:00.000Z' }]),
    );
    await writeFile(join(folder, 'messages.json'), JSON.stringify(rows));
    const avatar = { __type: 'File', id: 'f', name: 'me.txt', url: `http://${host}/there/me.txt` };
    const user = { objectId: 'd'.repeat(24), username: 'dan', avatar, createdAt: '2026-01-01T00:00:00.000Z' };
    await writeFile(join(folder, '_User.json'), JSON.stringify([user]));
    const run = await runImport(['leancloud', appId, folder], copy);
    assert.equal(run.code, 0, run.output);
  });
  after(async () => {
    store?.close();
    await copy?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('[CORE-461] are looked for at the hosts that were named, and what is missing is listed', async () => {
    const run = await runImport(['files', appId, '--from', host], copy);
    assert.equal(run.code, 0, run.output);
    assert.deepEqual(sumsOf(run), { made: 2, changed: 0, same: 0, lost: 1 });
    const report = await runImport(['report', appId], copy);
    assert.match(report.output, /file http:\/\/127\.0\.0\.1:\d+\/gone\.txt: is not there: 404/);
    assert.doesNotMatch(report.output, /elsewhere/);
  });

  it('[CORE-462] are fetched once into our storage, and links are rewritten on demand; verify knows of it', async () => {
    const before = asked;
    const run = await runImport(['files', appId, '--from', host, '--fetch', '--rewrite', copy.base], copy);
    assert.equal(run.code, 0, run.output);
    assert.equal(sumsOf(run).changed, 3);
    const found = await history();
    assert.ok(urlOf(found[0]).startsWith(`${copy.base}/uploads/`), urlOf(found[0]));
    assert.equal(urlOf(found[3]), urlOf(found[0]));
    assert.equal(JSON.parse(String(found[0]?.data))._lcfile.objId, 'o1');
    assert.equal(await (await fetch(urlOf(found[0]))).text(), 'what it holds');
    assert.equal(urlOf(found[1]), `http://${host}/gone.txt`);
    assert.equal(urlOf(found[2]), 'http://127.0.0.1:9/elsewhere.txt');
    assert.equal(asked, before + 3);
    const answer = await fetch(`${copy.base}/1.1/users/${'d'.repeat(24)}`, {
      headers: { 'X-LC-Id': appId, 'X-LC-Key': `${masterKey},master` },
    });
    const { avatar } = (await answer.json()) as { avatar: JsonObject };
    assert.equal(avatar.name, 'me.txt');
    assert.equal(await (await fetch(String(avatar.url))).text(), 'what it holds');
    const again = await runImport(['files', appId, '--from', host, '--fetch'], copy);
    assert.deepEqual(sumsOf(again), { made: 0, changed: 0, same: 0, lost: 1 });
    const verified = await runImport(['verify', appId, folder], copy);
    assert.equal(verified.code, 0, verified.output);
  });
});
