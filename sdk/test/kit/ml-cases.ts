// Each function that MaxLeap's JavaScript page of 2016 documents, called as it is written there. A case gets the object
// under test (an instance, or `ML.im` itself) and answers when it has seen what the page promises.
import assert from 'node:assert/strict';
import { type Answer, ask, good, newGroup, newRoom, note, type Stage, say } from './ml-stage.ts';
import { until } from './wait.ts';

type Kind = 'User' | 'Group' | 'Room';
const subject = (s: Stage, kind: Kind): Promise<string> =>
  kind === 'Group' ? newGroup(s) : kind === 'Room' ? newRoom(s) : Promise.resolve(s.stranger());

function attributeCases(kind: Kind): Record<string, (s: Stage) => Promise<void>> {
  const set = (s: Stage, id: string, map: object) => good((cb) => s.im[`set${kind}Attributes`](id, map as never, cb));
  const get = (s: Stage, id: string) => good((cb) => s.im[`get${kind}Attributes`](id, cb));
  return {
    async [`set${kind}Attributes`](s) {
      const id = await subject(s, kind);
      assert.deepEqual(await set(s, id, { colour: 'grey', age: 3 }), {});
      await set(s, id, { age: 4 });
      const map = await get(s, id);
      assert.equal(map.colour, 'grey');
      assert.equal(map.age, 4);
    },
    async [`coverSet${kind}Attributes`](s) {
      const id = await subject(s, kind);
      await set(s, id, { colour: 'grey' });
      assert.deepEqual(await good((cb) => s.im[`coverSet${kind}Attributes`](id, { name: '西门吹雪' }, cb)), {});
      assert.deepEqual(await get(s, id), { name: '西门吹雪' });
    },
    async [`get${kind}Attributes`](s) {
      const id = await subject(s, kind);
      await good((cb) => s.im[`coverSet${kind}Attributes`](id, { bar: 'baz' }, cb));
      assert.deepEqual(await get(s, id), { bar: 'baz' });
    },
    async [`get${kind}OneAttribute`](s) {
      const id = await subject(s, kind);
      await set(s, id, { 描述: '爱摄影就来吧' });
      assert.equal(await good((cb) => s.im[`get${kind}OneAttribute`](id, '描述', cb)), '爱摄影就来吧');
    },
    async [`rm${kind}Attributes`](s) {
      const id = await subject(s, kind);
      await set(s, id, { colour: 'grey' });
      assert.deepEqual(await good((cb) => s.im[`rm${kind}Attributes`](id, cb)), {});
      assert.deepEqual(await get(s, id), {});
    },
    async [`search${kind}s`](s) {
      const ids = [await subject(s, kind), await subject(s, kind)];
      const flock = `flock ${ids[0]} & co`;
      for (const [i, id] of ids.entries()) await set(s, id, { flock, rank: i });
      const all = await good((cb) => s.im[`search${kind}s`](10, 0, '-rank', { flock }, cb));
      assert.deepEqual(
        all.map(({ id }: { id: string }) => id),
        [...ids].reverse(),
      );
      const second = await good((cb) => s.im[`search${kind}s`](1, 1, '-rank', { flock }, cb));
      assert.deepEqual(
        second.map(({ id }: { id: string }) => id),
        ids.slice(0, 1),
      );
    },
  };
}

