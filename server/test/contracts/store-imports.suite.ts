// Rows of another messenger put in their places, of the store's contract.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  RestoredConversation,
  RestoredMessage,
  RestoredUser,
  RestoreRule,
  Slice,
} from '../../src/core/imports/import.ts';
import { type Bench, text } from './store.suite.ts';

const at = 1_700_000_000_000;
const rule: RestoreRule = { overwrite: false, createMissing: false };
const slice = (more: Partial<Slice> = {}): Slice => ({ source: 'test', states: [], losses: [], ...more });
const taken = (made: number, changed = 0, same = 0, lost = 0) => ({ made, changed, same, lost });

const conversation = (id: string, more: Partial<RestoredConversation> = {}): RestoredConversation => ({
  id,
  kind: 'group',
  unique: false,
  name: null,
  attributes: {},
  columns: {},
  creator: null,
  members: ['a', 'b', 'c'],
  quiet: [],
  createdAt: at,
  updatedAt: at + 1,
  lastTs: 0,
  ...more,
});

const message = (foreignId: string, more: Partial<RestoredMessage> = {}): RestoredMessage => ({
  to: 'one',
  foreignId,
  ts: at,
  sender: 'a',
  content: { type: 'text', text: foreignId },
  ...more,
});

const user = (id: string, more: Partial<RestoredUser> = {}): RestoredUser => ({
  id,
  phoneVerified: false,
  emailVerified: false,
  attributes: {},
  links: [],
  createdAt: at,
  updatedAt: at,
  ...more,
});

