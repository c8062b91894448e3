// What is changed in the core, by whatever door, is in force for live sessions at once.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { liftBlocks, putBlocks } from '../../src/core/blocks/block-people.ts';
import { attendRoom, countOnline } from '../../src/core/conversations/attendance.ts';
import type { Conversation } from '../../src/core/conversations/conversation.ts';
import { type ConversationWish, createConversation } from '../../src/core/conversations/create.ts';
import { expireConversations } from '../../src/core/conversations/expire.ts';
import { changeMembers } from '../../src/core/conversations/members.ts';
import { changeShields } from '../../src/core/conversations/shields.ts';
import { silenceMembers, unsilenceMembers } from '../../src/core/conversations/silence.ts';
import { sendMessage } from '../../src/core/messages/send.ts';
import { type SpeakPolicy, sessionPolicy } from '../../src/core/messages/speak.ts';
import { broadcast } from '../../src/core/services/broadcast.ts';
import { sendUpstream } from '../../src/core/services/upstream.ts';
import { eraseUser } from '../../src/core/users/erase.ts';
import { markUser } from '../../src/core/users/mark.ts';
import { registerUsers } from '../../src/core/users/register.ts';
import { openStory, type Story, text } from '../kit/story.ts';

let story: Story;
before(async () => {
  story = await openStory();
});
after(() => story.close());

const words = (said: string) => ({ content: { type: 'text', text: said } }) as const;
const server: SpeakPolicy = { ...sessionPolicy, sender: 'ensure', groupStanding: 'none', roomStanding: 'none' };
const open = async (id: string) =>
  (await story.world.core.store.conversations.open(story.world.app.no, id)) as Conversation;

