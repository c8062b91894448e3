import assert from 'node:assert/strict';
import type { SdkClient } from '../../kit/sdk.ts';
import { attributeCases, type Cases, people, refused } from './case.ts';

const makeRoom = (client: SdkClient): Promise<string> => client.ask((done) => client.im.addRoom({}, done));
const getRoom = (client: SdkClient, id: string) => client.ask((done) => client.im.getRoom(id, done));

export const roomCases: Cases = {
  ...attributeCases('Room', makeRoom),

  async addRoom({ ann }) {
    const members = await people(ann, 'm', 'm');
    const id = await ann.ask((done) => ann.im.addRoom({ name: 'Lake', members }, done));
    assert.match(id, /^[0-9a-f]{32}$/);
    assert.deepEqual((await getRoom(ann, id)).members, members);
  },

  async getRoom({ ann }) {
    const members = await people(ann, 'm');
    const id = await ann.ask((done) => ann.im.addRoom({ name: 'Lake', members }, done));
    const room = await getRoom(ann, id);
    assert.equal(room.id, id);
    assert.deepEqual(room.members, members);
    assert.equal(room.attributes.name, 'Lake');
    assert.ok(Math.abs(room.ts - Date.now()) < 600_000);
    assert.ok(!('owner' in room));
    await refused(getRoom(ann, '00000000000000000000000000000000'), 5004);
  },

  async searchRooms({ ann }) {
    const ids = [await makeRoom(ann), await makeRoom(ann)];
    for (const [depth, id] of ids.entries()) {
      await ann.ask((done) => ann.im.setRoomAttributes(id, { water: 'fresh', depth }, done));
    }
    const hits = await ann.ask((done) => ann.im.searchRooms(5, 0, '-depth', { water: 'fresh' }, done));
    assert.deepEqual(
      hits.map((hit: { id: string }) => hit.id),
      ids.toReversed(),
    );
    assert.deepEqual(hits[0].attributes, { water: 'fresh', depth: 1 });
    assert.deepEqual(await ann.ask((done) => ann.im.searchRooms(5, 2, '-depth', { water: 'fresh' }, done)), []);
  },

  async updateRoom({ ann }) {
    const [before, after] = await people(ann, 'm', 'm');
    const id = await ann.ask((done) => ann.im.addRoom({ members: [before] }, done));
    assert.deepEqual(await ann.ask((done) => ann.im.updateRoom(id, { name: 'Bay', members: [after] }, done)), {});
    const room = await getRoom(ann, id);
    assert.deepEqual(room.members, [after]);
    assert.equal(room.attributes.name, 'Bay');
  },

  async rmRoom({ ann }) {
    const id = await makeRoom(ann);
    assert.deepEqual(await ann.ask((done) => ann.im.rmRoom(id, done)), {});
    await refused(getRoom(ann, id), 5004);
  },

  async addRoomMembers({ ann }) {
    const id = await makeRoom(ann);
    const members = await people(ann, 'm', 'm');
    assert.deepEqual(await ann.ask((done) => ann.im.addRoomMembers(id, { members }, done)), {});
    assert.deepEqual((await getRoom(ann, id)).members, members);
    await refused(
      ann.ask((done) => ann.im.addRoomMembers(id, { members: ['no-such-user'] }, done)),
      5004,
    );
  },

  async rmRoomMembers({ ann }) {
    const members = await people(ann, 'm', 'm');
    const id = await ann.ask((done) => ann.im.addRoom({ members }, done));
    assert.deepEqual(await ann.ask((done) => ann.im.rmRoomMembers(id, { members: [members[0]] }, done)), {});
    assert.deepEqual((await getRoom(ann, id)).members, [members[1]]);
  },
};
