import assert from 'node:assert/strict';
import { listen, saying } from '../../kit/sdk.ts';
import { appA } from '../../kit/server.ts';
import { attributeCases, type Cases, fresh, people, refused } from './case.ts';

export const userCases: Cases = {
  ...attributeCases('User', async (client) => (await people(client, 'user'))[0] as string),

  async userInfo({ ann, bob }) {
    const info = await ann.ask((done) => ann.im.userInfo(bob.id, done));
    assert.equal(info.id, bob.id);
    assert.equal(info.online, true);
    assert.ok(info.sessions >= 1);
    assert.deepEqual(info.installs, []);
    assert.ok(info.friends.includes(ann.id));
    assert.ok(Array.isArray(info.groups) && Array.isArray(info.rooms));
    assert.deepEqual(info.attributes, {});
    assert.ok(Math.abs(info.ts - Date.now()) < 600_000);
    await refused(
      ann.ask((done) => ann.im.userInfo('nobody-at-all', done)),
      5004,
    );
  },

  async searchUsers({ ann }) {
    const ids = await people(ann, 'found', 'found', 'found');
    for (const [age, id] of ids.entries()) {
      await ann.ask((done) => ann.im.setUserAttributes(id, { flock: 'geese', age }, done));
    }
    const search = (size: number, skip: number, sort: string, data: object) =>
      ann.ask((done) => ann.im.searchUsers(size, skip, sort, data, done));
    const hits = await search(10, 0, '-age', { flock: 'geese' });
    assert.deepEqual(
      hits.map((hit: { id: string }) => hit.id),
      ids.toReversed(),
    );
    assert.deepEqual(hits[0].attributes, { made: true, flock: 'geese', age: 2 });
    assert.equal(hits[0].online, false);
    assert.equal(typeof hits[0].ts, 'number');
    assert.deepEqual(
      (await search(1, 1, '-age', { flock: 'geese' })).map((hit: { id: string }) => hit.id),
      [ids[1]],
    );
    assert.deepEqual(await search(10, 0, '', { flock: 'geese', age: 7 }), []);
  },

  async addFriend({ ann }) {
    const [a, b] = await people(ann, 'a', 'b');
    const friendship = await ann.ask((done) => ann.im.addFriend(a, b, done));
    assert.match(friendship.id, /^[0-9a-f]{16}$/);
    assert.deepEqual([friendship.from, friendship.to, friendship.ns], [a, b, appA.id]);
    const again = await ann.ask((done) => ann.im.addFriend(b, a, done));
    assert.equal(again.id, friendship.id);
  },

  async rmFriend({ ann }) {
    const [a, b] = await people(ann, 'a', 'b');
    await ann.ask((done) => ann.im.addFriend(a, b, done));
    assert.deepEqual(await ann.ask((done) => ann.im.rmFriend(a, b, done)), {});
    assert.deepEqual(await ann.ask((done) => ann.im.listFriends(b, done)), []);
    assert.deepEqual(await ann.ask((done) => ann.im.rmFriend(a, b, done)), {});
  },

  async getFriendshipInfo({ ann, bob }) {
    const info = await ann.ask((done) => ann.im.getFriendshipInfo(ann.id, bob.id, done));
    assert.equal(info.ns, appA.id);
    assert.equal(info.online, true);
    assert.deepEqual([info.from, info.to].sort(), [ann.id, bob.id].sort());
    await refused(
      ann.ask((done) => ann.im.getFriendshipInfo(ann.id, fresh('stranger'), done)),
      5004,
    );
  },

  async listFriends({ ann, bob }) {
    assert.deepEqual(await bob.ask((done) => bob.im.listFriends(bob.id, done)), [ann.id]);
    const heard = listen((hear) => bob.im.onMessage(hear));
    ann.im.toFriend(bob.id).text('newest').ok();
    const message = await saying(heard, 'newest');
    const [friend] = await bob.ask((done) => bob.im.listFriends(bob.id, done, true));
    assert.equal(friend.id, ann.id);
    assert.equal(friend.online, true);
    assert.deepEqual(friend.recent, { speaker: ann.id, content: { media: 0, body: 'newest' }, ts: message.ts });
  },

  async getRecentChat({ ann, bob }) {
    const heard = listen((hear) => bob.im.onMessage(hear));
    for (const body of ['one', 'two', 'three']) ann.im.toFriend(bob.id).text(body).ok();
    const last = await saying(heard, 'three');
    const page = await bob.ask((done) => bob.im.getRecentChat(bob.id, ann.id, last.ts + 1, 2, done));
    assert.deepEqual(
      page.map((record: { content: { body: string } }) => record.content.body),
      ['two', 'three'],
    );
    assert.equal(page[1].ts, last.ts);
    assert.equal(page[1].speaker, ann.id);
    const earlier = await bob.ask((done) => bob.im.getRecentChat(ann.id, bob.id, page[0].ts, 1, done));
    assert.equal(earlier[0].content.body, 'one');
    // Left out, both arguments travel as the word "undefined".
    const latest = await bob.ask((done) => bob.im.getRecentChat(bob.id, ann.id, undefined, undefined, done));
    assert.equal(latest.at(-1).ts, last.ts);
  },

  async listGroups({ ann }) {
    const [owner, member] = await people(ann, 'owner', 'member');
    const id = await ann.ask((done) => ann.im.addGroup({ owner, members: [member] }, done));
    assert.deepEqual(await ann.ask((done) => ann.im.listGroups(owner, done)), [id]);
    const [group] = await ann.ask((done) => ann.im.listGroups(member, done, true));
    assert.equal(group.id, id);
    assert.equal(group.owner, owner);
    assert.ok(group.members.includes(member));
    assert.deepEqual(group.attributes, {});
  },

  async listRooms({ ann }) {
    const [member] = await people(ann, 'member');
    const id = await ann.ask((done) => ann.im.addRoom({ name: 'Lake', members: [member] }, done));
    assert.deepEqual(await ann.ask((done) => ann.im.listRooms(member, done)), [id]);
    const [room] = await ann.ask((done) => ann.im.listRooms(member, done, true));
    assert.equal(room.id, id);
    assert.deepEqual(room.members, [member]);
    assert.equal(room.attributes.name, 'Lake');
  },
};
