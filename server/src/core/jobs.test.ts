import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { eventually } from '../../test/kit/eventually.ts';
import { type Files, openFiles } from '../../test/kit/files.ts';
import { type JobPorts, runJobs, startJobs } from './jobs.ts';
import { dayMs, eraseDeleted, expireMessages } from './messages/expire.ts';

let files: Files;
beforeEach(async () => {
  files = await openFiles();
});
afterEach(() => files.close());

const limits = { membersMax: 100, membershipsMax: 100 };

async function newGroup(): Promise<number> {
  const { store } = files.core;
  const app = (await files.app()).no;
  await store.users.ensure(app, ['alice'], files.now);
  const group = {
    id: String(files.now),
    kind: 'group',
    name: null,
    attributes: {},
    creator: 'alice',
    owner: 'alice',
  } as const;
  return (await store.conversations.create(app, { ...group, members: ['alice'], keeps: true }, limits, files.now)).no;
}

async function say(conversation: number, count: number): Promise<void> {
  const app = (await files.app()).no;
  const draft = { app, conversation, sender: 'alice', as: 'user', flags: 0 } as const;
  await Promise.all(
    Array.from({ length: count }, (_, n) =>
      files.core.store.messages.append({ ...draft, content: { type: 'text', text: `${n}` } }),
    ),
  );
}

const history = async (conversation: number) =>
  files.core.store.messages.page((await files.app()).no, conversation, {}, 100);

describe('retention', () => {
  it('[CORE-63] messages are kept for ever unless the app says otherwise', async () => {
    const group = await newGroup();
    await say(group, 3);
    files.now += 10_000 * dayMs;
    assert.equal(await expireMessages(files.core, await files.app()), 0);
    assert.equal((await history(group)).length, 3);
  });

  it('[CORE-63] messages older than the app’s days go, slice by slice, the younger stay', async () => {
    await files.set({ keepDays: 30 });
    const group = await newGroup();
    await say(group, 2_500);
    files.now += 29 * dayMs;
    assert.equal(await expireMessages(files.core, await files.app()), 0);
    await say(group, 3);
    files.now += 2 * dayMs;
    let pauses = 0;
    const removed = await expireMessages(files.core, await files.app(), async () => {
      pauses += 1;
    });
    assert.equal(removed, 2_500);
    assert.ok(pauses >= 2);
    assert.equal((await history(group)).length, 3);
  });

  it('[CORE-64] what a deleted group has left is taken away, slice by slice', async () => {
    const group = await newGroup();
    await say(group, 2_500);
    await files.core.store.conversations.erase((await files.app()).no, group, files.now);
    let pauses = 0;
    await eraseDeleted(files.core, async () => {
      pauses += 1;
    });
    assert.ok(pauses >= 2);
    assert.equal((await history(group)).length, 0);
    assert.deepEqual(await files.core.store.conversations.eraseSlice(1), { done: true });
  });
});

describe('the runner of the jobs', () => {
  it('[CORE-65] works in rounds, and nothing runs once it has stopped', async () => {
    await files.set({ keepDays: 1 });
    const group = await newGroup();
    await say(group, 5);
    const jobs = startJobs(files.core, { firstAfterMs: 1, everyMs: 5, breathMs: 1 });
    files.now += 2 * dayMs;
    await eventually('the messages are gone', async () => (await history(group)).length === 0);
    await say(group, 5);
    files.now += 2 * dayMs;
    await eventually('a later round takes the next ones', async () => (await history(group)).length === 0);
    await jobs.stop();
    await say(group, 5);
    files.now += 2 * dayMs;
    await jobs.stop();
    assert.equal((await history(group)).length, 5);
  });

  it('[CORE-380] a round that is another node’s duty is left to it, until it is ours', async () => {
    await files.set({ keepDays: 1 });
    const group = await newGroup();
    await say(group, 5);
    files.now += 2 * dayMs;
    let ours = false;
    let asked = 0;
    const duties = {
      mine: async () => {
        asked += 1;
        return ours;
      },
    };
    const jobs = startJobs(files.core, { firstAfterMs: 1, everyMs: 1, breathMs: 1 }, duties);
    await eventually('some rounds have passed', () => asked > 3);
    assert.equal((await history(group)).length, 5);
    ours = true;
    await eventually('the messages are gone', async () => (await history(group)).length === 0);
    await jobs.stop();
  });

  it('[CORE-65] stops at once while it waits for its first round', async () => {
    const began = performance.now();
    await startJobs(files.core).stop();
    assert.ok(performance.now() - began < 1_000);
  });

  it('[CORE-65] a job that fails is logged, and the others run all the same', async () => {
    await files.set({ keepDays: 1 });
    const group = await newGroup();
    await say(group, 5);
    files.now += 2 * dayMs;
    const said: string[] = [];
    const broken = { ...files.core.store.conversations, eraseSlice: () => Promise.reject(new Error('broken')) };
    const core: JobPorts = {
      ...files.core,
      store: { ...files.core.store, conversations: broken },
      log: { ...files.core.log, error: (_fields, sentence) => said.push(sentence) },
    };
    await runJobs(core);
    assert.deepEqual(said, ['job failed']);
    assert.equal((await history(group)).length, 0);
  });
});
