// What is different in rooms, services and temporary talks; the rest is a conversation's.
import assert from 'node:assert/strict';
import { eventually } from '../../../server/test/kit/eventually.ts';
import { once, told, type Untyped } from '../../kit/told.ts';
import type { Cases, Stage } from './case.ts';
import { talkCases } from './conversation.ts';

const ok = (who: string) => ({ successfulClientIds: [who], failures: [] });

/** The same case over another conversation. */
const over = (name: string, which: 'room' | 'service' | 'temporary'): Cases => ({
  [name]: (stage) => talkCases[name]?.({ ...stage, talk: stage[which] }) ?? Promise.reject(new Error(name)),
});

const speak = async (conversation: Untyped, sdk: Untyped, text: string) => conversation.send(new sdk.TextMessage(text));
const shared = ['get', 'toJSON', 'toFullJSON', 'fetch'];
const sharedBy = (which: 'room' | 'service', names: readonly string[]): Cases =>
  Object.assign({}, ...names.map((name) => over(name, which)));

async function inRoom({ room, jerry }: Stage): Promise<Untyped> {
  // A client is in one room at a time, and other cases make rooms.
  await room.join();
  const his = await jerry.getConversation(room.id);
  await his.join();
  return his;
}

export const roomCases: Cases = {
  ...sharedBy('room', shared),
  ...sharedBy('room', ['mute', 'unmute', 'queryBlockedMembers', 'createMessagesIterator']),
  async join(stage) {
    const his = await inRoom(stage);
    assert.equal(await stage.room.count(), 2);
    await his.quit();
  },
  async quit(stage) {
    const his = await inRoom(stage);
    await his.quit();
    assert.equal(await stage.room.count(), 1);
  },
  async count({ room }) {
    await room.join();
    assert.equal(await room.count(), 1);
  },
  async add({ room }) {
    assert.equal((await room.add(['Jerry'])).failures[0].code, 4314);
  },
  async remove({ room }) {
    assert.equal((await room.remove(['Jerry'])).failures[0].code, 4314);
  },
  async send(stage) {
    const { sdk, room, jerry } = stage;
    const his = await inRoom(stage);
    const heard = told(jerry, 'message');
    await room.send(new sdk.TextMessage('in the room'), { priority: sdk.MessagePriority.HIGH });
    assert.equal((await once('Jerry hears it', heard))[0].text, 'in the room');
    await his.quit();
  },
  async update(stage) {
    const { room, sdk } = stage;
    await room.update(await speak(room, sdk, 'before'), new sdk.TextMessage('after'));
    assert.equal((await room.queryMessages({ limit: 1 }))[0].text, 'after');
  },
  async recall({ room, sdk }) {
    await room.recall(await speak(room, sdk, 'oops'));
    assert.ok((await room.queryMessages({ limit: 1 }))[0] instanceof sdk.RecalledMessage);
  },
  async queryMessages({ room, sdk }) {
    await speak(room, sdk, 'kept');
    assert.equal((await room.queryMessages({ limit: 1 }))[0].text, 'kept');
  },
  async set({ room }) {
    room.set('attr', { wall: 'blue' });
    await room.save();
    assert.deepEqual((await room.fetch()).get('attr'), { wall: 'blue' });
  },
  async save({ room }) {
    room.name = 'Parlour';
    await room.save();
    assert.equal((await room.fetch()).name, 'Parlour');
  },
  async read({ room }) {
    await room.read();
    assert.equal(room.unreadMessagesCount, 0);
  },
  async fetchReceiptTimestamps({ room }) {
    // Nobody has marks in a room; the SDK does not even ask.
    assert.equal((await room.fetchReceiptTimestamps()).id, room.id);
  },
  async muteMembers({ room }) {
    assert.deepEqual(await room.muteMembers(['Spike']), ok('Spike'));
  },
  async unmuteMembers({ room }) {
    assert.deepEqual(await room.unmuteMembers(['Spike']), ok('Spike'));
  },
  async queryMutedMembers({ room }) {
    await room.muteMembers(['Spike']);
    assert.deepEqual((await room.queryMutedMembers()).results, ['Spike']);
  },
  async blockMembers({ room }) {
    assert.deepEqual(await room.blockMembers(['Spike']), ok('Spike'));
  },
  async unblockMembers({ room }) {
    assert.deepEqual(await room.unblockMembers(['Spike']), ok('Spike'));
  },
};