describe('facts of the core, heard on MaxLeap sockets', () => {
  test('[CORE-231] a silence stops a member at once, and speaking again is heard', async () => {
    const { core, app } = story.world;
    const [ann, bob] = [await story.join('s-ann'), await story.join('s-bob')];
    const id = await story.group('s-bob', 's-ann');
    const group = await open(id);
    assert.equal((await ann.sayAndWait(text(1, id, 'one'))).success, true);
    const wish = { until: null, sticky: false, membersOnly: true };
    await silenceMembers(core, app, group, ['s-ann'], wish);
    assert.equal((await ann.sayAndWait(text(1, id, 'two'))).error, 5003);
    assert.equal((await bob.sayAndWait(text(1, id, 'owner'))).success, true);
    assert.deepEqual(await unsilenceMembers(core, app, group, ['s-ann', 's-bob']), ['s-ann']);
    assert.equal((await ann.sayAndWait(text(1, id, 'three'))).success, true);
    await bob.next('message', ({ content }) => content.body === 'three');
    const until = story.world.clock.now() + 1_000;
    await silenceMembers(core, app, group, ['s-ann'], { ...wish, until });
    assert.equal((await ann.sayAndWait(text(1, id, 'four'))).error, 5003);
    story.world.clock.advance(1_001);
    assert.equal((await ann.sayAndWait(text(1, id, 'five'))).success, true);
  });

  test('[CORE-231] a block stops a friend; who is disabled loses his session and gets no other', async () => {
    const { core, app } = story.world;
    const [ann, bob] = [await story.join('b-ann'), await story.join('b-bob')];
    await story.befriend('b-ann', 'b-bob');
    assert.equal((await ann.sayAndWait(text(0, 'b-bob', 'hi'))).success, true);
    await putBlocks(core, app, 'b-bob', ['b-ann'], { max: 9, strict: true });
    assert.equal((await ann.sayAndWait(text(0, 'b-bob', 'blocked'))).error, 5003);
    assert.equal((await bob.sayAndWait(text(0, 'b-ann', 'the other way'))).success, true);
    await liftBlocks(core, app, 'b-bob', ['b-ann'], { strict: true });
    assert.equal((await ann.sayAndWait(text(0, 'b-bob', 'again'))).success, true);
    await markUser(core, app, 'b-ann', { disabled: true });
    await story.gone('b-ann');
    const speaker = { who: 'b-ann', as: 'user' } as const;
    const target = { kind: 'direct', to: 'b-bob' } as const;
    await assert.rejects(sendMessage(core, app, speaker, target, words('x'), sessionPolicy), { code: 'disabled' });
    await markUser(core, app, 'b-ann', { disabled: false });
    assert.equal((await (await story.join('b-ann')).sayAndWait(text(0, 'b-bob', 'back'))).success, true);
  });

  test('[CORE-231] who shields himself from a group does not hear it, and finds it in its history', async () => {
    const { core, app } = story.world;
    const [ann, bob] = [await story.join('h-ann'), await story.join('h-bob')];
    const id = await story.group('h-ann', 'h-bob');
    const group = await open(id);
    await changeShields(core, app, 'h-bob', { add: [group], remove: [], strict: true });
    await ann.sayAndWait(text(1, id, 'unheard'));
    await changeShields(core, app, 'h-bob', { add: [], remove: [group], strict: true });
    await ann.sayAndWait(text(1, id, 'heard'));
    await bob.next('message', ({ content }) => content.body === 'heard');
    assert.equal(bob.heard('message').length, 1);
    assert.deepEqual(await story.history(`/groups/${id}/chats`), ['h-ann: unheard', 'h-ann: heard']);
  });

  test('[CORE-200] [CORE-202] a conversation by its id and the talk of its two people are one, until a third comes', async () => {
    const { core, app } = story.world;
    const [ann, bob, cat] = [await story.join('p-ann'), await story.join('p-bob'), await story.join('p-cat')];
    const wish: ConversationWish = {
      kind: 'group',
      form: 'hex24',
      owner: null,
      creator: 'p-ann',
      members: ['p-ann', 'p-bob'],
      name: null,
      attributes: {},
      keeps: true,
      unique: true,
    };
    const { conversation, created } = await createConversation(core, app, wish, 'create');
    assert.deepEqual([conversation.kind, created, conversation.id.length], ['direct', true, 24]);
    const say = (who: string, id: string, said: string) =>
      sendMessage(core, app, { who, as: 'user' }, { kind: 'conversation', id }, words(said), sessionPolicy);
    const message = await say('p-ann', conversation.id, 'by id');
    const heard = await bob.next('message', ({ content }) => content.body === 'by id');
    assert.deepEqual([heard.from, heard.ts], [{ id: 'p-ann', type: 4 }, message.ts], 'to MaxLeap they are strangers');
    assert.equal((await open(conversation.id)).pairTalk, false);

    const outcome = await changeMembers(core, app, conversation, { add: ['p-cat'] }, 'create');
    assert.equal(outcome.becameGroup, true);
    await say('p-cat', conversation.id, 'three of us');
    for (const client of [ann, bob]) {
      const { from } = await client.next('message', ({ content }) => content.body === 'three of us');
      assert.deepEqual(from, { id: 'p-cat', type: 1, gid: conversation.id });
    }
    await ann.sayAndWait(text(1, conversation.id, 'as a group'));
    await cat.next('message', ({ content }) => content.body === 'as a group');

    await ann.sayAndWait(text(4, 'p-bob', 'between us'));
    const pair = (await core.store.conversations.ofPair(app.no, 'p-ann', 'p-bob')) as Conversation;
    assert.notEqual(pair.no, conversation.no);
    await assert.rejects(changeMembers(core, app, pair, { add: ['p-cat'] }, 'create'), { code: 'wrong-kind' });
    const again = await createConversation(core, app, wish, 'create');
    assert.deepEqual([again.created, again.conversation.no], [false, pair.no]);
  });

  test('[CORE-231] what an admin says to one person is shown as the application’s word, and to a group as a message', async () => {
    const { core, app } = story.world;
    await registerUsers(core, app, [{ id: 'boss', admin: true }, { id: 'nobody.special' }]);
    const ann = await story.join('a-ann');
    const id = await story.group('a-ann');
    const policy: SpeakPolicy = { ...server, sender: 'admin', target: 'exists' };
    const boss = { who: 'boss', as: 'admin' } as const;
    await sendMessage(core, app, boss, { kind: 'direct', to: 'a-ann' }, words('official'), policy);
    await ann.next('sys', ({ content }) => content.body === 'official');
    await sendMessage(core, app, boss, { kind: 'group', id }, words('to all'), policy);
    await ann.next('message', ({ content }) => content.body === 'to all');
    assert.deepEqual(await story.history('/ctx/a-ann/strangers/boss/chats'), []);
    const plain = { who: 'nobody.special', as: 'admin' } as const;
    const target = { kind: 'direct', to: 'a-ann' } as const;
    await assert.rejects(sendMessage(core, app, plain, target, words('x'), policy), { code: 'forbidden' });
  });

  test('[CORE-224] services speak to subscribers, to one client, or to all; clients speak upstream', async () => {
    const { core, app } = story.world;
    const [ann, bob] = [await story.join('v-ann'), await story.join('v-bob')];
    const wish: ConversationWish = {
      kind: 'service',
      form: 'hex24',
      owner: null,
      members: [],
      name: 'News',
      attributes: {},
      keeps: true,
    };
    const { conversation: news } = await createConversation(core, app, wish, 'create');
    await changeMembers(core, app, news, { add: ['v-ann'] }, 'create');
    const sys = { who: 'news', as: 'user' } as const;
    await sendMessage(core, app, sys, { kind: 'conversation', id: news.id }, words('to subscribers'), server);
    await ann.next('sys', ({ content }) => content.body === 'to subscribers');
    const thread = { kind: 'thread', id: news.id, to: 'v-bob' } as const;
    const said = await sendMessage(core, app, sys, thread, words('to bob'), server);
    await bob.next('sys', ({ content }) => content.body === 'to bob');
    const [owner] = await core.store.services.ofThreads(app.no, [said.conversation]);
    assert.deepEqual([owner?.id, owner?.who], [news.id, 'v-bob']);
    await broadcast(core, app, news, { sender: 'news', ...words('to all') });
    for (const client of [ann, bob]) await client.next('sys', ({ content }) => content.body === 'to all');
    assert.equal(
      bob.heard('sys').some(({ content }) => content.body === 'to subscribers'),
      false,
    );
    const mine = { who: 'v-ann', as: 'user' } as const;
    const target = { kind: 'conversation', id: news.id } as const;
    await assert.rejects(sendMessage(core, app, mine, target, words('x'), sessionPolicy), { code: 'wrong-kind' });
    const { no } = await sendUpstream(core, app, news, 'v-ann', words('dear news'));
    assert.deepEqual(
      (await core.store.services.upstream(app.no, { limit: 1 })).map((up) => up.no),
      [no],
    );
  });

  test('[CORE-211] [CORE-225] who is erased loses his sessions; who was away finds what happened', async () => {
    const { core, app } = story.world;
    const bob = await story.join('e-bob');
    await story.join('e-ann');
    const id = await story.group('e-ann', 'e-bob', 'e-cat');
    const before = story.world.clock.now() - 1;
    await eraseUser(core, app, 'e-ann');
    assert.equal((await story.world.rest('GET', '/ctx/e-ann')).status, 404);
    assert.equal((await open(id)).owner, 'e-bob');
    assert.equal((await bob.sayAndWait(text(1, id, 'mine now'))).success, true);
    const { notices } = await core.store.notices.since(app.no, 'e-cat', before, 9);
    assert.deepEqual(
      notices.map(({ event }) => event.type),
      ['conversation-created', 'members-removed', 'role-changed'].slice(-notices.length),
    );
    assert.ok(notices.length >= 2);
  });

  test('[CORE-229] members who are online and sessions that attend are counted once each; a session is in one room', async () => {
    const { core, app } = story.world;
    await story.join('r-ann');
    const first = await open(await story.room('r-ann', 'r-bob'));
    const second = await open(await story.room());
    await core.presence.enter(app.no, 'r-cat', 'session-1', false);
    await core.presence.enter(app.no, 'r-ann', 'session-2', false);
    assert.equal(await countOnline(core, app, first), 1);
    assert.deepEqual(await attendRoom(core, app, first, 'session-1', 'r-cat'), { left: [] });
    await attendRoom(core, app, first, 'session-2', 'r-ann');
    assert.equal(await countOnline(core, app, first), 2);
    assert.deepEqual(await attendRoom(core, app, second, 'session-1', 'r-cat'), { left: [first.no] });
    assert.deepEqual([await countOnline(core, app, first), await countOnline(core, app, second)], [1, 1]);
    const group = await open(await story.group('r-ann'));
    await assert.rejects(attendRoom(core, app, group, 'session-1', 'r-cat'), { code: 'wrong-kind' });
  });

  test('[CORE-219] a temporary conversation refuses who speaks too late, and is taken away', async () => {
    const { core, app, clock } = story.world;
    const expiresAt = clock.now() + 5_000;
    const wish: ConversationWish = {
      kind: 'temporary',
      form: 'temporary',
      owner: null,
      members: ['t-ann', 't-bob'],
      name: null,
      attributes: {},
      keeps: true,
      expiresAt,
    };
    const { conversation } = await createConversation(core, app, wish, 'create');
    assert.match(conversation.id, /^_tmp:/);
    const bob = await story.join('t-bob');
    const ann = { who: 't-ann', as: 'user' } as const;
    const target = { kind: 'conversation', id: conversation.id } as const;
    await sendMessage(core, app, ann, target, words('soon over'), sessionPolicy);
    await bob.next('message', ({ content }) => content.body === 'soon over');
    clock.advance(5_000);
    await assert.rejects(sendMessage(core, app, ann, target, words('late'), sessionPolicy), {
      code: 'conversation-expired',
    });
    assert.equal(await expireConversations(core), 1);
    assert.equal(await core.store.conversations.open(app.no, conversation.id), undefined);
  });
});
