import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openLossyBus } from '../../test/kit/lossy-bus.ts';
import { quietLog } from '../../test/kit/quiet-log.ts';
import { openLocalBus } from '../bus/local.ts';
import { openSqlite } from '../store/sqlite/open.ts';
import { openAppRegistry } from './apps/registry.ts';
import { forgetTogether } from './forgetting.ts';
import { openFacts } from './messages/facts.ts';
import { systemClock } from './ports/clock.ts';
import { openWords } from './words/cache.ts';

const clock = systemClock;
const store = await openSqlite({ path: ':memory:', clock, log: quietLog });
after(() => store.close());
const { no: app } = await store.apps.put({ id: 'one', clientKey: 'c', masterKey: 'm', idKey: '0'.repeat(32) });
await store.users.ensure(app, ['ann', 'bob'], clock.now());
const open = () => ({
  facts: openFacts(store, clock),
  words: openWords(store, clock, async () => (character: string) => character),
  apps: openAppRegistry(store, clock),
});

test('[CORE-346] what is forgotten here is told to others, what they tell is forgotten here, and a gap forgets all', async () => {
  const bus = openLossyBus();
  const { facts, words, apps } = forgetTogether(bus, open);
  const isAdmin = async () => (await facts.person(app, 'ann'))?.admin;
  const friends = async () => (await facts.pair(app, 'ann', 'bob')).friends;
  const mark = (admin: boolean) => store.users.mark(app, 'ann', { admin });

  assert.deepEqual([await isAdmin(), await friends()], [false, false]);
  await mark(true);
  assert.equal(await isAdmin(), false, 'remembered');
  bus.note(['person', app, 'ann']);
  assert.equal(await isAdmin(), true);
  await mark(false);
  bus.note(['pair', app, 'bob', 'ann']);
  bus.note(['of a later version', app, 'ann']);
  assert.equal(await isAdmin(), true, 'another note forgets nothing of this');
  bus.gap();
  assert.equal(await isAdmin(), false);

  facts.forgetPerson(app, 'ann');
  facts.forgetPair(app, 'ann', 'bob');
  facts.forgetConversation(app, 'c');
  words.forget(app);
  apps.forget('one');
  assert.deepEqual(bus.told, [
    ['person', app, 'ann'],
    ['pair', app, 'ann', 'bob'],
    ['conversation', app, 'c'],
    ['words', app],
    ['app', 'one'],
  ]);
});

test('a single node uses what it remembers as it is', () => {
  const mine = open();
  assert.equal(
    forgetTogether(openLocalBus(), () => mine),
    mine,
  );
});