function gatheringCases(kind: 'Group' | 'Room'): Record<string, (s: Stage) => Promise<void>> {
  const make = kind === 'Group' ? newGroup : newRoom;
  const get = (s: Stage, id: string) => good((cb) => s.im[`get${kind}`](id, cb));
  return {
    async [`add${kind}`](s) {
      assert.match(await make(s), /^[0-9a-f]{32}$/);
    },
    async [`get${kind}`](s) {
      const facts = await get(s, await make(s));
      assert.ok(facts.members.includes(s.peerId));
      assert.equal(facts.attributes.name, kind === 'Group' ? 'geese' : 'pond');
      assert.equal(typeof facts.ts, 'number');
      if (kind === 'Group') assert.equal(facts.owner, s.me);
    },
    async [`update${kind}`](s) {
      const id = await make(s);
      assert.deepEqual(await good((cb) => s.im[`update${kind}`](id, { name: 'ducks' }, cb)), {});
      assert.equal((await get(s, id)).attributes.name, 'ducks');
    },
    async [`rm${kind}`](s) {
      const id = await make(s);
      assert.deepEqual(await good((cb) => s.im[`rm${kind}`](id, cb)), {});
      const { error } = await ask((cb) => s.im[`get${kind}`](id, cb));
      assert.equal(JSON.parse(error).errorCode, 5004, 'an error is the text of the answer');
    },
    async [`add${kind}Members`](s) {
      const [id, other] = [await make(s), s.stranger()];
      await good((cb) => s.im.setUserAttributes(other, {}, cb));
      assert.deepEqual(await good((cb) => s.im[`add${kind}Members`](id, { members: [other] }, cb)), {});
      assert.ok((await get(s, id)).members.includes(other));
    },
    async [`rm${kind}Members`](s) {
      const id = await make(s);
      assert.deepEqual(await good((cb) => s.im[`rm${kind}Members`](id, { members: [s.peerId] }, cb)), {});
      assert.ok(!(await get(s, id)).members.includes(s.peerId));
    },
  };
}

/** Subscribes, lets something happen, and waits for it. */
async function heard(subscribe: (callback: (message: Answer) => void) => unknown, act: () => unknown): Promise<Answer> {
  const all: Answer[] = [];
  subscribe((message) => all.push(message));
  await act();
  return until('the callback is called', () => all[0]);
}

