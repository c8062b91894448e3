import assert from 'node:assert/strict';
import { eventually } from '../../../server/test/kit/eventually.ts';
import { listen, type SdkClient, saying, signIn, type Untyped } from '../../kit/sdk.ts';
import { rest } from '../../kit/server.ts';
import { type Cases, fresh, people, type Stage } from './case.ts';

/** Runs `act` and gives the message with this body as bob hears it. */
async function bobHears({ bob }: Stage, body: string, act: () => void): Promise<Untyped> {
  const heard = listen((hear) => bob.im.onMessage(hear));
  act();
  return saying(heard, body);
}

const groupOf = ({ ann, bob }: Stage): Promise<string> =>
  ann.ask((done) => ann.im.addGroup({ owner: ann.id, members: [bob.id] }, done));
const roomOf = ({ ann, bob }: Stage): Promise<string> =>
  ann.ask((done) => ann.im.addRoom({ members: [ann.id, bob.id] }, done));

/** A friend of ann's who is not connected yet. */
async function absentFriend(ann: SdkClient): Promise<string> {
  const [id] = await people(ann, 'friend');
  await ann.ask((done) => ann.im.addFriend(ann.id, id, done));
  return id as string;
}

/** `image`, `audio` and `video` differ in a number only: the browser's SDK uploads the file, then says where it is. */
function uploadCase(name: 'image' | 'audio' | 'video', media: number, file: () => File): Cases[string] {
  return async (stage) => {
    const { annInBrowser, bob } = stage;
    const heard = listen((hear) => bob.im.onMessage(hear));
    annInBrowser.im.toFriend(bob.id)[name](file()).ok();
    const message = await eventually(`bob hears of the ${name}`, () =>
      heard.find((one) => one.content.media === media),
    );
    assert.match(message.content.body, /^http:\/\/127\.0\.0\.1:\d+\/(uploads\/)?[0-9a-f]+\/[0-9a-f]+\.\w+$/);
    const answer = await fetch(message.content.body);
    assert.equal(answer.status, 200);
    assert.deepEqual(await answer.bytes(), await file().bytes());
    const page = await bob.ask((done) => bob.im.getRecentChat(bob.id, annInBrowser.id, message.ts + 1, 1, done));
    assert.deepEqual(page[0].content, message.content);
  };
}

