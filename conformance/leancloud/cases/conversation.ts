// Conversation, and what rooms, services and temporary talks have beside it.
import assert from 'node:assert/strict';
import { eventually } from '../../../server/test/kit/eventually.ts';
import { once, told, type Untyped } from '../../kit/told.ts';
import type { Cases, Stage } from './case.ts';

const said = (messages: Untyped[]): string[] => messages.map((one) => one.text);
const sent = ({ talk, sdk }: Stage, text: string): Promise<Untyped> => talk.send(new sdk.TextMessage(text));
const ok = (who: string) => ({ successfulClientIds: [who], failures: [] });

/** Somebody whom only this case speaks of. */
let number = 0;
const somebody = (): string => {
  number += 1;
  return `Extra${number}`;
};

export const talkCases: Cases = {
  async add({ talk }) {
    const who = somebody();
    assert.deepEqual(await talk.add([who]), ok(who));
    assert.ok(talk.members.includes(who));
  },
  async remove({ talk }) {
    const who = somebody();
    await talk.add([who]);
    assert.deepEqual(await talk.remove([who]), ok(who));
    assert.ok(!talk.members.includes(who));
  },
  async join({ tom, jerry }) {
    const mine = await tom.createConversation({ members: [], name: 'open' });
    const his = await jerry.getConversation(mine.id);
    const joined = told(tom, 'membersjoined');
    await his.join();
    // That the maker is in it himself may be told after it was made.
    const [{ members }] = await eventually('somebody joined', () => joined.find(([one]) => one.members[0] !== 'Tom'));
    assert.deepEqual(members, ['Jerry']);
  },
  async quit({ tom, jerry }) {
    const mine = await tom.createConversation({ members: ['Jerry'], name: 'left' });
    const his = await jerry.getConversation(mine.id);
    const left = told(tom, 'membersleft');
    await his.quit();
    assert.deepEqual((await once('somebody left', left))[0].members, ['Jerry']);
  },
  async count({ talk }) {
    assert.equal(await talk.count(), talk.members.length);
  },
  async get({ talk }) {
    assert.equal(talk.get('name'), talk.name);
  },
  async set({ talk, hisTalk }) {
    const changed = told(hisTalk, 'infoupdated');
    talk.set('attr.mood', 'fine');
    await talk.save();
    const [{ attributes, updatedBy }] = await once('it changed', changed);
    assert.deepEqual([attributes, updatedBy, hisTalk.get('attr').mood], [{ 'attr.mood': 'fine' }, 'Tom', 'fine']);
  },
  async save(stage) {
    stage.talk.name = 'Renamed';
    await stage.talk.save();
    const fresh = await stage.jerry.getConversation(stage.talk.id, true);
    assert.equal(fresh.name, 'Renamed');
  },
  async fetch({ talk }) {
    assert.equal((await talk.fetch()).id, talk.id);
  },
  async mute({ talk }) {
    await talk.mute();
    assert.equal((await talk.fetch()).muted, true);
  },
  async unmute({ talk }) {
    await talk.mute();
    await talk.unmute();
    assert.equal((await talk.fetch()).muted, false);
  },
  async muteMembers({ talk, jerry, hisTalk, hisSdk: sdk }) {
    const muted = told(jerry, 'muted');
    await talk.muteMembers(['Jerry']);
    await once('Jerry is silenced', muted);
    await assert.rejects(hisTalk.send(new sdk.TextMessage('no')), /SILIENCED/);
    await talk.unmuteMembers(['Jerry']);
  },
  async unmuteMembers({ talk, jerry, hisTalk, hisSdk: sdk }) {
    const free = told(jerry, 'unmuted');
    await talk.muteMembers(['Jerry']);
    assert.deepEqual(await talk.unmuteMembers(['Jerry']), ok('Jerry'));
    await once('Jerry may speak', free);
    await hisTalk.send(new sdk.TextMessage('again'));
  },
  async queryMutedMembers({ talk }) {
    await talk.muteMembers(['Jerry']);
    assert.deepEqual((await talk.queryMutedMembers()).results, ['Jerry']);
    await talk.unmuteMembers(['Jerry']);
  },
  async blockMembers({ talk }) {
    const who = somebody();
    assert.deepEqual(await talk.blockMembers([who]), ok(who));
    const { failures } = await talk.add([who]);
    assert.deepEqual([failures[0].code, failures[0].clientIds], [4548, [who]]);
  },
  async unblockMembers({ talk }) {
    const who = somebody();
    await talk.blockMembers([who]);
    assert.deepEqual(await talk.unblockMembers([who]), ok(who));
    assert.deepEqual(await talk.add([who]), ok(who));
  },
  async queryBlockedMembers({ talk }) {
    const who = somebody();
    await talk.blockMembers([who]);
    assert.ok((await talk.queryBlockedMembers({ limit: 50 })).results.includes(who));
  },
  async send(stage) {
    const heard = told(stage.jerry, 'message');
    const message = await sent(stage, 'hello');
    const [his, where] = await once('Jerry hears it', heard);
    assert.deepEqual([his.text, his.from, his.id, where.id], ['hello', 'Tom', message.id, stage.talk.id]);
  },
  async update(stage) {
    const { talk, jerry, sdk } = stage;
    const changed = told(jerry, 'messageupdate');
    const message = await sent(stage, 'before');
    await talk.update(message, new sdk.TextMessage('after'));
    assert.equal((await once('Jerry sees the change', changed))[0].text, 'after');
  },
  async recall(stage) {
    const { talk, jerry, sdk } = stage;
    const recalled = told(jerry, 'messagerecall');
    const message = await sent(stage, 'oops');
    await talk.recall(message);
    assert.equal((await once('Jerry sees the recall', recalled))[0].id, message.id);
    assert.ok((await talk.queryMessages({ limit: 1 }))[0] instanceof sdk.RecalledMessage);
  },
  async queryMessages(stage) {
    const { talk, sdk } = stage;
    const first = await sent(stage, 'q1');
    await sent(stage, 'q2');
    await sent(stage, 'q3');
    assert.deepEqual(said(await talk.queryMessages({ limit: 2 })), ['q2', 'q3']);
    const direction = sdk.MessageQueryDirection.OLD_TO_NEW;
    const after = { startTime: first.timestamp, startMessageId: first.id, direction };
    assert.deepEqual(said(await talk.queryMessages(after)), ['q2', 'q3']);
    assert.deepEqual(said(await talk.queryMessages({ ...after, startClosed: true, limit: 1 })), ['q1']);
    assert.equal((await talk.queryMessages({ type: -1, limit: 5 })).length, 5);
  },
  async createMessagesIterator(stage) {
    for (const text of ['i1', 'i2', 'i3']) await sent(stage, text);
    const pages = stage.talk.createMessagesIterator({ limit: 2 });
    assert.deepEqual(said((await pages.next()).value), ['i2', 'i3']);
    assert.equal((await pages.next()).value.at(-1).text, 'i1');
  },
  async read(stage) {
    await sent(stage, 'unread');
    const { hisTalk } = stage;
    await eventually('it is counted', () => hisTalk.unreadMessagesCount > 0);
    await hisTalk.read();
    await eventually('nothing is unread', () => hisTalk.unreadMessagesCount === 0);
  },
  async fetchReceiptTimestamps({ tom, jerry, sdk }) {
    const mine = await tom.createConversation({ members: ['Jerry'], name: 'receipts' });
    const his = await jerry.getConversation(mine.id);
    const read = told(mine, 'lastreadatupdate');
    await mine.send(new sdk.TextMessage('seen?'), { receipt: true });
    await eventually('it has arrived', () => his.lastMessage !== undefined);
    await his.read();
    await once('it was read', read);
    await mine.fetchReceiptTimestamps();
    assert.ok(mine.lastReadAt instanceof Date && mine.lastDeliveredAt instanceof Date);
  },
  async getAllMemberInfo({ talk }) {
    const roles = (await talk.getAllMemberInfo({ noCache: true })).map((info: Untyped) => info.toJSON().role);
    assert.ok(roles.includes('Owner'));
  },
  async getMemberInfo({ talk }) {
    assert.equal((await talk.getMemberInfo('Tom')).isOwner, true);
  },
  async updateMemberRole({ talk, sdk }) {
    const changed = told(talk, 'memberinfoupdated');
    await talk.updateMemberRole('Jerry', sdk.ConversationMemberRole.MANAGER);
    const [{ member }] = await once('a role changed', changed);
    assert.equal(member, 'Jerry');
    await talk.updateMemberRole('Jerry', sdk.ConversationMemberRole.MEMBER);
  },
  async toJSON({ talk }) {
    assert.equal(talk.toJSON().id, talk.id);
  },
  async toFullJSON({ talk }) {
    assert.equal(talk.toFullJSON().id, talk.id);
  },
};