export const cases: Record<string, (s: Stage) => Promise<void>> = {
  async userInfo(s) {
    const info = await good((cb) => s.im.userInfo(s.me, cb));
    assert.ok(info.sessions >= 1);
    for (const list of ['installs', 'friends', 'rooms', 'groups']) assert.ok(Array.isArray(info[list]), list);
    assert.equal(typeof info.attributes, 'object');
  },
  async listFriends(s) {
    assert.deepEqual(await good((cb) => s.im.listFriends(s.me, cb)), [s.peerId, s.visitorId]);
    const [friend] = await good((cb) => s.im.listFriends(s.me, cb, true));
    assert.equal(friend.id, s.peerId);
    assert.equal(friend.online, true);
  },
  async addFriend(s) {
    const [a, b] = [s.stranger(), s.stranger()];
    const made = await good((cb) => s.im.addFriend(a, b, cb));
    assert.deepEqual({ from: made.from, to: made.to }, { from: a, to: b });
    assert.match(made.id, /^[0-9a-f]{16}$/);
    assert.equal(typeof made.ns, 'string');
  },
  async rmFriend(s) {
    const [a, b] = [s.stranger(), s.stranger()];
    await good((cb) => s.im.addFriend(a, b, cb));
    assert.deepEqual(await good((cb) => s.im.rmFriend(a, b, cb)), {});
    assert.deepEqual(await good((cb) => s.im.listFriends(a, cb)), []);
  },
  async getRecentChat(s) {
    await say(s, 'one');
    await say(s, 'two');
    const [second] = await good((cb) => s.im.getRecentChat(s.me, s.peerId, Date.now() + 1000, 1, cb));
    assert.deepEqual(second.content, { media: 0, body: 'two' });
    assert.equal(second.speaker, s.me);
    const [first] = await good((cb) => s.im.getRecentChat(s.me, s.peerId, second.ts, 1, cb));
    assert.equal(first.content.body, 'one');
    assert.ok((await good((cb) => s.im.getRecentChat(s.me, s.peerId, undefined, undefined, cb))).length >= 2);
  },
  async listGroups(s) {
    const id = await newGroup(s);
    assert.ok((await good((cb) => s.im.listGroups(s.me, cb))).includes(id));
    const all = await good((cb) => s.im.listGroups(s.me, cb, true));
    const found = all.find((group: Answer) => group.id === id);
    assert.equal(found.owner, s.me);
    assert.equal(found.name, 'geese');
  },
  async getGroupChat(s) {
    const id = await newGroup(s);
    await s.im.toGroup(id).text('to all').ok().done;
    const [record] = await good((cb) => s.im.getGroupChat(id, Date.now() + 1000, 5, cb));
    assert.deepEqual(record.content, { media: 0, body: 'to all' });
  },
  ...gatheringCases('Group'),
  ...gatheringCases('Room'),
  ...attributeCases('User'),
  ...attributeCases('Group'),
  ...attributeCases('Room'),
  async sysToAll(s) {
    const data = await heard(
      (cb) => s.peer.sys(cb),
      () => good((cb) => s.im.sysToAll(note('to everybody'), cb)),
    );
    assert.deepEqual(data.content, { media: 0, body: 'to everybody' });
  },
  async sysToUser(s) {
    const data = await heard(
      (cb) => s.peer.sys(cb),
      () => good((cb) => s.im.sysToUser(s.peerId, note('to you'), cb)),
    );
    assert.equal(data.content.body, 'to you');
  },
  async sysToGroup(s) {
    const id = await newGroup(s);
    const data = await heard(
      (cb) => s.peer.sys(cb),
      () => good((cb) => s.im.sysToGroup(id, note('to the group'), cb)),
    );
    assert.equal(data.content.body, 'to the group');
  },
  async sysToRoom(s) {
    const id = await newRoom(s);
    const data = await heard(
      (cb) => s.peer.sys(cb),
      () => good((cb) => s.im.sysToRoom(id, note('to the room'), cb)),
    );
    assert.equal(data.content.body, 'to the room');
  },
  async attachment(s) {
    const form = new FormData();
    form.append('attachment', new Blob(['hello'], { type: 'text/plain' }), 'hello.txt');
    const urls = await good((cb) => s.im.attachment(form, cb));
    assert.equal(urls.length, 1);
    assert.match(urls[0], /\.txt$/);
    assert.equal(await (await fetch(urls[0])).text(), 'hello');
  },
  async onMessage(s) {
    const message = await heard(
      (cb) => s.im.onMessage(cb),
      () => s.peer.toFriend(s.me).text('hi').ok().done,
    );
    assert.deepEqual(message.from, { id: s.peerId, type: 0 });
    assert.deepEqual(message.content, { media: 0, body: 'hi' });
    assert.equal(typeof message.ts, 'number');
    const id = await newGroup(s);
    const inGroup = await heard(
      (cb) => s.im.onMessage(cb),
      () => s.peer.toGroup(id).text('hi all').ok().done,
    );
    assert.deepEqual(inGroup.from, { id: s.peerId, type: 1, gid: id });
  },
  async online(s) {
    assert.equal(await heard((cb) => s.im.online(cb), s.visit), s.visitorId);
  },
  async offline(s) {
    assert.equal(await heard((cb) => s.im.offline(cb), s.visit), s.visitorId);
  },
  async sys(s) {
    const data = await heard(
      (cb) => s.im.sys(cb),
      () => good((cb) => s.peer.sysToUser(s.me, note('wake up'), cb)),
    );
    assert.deepEqual(data.content, { media: 0, body: 'wake up' });
    assert.equal(typeof data.ts, 'number');
  },
  async yourself(s) {
    const message = await heard(
      (cb) => s.im.yourself(cb),
      () => s.elsewhere.toFriend(s.peerId).text('from my phone').ok().done,
    );
    assert.deepEqual(message.to, { id: s.peerId, type: 0 });
    assert.equal(message.content.body, 'from my phone');
  },
  async addOrModifyPassenger(s) {
    const id = await good((cb) => s.im.addOrModifyPassenger({ desc: '我是游客' }, cb));
    assert.match(id, /^[0-9a-f]{32}$/);
    assert.equal(await good((cb) => s.im.addOrModifyPassenger({ id, tel: 1302013 }, cb)), id);
    assert.deepEqual(await good((cb) => s.im.getPassenger(id, cb)), { desc: '我是游客', tel: 1302013 });
  },
  async getPassenger(s) {
    const id = await good((cb) => s.im.addOrModifyPassenger({ xxx: 'hello' }, cb));
    assert.deepEqual(await good((cb) => s.im.getPassenger(id, cb)), { xxx: 'hello' });
  },
  async getPassengerRecentChat(s) {
    const id = await good((cb) => s.im.addOrModifyPassenger({ name: 'guest' }, cb));
    await s.im.toPassenger(id).text('你好！').ok().done;
    const page = await good((cb) => s.im.getPassengerRecentChat(id, s.me, Date.now() + 1000, 5, cb));
    assert.deepEqual(
      page.map(({ speaker, content }: Answer) => [speaker, content.body]),
      [[s.me, '你好！']],
    );
  },
};