export function importCases(bench: Bench): void {
  test('[CORE-454] messages of one millisecond keep their order, up to 64 of them; known ones are not there twice', async () => {
    const { store } = bench;
    const app = await bench.appWith('a', 'b', 'c');
    await store.imports.restoreConversations(app, [conversation('one')], slice());
    const ties = Array.from({ length: 66 }, (_, n) => message(`m${n}`));
    const first = ties.slice(0, 40);
    assert.deepEqual(await store.imports.restoreMessages(app, first, rule, slice()), taken(40));
    assert.deepEqual(await store.imports.restoreMessages(app, ties, rule, slice()), taken(24, 0, 40, 2));
    assert.deepEqual(await store.imports.restoreMessages(app, first, rule, slice()), taken(0, 0, 40));
    const { no } = (await store.conversations.open(app, 'one')) ?? { no: 0 };
    const page = await store.messages.page(app, no, {}, 100);
    assert.deepEqual(
      page.map(({ foreignId, sub }) => [foreignId, sub]),
      ties.slice(0, 64).map(({ foreignId }, n) => [foreignId, n]),
    );
    assert.equal(await store.messages.foreignNo(app, at, 'm7'), page[7]?.no);
    const losses = await store.imports.losses(app, 'test', { limit: 10 });
    assert.deepEqual(
      losses.map(({ id }) => id),
      ['one/m64', 'one/m65'],
    );
  });

  test('[CORE-455] what is said next comes after what came, and nobody has that unread', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b', 'c');
    await store.imports.restoreConversations(app, [conversation('one')], slice());
    const ahead = clock.ms + 3_600_000;
    await store.imports.restoreMessages(app, [message('m', { ts: ahead }), message('n', { ts: at })], rule, slice());
    const { no, lastTs } = (await store.conversations.open(app, 'one')) ?? { no: 0, lastTs: 0 };
    assert.equal(lastTs, ahead);
    assert.equal((await store.marks.unread(app, 'b', [no]))[0]?.count, 0);
    const said = await store.messages.append(text(app, no, 'a', 'next'));
    assert.deepEqual([said.ts, said.prev], [ahead + 1, ahead]);
    assert.equal((await store.marks.unread(app, 'b', [no]))[0]?.count, 1);
    // What came later from before stays in its place.
    await store.imports.restoreMessages(app, [message('o', { ts: ahead - 5 })], rule, slice());
    assert.equal((await store.marks.unread(app, 'b', [no]))[0]?.count, 1);
    const tomorrow = message('p', { ts: clock.ms + 2 * 86_400_000 });
    assert.deepEqual(await store.imports.restoreMessages(app, [tomorrow], rule, slice()), taken(0, 0, 0, 1));
  });

  test('[CORE-456] a message that says something else is noted, or with overwrite takes it; nobody’s removal is undone', async () => {
    const { store } = bench;
    const app = await bench.appWith('a', 'b', 'c');
    await store.imports.restoreConversations(app, [conversation('one')], slice());
    await store.imports.restoreMessages(app, [message('m'), message('n', { ts: at + 1 })], rule, slice());
    const { no } = (await store.conversations.open(app, 'one')) ?? { no: 0 };
    const other = message('m', { content: { type: 'recalled' } });
    assert.deepEqual(await store.imports.restoreMessages(app, [other], rule, slice()), taken(0, 0, 0, 1));
    const over = { ...rule, overwrite: true };
    assert.deepEqual(await store.imports.restoreMessages(app, [other], over, slice()), taken(0, 1));
    const [changed] = await store.messages.changes(app, no, { after: 0 }, 10);
    assert.equal(changed?.content.type, 'recalled');
    await store.messages.remove(app, no, at + 1);
    const again = message('n', { ts: at + 1, content: { type: 'text', text: 'back' } });
    assert.deepEqual(await store.imports.restoreMessages(app, [again], over, slice()), taken(0, 0, 1));
    assert.equal((await store.messages.page(app, no, {}, 10)).length, 0);
  });

  test('[CORE-457] how far it came and what was lost are written with the rows, and go with the app', async () => {
    const { store } = bench;
    const app = await bench.appWith('a');
    const states = [
      { what: 'messages/2', state: { at: 1 } },
      { what: 'messages/10', state: { at: 2 } },
    ];
    const orphan = message('m', { to: 'nowhere' });
    assert.deepEqual(await store.imports.restoreMessages(app, [orphan], rule, slice({ states })), taken(0, 0, 0, 1));
    assert.deepEqual(await store.imports.states(app, 'test', 'messages/'), [states[1], states[0]]);
    assert.deepEqual(await store.imports.countLosses(app, 'test'), [
      { what: 'message', reason: 'its conversation is not there', count: 1 },
    ]);
    await store.imports.note(app, slice({ states: [{ what: 'messages/2', state: null }] }));
    assert.equal(await store.imports.state(app, 'test', 'messages/2'), undefined);
    assert.deepEqual(await store.imports.sources(app), ['test']);
    await store.imports.restoreConversations(app, [conversation('nowhere')], slice());
    assert.deepEqual(await store.imports.restoreMessages(app, [orphan], rule, slice()), taken(1));
    assert.deepEqual(await store.imports.countLosses(app, 'test'), []);
  });

  test('[CORE-458] a conversation that is there is changed by a newer row only; of two of the same members the one last talked in is found', async () => {
    const { store } = bench;
    const app = await bench.appWith('a', 'b', 'c', 'd');
    const pair = { members: ['a', 'b'], unique: true };
    const rows = [
      conversation('old', { ...pair, lastTs: at + 9 }),
      conversation('new', { ...pair, lastTs: at + 50 }),
      conversation('older', { ...pair, lastTs: at + 5 }),
    ];
    assert.deepEqual(await store.imports.restoreConversations(app, rows, slice()), taken(3));
    assert.equal((await store.conversations.ofPair(app, 'a', 'b'))?.id, 'new');
    assert.equal((await store.conversations.open(app, 'old'))?.kind, 'direct');
    await store.imports.restoreConversations(app, [conversation('one', { quiet: ['a'] })], slice());
    const change = conversation('one', { name: 'x', members: ['a', 'd'], quiet: ['d'], updatedAt: at + 2 });
    assert.deepEqual(await store.imports.restoreConversations(app, [change], slice()), taken(0, 1));
    assert.deepEqual(await store.imports.restoreConversations(app, [conversation('one')], slice()), taken(0, 0, 1));
    const found = await store.conversations.open(app, 'one');
    assert.deepEqual([found?.name, found?.memberCount, found?.createdAt, found?.updatedAt], ['x', 2, at, at + 2]);
    assert.deepEqual(await store.conversations.roster(app, found?.no ?? 0), ['a', 'd']);
    await store.conversations.erase(app, found?.no ?? 0, at + 3);
    assert.deepEqual(await store.imports.restoreConversations(app, [change], slice()), taken(0, 0, 0, 1));
  });

  test('[CORE-459] roles, silences, block lists, subscribers and threads of a service', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('a', 'b', 'c');
    await store.imports.restoreConversations(
      app,
      [conversation('one'), conversation('sys', { kind: 'service', members: [] })],
      slice(),
    );
    const rows = [
      {
        id: 'one',
        roles: [
          { who: 'b', role: 'manager' as const },
          { who: 'z', role: 'manager' as const },
        ],
        silenced: ['q'],
        blocked: ['r'],
      },
      {
        id: 'sys',
        blocked: [],
        subscribers: [
          { who: 'a', at },
          { who: 'n', at: at + 1 },
        ],
      },
    ];
    assert.deepEqual(await store.imports.restoreStandings(app, rows, slice()), taken(4, 0, 0, 1));
    assert.deepEqual(await store.imports.restoreStandings(app, rows, slice()), taken(0, 0, 2, 1));
    const [one, sys] = [await store.conversations.open(app, 'one'), await store.conversations.open(app, 'sys')];
    const { members } = await store.conversations.members(app, one?.no ?? 0, { limit: 9, roles: ['manager'] });
    assert.deepEqual(
      members.map(({ who }) => who),
      ['b'],
    );
    const { silences } = await store.conversations.silences(app, one?.no ?? 0, { skip: 0, limit: 9 }, clock.ms);
    assert.deepEqual(
      silences.map(({ who, until }) => [who, until]),
      [['q', null]],
    );
    assert.equal(sys?.memberCount, 2);
    const thread = message('t', { to: 'sys', client: 'a' });
    assert.deepEqual(
      await store.imports.restoreMessages(app, [thread, message('u', { client: 'a' })], rule, slice()),
      taken(1, 0, 0, 1),
    );
    const { no } = await store.conversations.claimThread(app, sys?.no ?? 0, 'a', at);
    assert.equal((await store.messages.page(app, no, {}, 9))[0]?.foreignId, 't');
  });

  test('[CORE-460] accounts come with their times; a taken name stays its owner’s, and a missing password is filled in', async () => {
    const { store } = bench;
    const app = await bench.appWith();
    const [ann, bob] = ['a'.repeat(24), 'b'.repeat(24)];
    const rows = [
      user(ann, {
        username: 'ann',
        phone: '13800000001',
        attributes: { k: 1 },
        links: [{ provider: 'p', subject: 's' }],
      }),
      user(bob, { username: 'ann', links: [{ provider: 'p', subject: 's' }], password: 'stored' }),
    ];
    assert.deepEqual(await store.imports.restoreUsers(app, rows, slice()), taken(2, 0, 0, 2));
    const account = await store.accounts.byUsername(app, 'ann');
    assert.deepEqual([account?.userId, account?.createdAt, account?.hasPassword], [ann, at, false]);
    assert.deepEqual(
      await store.imports.restoreUsers(app, [user(ann, { username: 'ann', password: 'later' })], slice()),
      taken(0, 1),
    );
    assert.equal(await store.accounts.passwordOf(app, ann), 'later');
    const newer = user(ann, { username: 'anna', updatedAt: at + 1 });
    assert.deepEqual(await store.imports.restoreUsers(app, [newer, user(bob)], slice()), taken(0, 1, 1));
    assert.deepEqual(
      [(await store.accounts.byUser(app, ann))?.username, await store.accounts.passwordOf(app, ann)],
      ['anna', 'later'],
    );
    const install = { id: 'i', who: ann, platform: 'ios', token: 't', language: null, at };
    assert.deepEqual(await store.imports.restoreInstalls(app, [install], slice()), taken(1));
    assert.deepEqual(await store.imports.restoreInstalls(app, [install], slice()), taken(0, 0, 1));
    assert.deepEqual(
      (await store.installs.of(app, [ann])).map(({ install: id, token }) => [id, token]),
      [['i', 't']],
    );
  });
}