export const chatCases: Cases = {
  async onMessage(stage) {
    const { ann, bob } = stage;
    const before = Date.now();
    const message = await bobHears(stage, 'heard', () => ann.im.toFriend(bob.id).text('heard').ok());
    const { ts, ...rest } = message;
    assert.deepEqual(rest, {
      from: { id: ann.id, type: 0 },
      to: { id: bob.id, type: 0 },
      content: { media: 0, body: 'heard' },
    });
    assert.ok(ts >= before - 1_000 && ts <= Date.now() + 1_000);
  },

  async online({ server, ann }) {
    const came = listen((hear) => ann.im.online(hear));
    const id = await absentFriend(ann);
    const friend = await signIn(server.base, id);
    await eventually('ann hears who came', () => came.includes(id));
    assert.equal(came.filter((one) => one === id).length, 1);
    friend.close();
  },

  async offline({ server, ann }) {
    const gone = listen((hear) => ann.im.offline(hear));
    const id = await absentFriend(ann);
    const friend = await signIn(server.base, id);
    assert.ok(!gone.includes(id));
    friend.close();
    await eventually('ann hears who left', () => gone.includes(id));
  },

  async sys({ ann }) {
    const heard = listen((hear) => ann.im.sys(hear));
    const content = { media: 0, body: fresh('announcement') };
    await ann.ask((done) => ann.im.sysToUser(ann.id, { content, remark: 'r' }, done));
    const { ts, ...rest } = await saying(heard, content.body);
    assert.deepEqual(rest, { content, remark: 'r' });
    assert.equal(typeof ts, 'number');
  },

  async yourself(stage) {
    const { server, ann, bob } = stage;
    const phone = await signIn(server.base, ann.id);
    const echoed = listen((hear) => phone.im.yourself(hear));
    const own = listen((hear) => ann.im.yourself(hear));
    const message = await bobHears(stage, 'from my desk', () => ann.im.toFriend(bob.id).text('from my desk').ok());
    const echo = await saying(echoed, 'from my desk');
    assert.deepEqual(echo.to, { id: bob.id, type: 0 });
    assert.deepEqual([echo.content, echo.ts], [message.content, message.ts]);
    assert.deepEqual(own, []);
    phone.close();
  },

  async toFriend(stage) {
    const { ann, bob } = stage;
    const message = await bobHears(stage, 'dear friend', () => ann.im.toFriend(bob.id).text('dear friend').ok());
    assert.deepEqual(message.to, { id: bob.id, type: 0 });
  },

  async toGroup(stage) {
    const group = await groupOf(stage);
    const message = await bobHears(stage, 'dear group', () => stage.ann.im.toGroup(group).text('dear group').ok());
    assert.deepEqual(message.from, { id: stage.ann.id, type: 1, gid: group });
    assert.deepEqual(message.to, { id: group, type: 1 });
  },

  async toRoom(stage) {
    const room = await roomOf(stage);
    const message = await bobHears(stage, 'dear room', () => stage.ann.im.toRoom(room).text('dear room').ok());
    assert.deepEqual(message.from, { id: stage.ann.id, type: 2, gid: room });
    assert.deepEqual(message.to, { id: room, type: 2 });
  },

  async text(stage) {
    const body = '鸿雁 "quoted" \\ \n <b>&amp; 🪿';
    const message = await bobHears(stage, body, () => stage.ann.im.toFriend(stage.bob.id).text(body).ok());
    assert.equal(message.content.media, 0);
  },

  image: uploadCase('image', 1, () => new File([onePixelPng()], 'goose.png', { type: 'image/png' })),
  audio: uploadCase('audio', 2, () => new File(['sound of wings'], 'call.amr', { type: 'audio/amr' })),
  video: uploadCase('video', 3, () => new File(['flight'], 'flight.mp4', { type: 'video/mp4' })),

  async mediaUrl(stage) {
    const url = 'http://example.com/goose.jpg';
    const message = await bobHears(stage, url, () =>
      stage.ann.im.toFriend(stage.bob.id).mediaUrl({ media: 1, body: url }).send(),
    );
    assert.equal(message.content.media, 1);
  },

  async ok(stage) {
    const message = await bobHears(stage, 'by ok', () => {
      const returned = stage.ann.im.toFriend(stage.bob.id).text('by ok').ok();
      assert.equal(returned, undefined);
    });
    const { body } = await rest(stage.server, 'GET', `/ctx/${stage.bob.id}/friends/${stage.ann.id}/chats?limit=1`);
    assert.equal(body[0].ts, message.ts);
  },

  async send(stage) {
    const { ann, bob } = stage;
    const message = await bobHears(stage, 'by send', () => {
      ann.im.toFriend(bob.id).text('by send');
      ann.im.req.remark = 'as it is';
      ann.im.send();
    });
    assert.equal(message.remark, 'as it is');
  },

  async sysToAll({ ann, bob }) {
    const all = [ann, bob].map((client) => listen((hear) => client.im.sys(hear)));
    const body = fresh('to all');
    assert.deepEqual(await ann.ask((done) => ann.im.sysToAll({ content: { media: 0, body } }, done)), {});
    for (const heard of all) await saying(heard, body);
  },

  async sysToUser({ ann, bob }) {
    const [annHeard, bobHeard] = [ann, bob].map((client) => listen((hear) => client.im.sys(hear))) as [[], []];
    const body = fresh('to one');
    assert.deepEqual(await ann.ask((done) => ann.im.sysToUser(bob.id, { content: { media: 0, body } }, done)), {});
    await saying(bobHeard, body);
    assert.deepEqual(annHeard, []);
  },

  async sysToGroup(stage) {
    const { ann, bob } = stage;
    const group = await groupOf(stage);
    const all = [ann, bob].map((client) => listen((hear) => client.im.sys(hear)));
    const body = fresh('to a group');
    assert.deepEqual(await ann.ask((done) => ann.im.sysToGroup(group, { content: { media: 0, body } }, done)), {});
    for (const heard of all) await saying(heard, body);
  },

  async sysToRoom({ ann, bob }) {
    const room = await ann.ask((done) => ann.im.addRoom({ members: [bob.id] }, done));
    const [annHeard, bobHeard] = [ann, bob].map((client) => listen((hear) => client.im.sys(hear))) as [[], []];
    const body = fresh('to a room');
    assert.deepEqual(await ann.ask((done) => ann.im.sysToRoom(room, { content: { media: 0, body } }, done)), {});
    await saying(bobHeard, body);
    assert.deepEqual(annHeard, []);
  },
};

export function onePixelPng(): Buffer<ArrayBuffer> {
  const base64 = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  return Buffer.from(base64, 'base64');
}
