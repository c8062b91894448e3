// Realtime and IMClient.
import assert from 'node:assert/strict';
import { eventually } from '../../../server/test/kit/eventually.ts';
import { once, told } from '../../kit/told.ts';
import type { Cases } from './case.ts';

export const realtimeCases: Cases = {
  async pause({ realtime, tom }) {
    const offline = told(tom, 'disconnect');
    realtime.pause();
    await once('the client hears that it is offline', offline);
    realtime.resume();
    await eventually('it is back', async () => (await tom.ping(['Tom']).catch(() => [])).length === 1);
  },
  async resume(stage) {
    await realtimeCases.pause?.(stage);
  },
  async retry({ realtime, tom }) {
    const back = told(tom, 'reconnect');
    realtime.pause();
    realtime.resume();
    await once('the client is back', back);
    assert.throws(() => realtime.retry(), /unmatched state|not allowed|connected/i);
  },
};

export const clientCases: Cases = {
  async createConversation({ tom }) {
    const made = await tom.createConversation({ members: ['Spike'], name: 'Cheese', unique: true, colour: 'red' });
    const again = await tom.createConversation({ members: ['Spike'], unique: true });
    const fresh = await tom.getConversation(made.id, true);
    assert.deepEqual([again.id, made.members.sort(), fresh.get('colour')], [made.id, ['Spike', 'Tom'], 'red']);
  },
  async createChatRoom({ tom }) {
    const room = await tom.createChatRoom({ name: 'Kitchen' });
    assert.deepEqual([room.name, await room.count()], ['Kitchen', 1]);
  },
  async createTemporaryConversation({ tom }) {
    const talk = await tom.createTemporaryConversation({ members: ['Jerry', 'Butch'], ttl: 600 });
    assert.match(talk.id, /^_tmp:/);
    assert.ok(talk.expiredAt.getTime() > Date.now());
  },
  async getConversation({ jerry, talk }) {
    assert.equal((await jerry.getConversation(talk.id, true)).name, talk.name);
    assert.equal(await jerry.getConversation('ffffffffffffffffffffffff'), null);
  },
  async getConversations({ jerry, talk, room }) {
    const found = await jerry.getConversations([talk.id, 'ffffffffffffffffffffffff', room.id]);
    assert.deepEqual([found[0].id, found[1], found[2].id], [talk.id, null, room.id]);
  },
  async getQuery({ tom, talk }) {
    const found = await tom.getQuery().containsMembers(['Jerry']).equalTo('objectId', talk.id).find();
    assert.deepEqual(
      found.map(({ id }: { id: string }) => id),
      [talk.id],
    );
  },
  async getChatRoomQuery({ tom, room, sdk }) {
    const [found] = await tom.getChatRoomQuery().equalTo('objectId', room.id).find();
    assert.ok(found instanceof sdk.ChatRoom);
  },
  async getServiceConversationQuery({ tom, service, sdk }) {
    const [found] = await tom.getServiceConversationQuery().equalTo('objectId', service.id).find();
    assert.ok(found instanceof sdk.ServiceConversation);
  },
  async parseConversation({ tom, talk }) {
    const parsed = await tom.parseConversation(talk.toFullJSON());
    assert.deepEqual([parsed.id, parsed.name], [talk.id, talk.name]);
  },
  async parseMessage({ tom, talk, sdk }) {
    const sent = await talk.send(new sdk.TextMessage('to be parsed'));
    assert.equal((await tom.parseMessage(sent.toFullJSON())).getText(), 'to be parsed');
  },
  async ping({ tom }) {
    assert.deepEqual(await tom.ping(['Jerry', 'Nobody']), ['Jerry']);
  },
  async close({ realtime, tom }) {
    const guest = await realtime.createIMClient('Guest');
    assert.deepEqual(await tom.ping(['Guest']), ['Guest']);
    await guest.close();
    await eventually('nobody is there', async () => (await tom.ping(['Guest'])).length === 0);
  },
};