/** What a client may not do to a service is refused by the code that says so. */
const refused =
  (run: (service: Untyped) => Promise<unknown>, code: number) =>
  async ({ service }: Stage) => {
    await assert.rejects(run(service), (error: Untyped) => error.code === code);
  };

export const serviceCases: Cases = {
  ...sharedBy('service', shared),
  async subscribe({ service }) {
    await service.subscribe();
    assert.equal(await service.count(), 1);
  },
  async unsubscribe({ service }) {
    await service.subscribe();
    await service.unsubscribe();
    assert.equal(await service.count(), 0);
  },
  async join(stage) {
    await stage.service.join();
    assert.equal(await stage.service.count(), 1);
  },
  async quit({ service }) {
    await service.join();
    await service.quit();
    assert.equal(await service.count(), 0);
  },
  async mute({ service }) {
    await service.subscribe();
    await service.mute();
    assert.equal((await service.fetch()).muted, true);
  },
  async unmute({ service }) {
    await service.subscribe();
    await service.unmute();
    assert.equal((await service.fetch()).muted, false);
  },
  async count({ service }) {
    await service.subscribe();
    assert.equal(await service.count(), 1);
  },
  async send({ service, sdk }) {
    assert.ok((await speak(service, sdk, 'help')).id);
  },
  async queryMessages({ service }) {
    assert.ok(Array.isArray(await service.queryMessages()));
  },
  async createMessagesIterator({ service }) {
    assert.ok(Array.isArray((await service.createMessagesIterator({ limit: 2 }).next()).value));
  },
  async read({ service }) {
    await service.read();
  },
  async fetchReceiptTimestamps({ service }) {
    await service.subscribe();
    await service.fetchReceiptTimestamps();
  },
  async set({ service }) {
    service.set('attr', { x: 1 });
    assert.deepEqual(service.get('attr'), { x: 1 });
    await assert.rejects(service.save(), (error: Untyped) => error.code === 4309);
  },
  save: (stage) => serviceCases.set?.(stage) as Promise<void>,
  add: refused((service) => service.add(['Jerry']), 4313),
  remove: refused((service) => service.remove(['Jerry']), 4313),
  update: refused((service) => service.update({ id: 'x', timestamp: new Date() }, service.lastMessage ?? {}), 4404),
  recall: refused((service) => service.recall({ id: 'x', timestamp: new Date() }), 4404),
  muteMembers: refused((service) => service.muteMembers(['Jerry']), 4320),
  unmuteMembers: refused((service) => service.unmuteMembers(['Jerry']), 4320),
  async queryMutedMembers({ service }) {
    assert.deepEqual((await service.queryMutedMembers()).results, []);
  },
  blockMembers: refused((service) => service.blockMembers(['Jerry']), 4320),
  unblockMembers: refused((service) => service.unblockMembers(['Jerry']), 4320),
  async queryBlockedMembers({ service }) {
    assert.deepEqual((await service.queryBlockedMembers()).results, []);
  },
};

export const temporaryCases: Cases = {
  ...over('toJSON', 'temporary'),
  ...over('toFullJSON', 'temporary'),
  ...over('send', 'temporary'),
  ...over('update', 'temporary'),
  ...over('recall', 'temporary'),
  ...over('queryMessages', 'temporary'),
  ...over('createMessagesIterator', 'temporary'),
  async count({ temporary }) {
    assert.equal(await temporary.count(), 2);
  },
  async read({ temporary, jerry, sdk }) {
    await speak(temporary, sdk, 'psst');
    const his = (await eventually('he knows it', async () => jerry.getConversation(temporary.id))) as Untyped;
    await his.read();
    await eventually('nothing is unread', () => his.unreadMessagesCount === 0);
  },
  async fetchReceiptTimestamps({ temporary }) {
    await temporary.fetchReceiptTimestamps();
  },
};
