import assert from 'node:assert/strict';
import { listen, type SdkClient, saying } from '../../kit/sdk.ts';
import { attributeCases, type Cases, people, refused } from './case.ts';

async function makeGroup(client: SdkClient): Promise<string> {
  const [owner] = await people(client, 'owner');
  return client.ask((done) => client.im.addGroup({ owner }, done));
}

const getGroup = (client: SdkClient, id: string) => client.ask((done) => client.im.getGroup(id, done));

export const groupCases: Cases = {
  ...attributeCases('Group', makeGroup),

  async addGroup({ ann }) {
    const [owner, member] = await people(ann, 'owner', 'member');
    const id = await ann.ask((done) => ann.im.addGroup({ owner, members: [member], name: 'Wedge' }, done));
    assert.match(id, /^[0-9a-f]{32}$/);
    assert.equal((await getGroup(ann, id)).attributes.name, 'Wedge');
    await refused(
      ann.ask((done) => ann.im.addGroup({ members: [member] }, done)),
      5001,
    );
  },

  async getGroup({ ann }) {
    const [owner, member] = await people(ann, 'owner', 'member');
    const id = await ann.ask((done) => ann.im.addGroup({ owner, members: [member] }, done));
    const group = await getGroup(ann, id);
    assert.equal(group.id, id);
    assert.equal(group.owner, owner);
    assert.ok(group.members.includes(member));
    assert.deepEqual(group.attributes, {});
    assert.ok(Math.abs(group.ts - Date.now()) < 600_000);
    await refused(getGroup(ann, '00000000000000000000000000000000'), 5004);
  },

  async searchGroups({ ann }) {
    const ids = [await makeGroup(ann), await makeGroup(ann)];
    for (const [size, id] of ids.entries()) {
      await ann.ask((done) => ann.im.setGroupAttributes(id, { company: 'Reed', size }, done));
    }
    const hits = await ann.ask((done) => ann.im.searchGroups(5, 0, '-size', { company: 'Reed' }, done));
    assert.deepEqual(
      hits.map((hit: { id: string }) => hit.id),
      ids.toReversed(),
    );
    assert.deepEqual(hits[0].attributes, { company: 'Reed', size: 1 });
    const second = await ann.ask((done) => ann.im.searchGroups(1, 1, '-size', { company: 'Reed' }, done));
    assert.deepEqual(
      second.map((hit: { id: string }) => hit.id),
      [ids[0]],
    );
  },

  async updateGroup({ ann }) {
    const [next, member] = await people(ann, 'next', 'member');
    const id = await makeGroup(ann);
    const change = { owner: next, members: [member], name: 'Renamed' };
    assert.deepEqual(await ann.ask((done) => ann.im.updateGroup(id, change, done)), {});
    const group = await getGroup(ann, id);
    assert.equal(group.owner, next);
    assert.ok(group.members.includes(member));
    assert.equal(group.attributes.name, 'Renamed');
    await refused(
      ann.ask((done) => ann.im.updateGroup(id, { owner: 'no-such-user' }, done)),
      5004,
    );
    assert.equal((await getGroup(ann, id)).owner, next);
  },

  async rmGroup({ ann }) {
    const id = await makeGroup(ann);
    assert.deepEqual(await ann.ask((done) => ann.im.rmGroup(id, done)), {});
    await refused(getGroup(ann, id), 5004);
  },

  async addGroupMembers({ ann }) {
    const id = await makeGroup(ann);
    const members = await people(ann, 'm', 'm');
    assert.deepEqual(await ann.ask((done) => ann.im.addGroupMembers(id, { members }, done)), {});
    const group = await getGroup(ann, id);
    for (const member of members) assert.ok(group.members.includes(member));
    await refused(
      ann.ask((done) => ann.im.addGroupMembers(id, { members: ['no-such-user'] }, done)),
      5004,
    );
  },

  async rmGroupMembers({ ann }) {
    const id = await makeGroup(ann);
    const members = await people(ann, 'm', 'm');
    await ann.ask((done) => ann.im.addGroupMembers(id, { members }, done));
    assert.deepEqual(await ann.ask((done) => ann.im.rmGroupMembers(id, { members: [members[0]] }, done)), {});
    const group = await getGroup(ann, id);
    assert.ok(!group.members.includes(members[0]));
    assert.ok(group.members.includes(members[1]));
    await refused(
      ann.ask((done) => ann.im.rmGroupMembers(id, { members: [group.owner] }, done)),
      5005,
    );
  },

  async getGroupChat({ ann, bob }) {
    const id = await ann.ask((done) => ann.im.addGroup({ owner: ann.id, members: [bob.id] }, done));
    const heard = listen((hear) => bob.im.onMessage(hear));
    ann.im.toGroup(id).text('first').ok();
    await saying(heard, 'first');
    const heardByAnn = listen((hear) => ann.im.onMessage(hear));
    bob.im.toGroup(id).text('second').ok();
    const last = await saying(heardByAnn, 'second');
    const page = await ann.ask((done) => ann.im.getGroupChat(id, last.ts + 1, 20, done));
    assert.deepEqual(
      page.map((record: { speaker: string; content: object }) => [record.speaker, record.content]),
      [
        [ann.id, { media: 0, body: 'first' }],
        [bob.id, { media: 0, body: 'second' }],
      ],
    );
    assert.ok(page[0].ts < page[1].ts);
    assert.equal(page[1].ts, last.ts);
  },
};
