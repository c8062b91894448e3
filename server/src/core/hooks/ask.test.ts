import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from '../../../test/kit/eventually.ts';
import { openWorld, type World } from '../../../test/kit/world.ts';
import { createConversation } from '../conversations/create.ts';
import { changeMembers } from '../conversations/members.ts';
import type { CoreEvent } from '../events.ts';
import { editMessage } from '../messages/edit.ts';
import { recallMessage } from '../messages/recall.ts';
import { sendMessage } from '../messages/send.ts';
import { sessionPolicy } from '../messages/speak.ts';
import type { After, Before, Hooks, Say } from '../ports/hooks.ts';

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

/** The core with hooks that answer by the words of a message, and remember what they were told. */
function hooked(answer: (what: Before) => Say) {
  const told: After[] = [];
  const asked: Before[] = [];
  const events: CoreEvent[] = [];
  const hooks: Hooks = {
    wants: () => true,
    async before(_app, what) {
      asked.push(what);
      return answer(what);
    },
    after: (_app, what) => told.push(what),
  };
  const bus = { ...world.core.bus, publish: (event: CoreEvent) => void events.push(event) };
  return { core: { ...world.core, hooks, bus }, told, asked, events };
}

const text = (words: string) => ({ content: { type: 'text', text: words } }) as const;
const wish = {
  kind: 'group',
  owner: 'ann',
  members: ['ann', 'bob', 'cat'],
  name: null,
  attributes: {},
  keeps: true,
} as const;

test('[CORE-230] a hook changes, redirects, drops or refuses a message, and is told who heard it', async () => {
  const says: Record<string, Say> = {
    change: { draft: text('changed') },
    redirect: { receivers: ['bob'] },
    drop: { drop: true },
    refuse: { reject: { code: 7, detail: 'not here' } },
  };
  const { core, told, asked, events } = hooked((what) =>
    what.hook === 'message' && what.draft.content.type === 'text' ? (says[what.draft.content.text] ?? {}) : {},
  );
  const { conversation } = await createConversation(core, world.app, wish, 'create');
  const say = (words: string) =>
    sendMessage(
      core,
      world.app,
      { who: 'ann', as: 'user' },
      { kind: 'group', id: conversation.id },
      text(words),
      sessionPolicy,
    );
  assert.deepEqual((await say('change')).content, text('changed').content);
  await say('redirect');
  await say('drop');
  await assert.rejects(say('refuse'), {
    code: 'rejected-by-app',
    message: 'not here',
    details: { purpose: 'send', appCode: 7 },
  });
  const page = await core.store.messages.page(world.app.no, conversation.no, {}, 9);
  assert.deepEqual(
    page.map(({ content }) => content.type === 'text' && content.text),
    ['changed', 'redirect'],
  );
  const messages = events.filter((event) => event.type === 'message');
  assert.deepEqual(
    messages.map(({ only }) => only),
    [undefined, ['bob']],
  );
  const first = asked.find((what) => what.hook === 'message');
  assert.deepEqual(first?.hook === 'message' && first.receivers, ['bob', 'cat']);
  await eventually('both are told of', () => told.filter(({ hook }) => hook === 'message-sent').length === 2);
  const sent = told.find((what) => what.hook === 'message-sent');
  assert.deepEqual(sent?.hook === 'message-sent' && [sent.online, sent.absent], [[], ['bob', 'cat']]);
});

test('[CORE-230] a hook leaves people out or refuses a change of members', async () => {
  const { core, told } = hooked((what) =>
    what.hook === 'add'
      ? { members: what.members.filter((who) => who !== 'eve') }
      : what.hook === 'remove'
        ? { reject: {} }
        : {},
  );
  const { conversation } = await createConversation(core, world.app, wish, 'create');
  const { added } = await changeMembers(core, world.app, conversation, { add: ['dan', 'eve'] }, 'create');
  assert.deepEqual(added, ['dan']);
  await assert.rejects(changeMembers(core, world.app, conversation, { remove: ['dan'] }, 'create'), {
    code: 'rejected-by-app',
  });
  assert.deepEqual(
    told.map(({ hook }) => hook),
    ['created', 'added'],
  );
});

test('[CORE-402] a hook is asked before an edit and a recall: it refuses, changes, or shows them to some alone', async () => {
  const says: Record<string, Say> = {
    soft: { draft: text('softly') },
    some: { receivers: ['bob'] },
    no: { reject: {} },
  };
  let recalls: Say = {};
  const { core, asked, events } = hooked((what) => {
    if (what.hook !== 'edit') return {};
    return what.content.type === 'text' ? (says[what.content.text] ?? {}) : recalls;
  });
  const { conversation } = await createConversation(core, world.app, wish, 'create');
  const ann = { who: 'ann', as: 'user', address: '192.0.2.1' } as const;
  const target = { kind: 'group', id: conversation.id } as const;
  const { ts } = await sendMessage(core, world.app, ann, target, text('one'), sessionPolicy);
  const edit = (words: string, by = ann as { who: string; as: 'user' }) =>
    editMessage(core, world.app, by, { target, ts }, text(words), { words: 'off' });
  assert.deepEqual((await edit('soft')).message.content, text('softly').content);
  await edit('some');
  assert.deepEqual(
    events.flatMap((event) => (event.type === 'message-edited' ? [event.only] : [])),
    [undefined, ['bob']],
  );
  await assert.rejects(edit('no'), { code: 'rejected-by-app', details: { purpose: 'edit' } });
  const before = asked.length;
  await assert.rejects(edit('two', { who: 'bob', as: 'user' }), { code: 'not-the-sender' });
  assert.equal(asked.length, before, 'what would be refused anyway is not asked about');
  const last = asked.at(-1);
  assert.deepEqual(last?.hook === 'edit' && [last.address, last.receivers, last.message.ts], [
    '192.0.2.1',
    ['bob', 'cat'],
    ts,
  ]);
  recalls = { reject: { detail: 'it stays' } };
  const recall = () => recallMessage(core, world.app, ann, { target, ts }, { again: 'ok' });
  await assert.rejects(recall(), { code: 'rejected-by-app', message: 'it stays' });
  recalls = {};
  assert.equal((await recall()).message.content.type, 'recalled');
});
