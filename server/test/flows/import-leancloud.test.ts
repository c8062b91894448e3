import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { JsonObject } from '../../src/core/json.ts';
import { conversationId, passwordOf, userId } from '../import/rows.ts';
import { runImport, sumsOf } from '../import/runs.ts';
import { appId, appKey, masterKey, openCopy, openSource, type Source, talk } from '../import/source.ts';
import type { ChildServer } from '../kit/child.ts';

const size = { users: 40, conversations: 240, messages: 4_000 };

describe('an app that comes from LeanCloud', () => {
  let source: Source;
  let copy: ChildServer;
  const service = () => ['--host', source.url, '--rate', '0'];
  const bring = (...more: string[]) => runImport(['leancloud', appId, ...service(), ...more], copy);
  const verify = () => runImport(['verify', appId, ...service()], copy);

  const ask = async (path: string, headers: Record<string, string> = {}, body?: JsonObject) => {
    const response = await fetch(copy.base + path, {
      headers: { 'X-LC-Id': appId, 'X-LC-Key': `${masterKey},master`, 'Content-Type': 'application/json', ...headers },
      ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
    });
    return { status: response.status, body: await response.json() };
  };

  before(async () => {
    source = await openSource(size, { tooManyEvery: 89 });
    copy = await openCopy();
  });
  after(async () => {
    await copy?.close();
    await source?.close();
  });

  it('[LC-428] a dry run says what would come, and takes nothing', async () => {
    const dry = await bring('--dry-run');
    assert.equal(dry.code, 0, dry.output);
    const { conversations, users, messages } = dry.last;
    assert.deepEqual([conversations, users], [size.conversations, size.users]);
    assert.ok(Math.abs(Number(messages) - size.messages) < size.messages * 0.2, `about ${messages} messages`);
    assert.deepEqual(((await ask('/1.2/rtm/messages')).body as unknown as unknown[]).length, 0);
    const wrong = await runImport(['leancloud', appId, ...service()], {
      ...copy,
      env: { LEANCLOUD_MASTER_KEY: 'wrong' },
    });
    assert.equal(wrong.code, 1);
    assert.match(wrong.output, /does not let us read: .*401/);
    assert.doesNotMatch(wrong.output, /wrong/);
  });

  it('[CORE-450] killed at any moment it goes on where it was: nothing is missing, nothing is there twice', async () => {
    const moments = [
      { killAfterMs: 900 },
      { killAfterMs: 300, amid: 'roles and lists' },
      { killAfterMs: 60, amid: 'messages' },
    ];
    for (const moment of moments) {
      const killed = await runImport(['leancloud', appId, ...service()], { ...copy, ...moment });
      assert.ok(killed.code === null || killed.code === 0, killed.output);
    }
    const done = await bring();
    assert.equal(done.code, 0, done.output);
    const verified = await verify();
    assert.equal(verified.code, 0, verified.output);
    const { compared } = verified.last.verified as unknown as { compared: Record<string, Record<string, number>> };
    assert.equal(compared.messages?.source, compared.messages?.copy);
    assert.ok((compared.messages?.copy ?? 0) > size.messages * 0.9);
    assert.equal(compared.users?.copy, size.users);
  });

  it('[CORE-451] a second run brings only what is new', async () => {
    await talk(source.call, 5);
    const again = await bring();
    assert.equal(again.code, 0, again.output);
    const { made, changed } = sumsOf(again);
    assert.deepEqual({ made, changed }, { made: 3, changed: 0 });
    assert.equal((await verify()).code, 0);
  });

  it('[CORE-452] with --rescan edits and recalls of what was taken come too, and verify names what is not the same', async () => {
    const path = `/1.2/rtm/conversations/${conversationId(2)}/messages`;
    const [record] = (await source.call('GET', `${path}?limit=1&reversed=true`)) as unknown as JsonObject[];
    assert.ok(record);
    await source.call('PUT', `${path}/${record['msg-id']}`, {
      from_client: record.from ?? '',
      timestamp: record.timestamp ?? 0,
      message: 'said otherwise',
    });
    const differing = await verify();
    assert.equal(differing.code, 1);
    const { differences } = differing.last.verified as unknown as { differences: { id: string; why: string }[] };
    assert.equal(differences.length, 1);
    assert.equal(differences[0]?.id, conversationId(2));
    assert.match(differences[0]?.why ?? '', new RegExp(`${record['msg-id']}.*something else`));
    const rescanned = await bring('--rescan');
    assert.equal(sumsOf(rescanned, 'messages').changed, 1);
    assert.equal((await verify()).code, 0);
  });

  it('[CORE-453] what could not be taken is named with its reason', async () => {
    const report = await runImport(['report', appId, '--json'], copy);
    const lines = report.output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as JsonObject);
    assert.deepEqual(new Set(lines.map(({ reason }) => reason)), new Set(['listens to no client', 'was switched off']));
  });

  it('[LC-420] passwords of the export let in, and are kept in a better form from then on', async () => {
    const login = await ask('/1.1/login', { 'X-LC-Key': appKey }, { username: 'user1', password: passwordOf(1) });
    assert.equal(login.status, 200, JSON.stringify(login.body));
    assert.equal((login.body as JsonObject).objectId, userId(1));
    const wrong = await ask('/1.1/login', { 'X-LC-Key': appKey }, { username: 'user2', password: 'other' });
    assert.equal(wrong.status, 400);
  });

  it('[LC-421] roles, silences, block lists, subscribers, mutes and what services said to one are there', async () => {
    const base = `/1.2/rtm/conversations/${conversationId(1)}`;
    for (const what of ['permanent-silenceds', 'blacklists', 'member-infos'])
      assert.deepEqual((await ask(`${base}/${what}`)).body, await source.call('GET', `${base}/${what}`));
    const services = `/1.2/rtm/service-conversations/${conversationId(150)}`;
    assert.deepEqual((await ask(`${services}/subscribers`)).body, await source.call('GET', `${services}/subscribers`));
    const history = `${services}/subscribers/${userId(1)}/messages`;
    assert.deepEqual((await ask(history)).body, await source.call('GET', history));
    assert.deepEqual(
      (await ask(`/1.2/rtm/conversations/${conversationId(7)}/mutes`)).body,
      await source.call('GET', `/1.2/rtm/conversations/${conversationId(7)}/mutes`),
    );
  });

  it('[LC-422] nobody has anything unread of what came, and what is said next comes after it', async () => {
    const path = `/1.2/rtm/conversations/${conversationId(0)}/messages`;
    assert.deepEqual((await ask(`/1.2/rtm/clients/${userId(1)}/unread-count`)).body, { count: 0 });
    const before = (await ask(`${path}?limit=1`)).body as unknown as JsonObject[];
    const said = (await ask(path, {}, { from_client: userId(1), message: 'first word here' })).body as JsonObject;
    assert.ok(Number(said.timestamp) > Number(before[0]?.timestamp));
    assert.equal((await verify()).code, 0);
  });
});
