// The face of MaxLeap IM against a real server: every documented function, on an instance and on `ML.im`.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { connect } from '../src/index.ts';
import { type LoginResult, type MlIm, type MlOptions, im as ml } from '../src/ml.ts';
import type { RawMessage } from '../src/types.ts';
import { cases } from './kit/ml-cases.ts';
import type { Stage } from './kit/ml-stage.ts';
import { pixel } from './kit/pixel.ts';
import { openPlace, type Place } from './kit/place.ts';
import { until } from './kit/wait.ts';

/** In the order of the document; `version` and the sending chain have tests of their own. */
const documented =
  `userInfo listFriends addFriend rmFriend getRecentChat listGroups addGroup getGroup updateGroup rmGroup
addGroupMembers rmGroupMembers getGroupChat addRoom getRoom updateRoom rmRoom addRoomMembers rmRoomMembers sysToAll
sysToUser sysToGroup sysToRoom attachment onMessage online offline sys yourself searchUsers setUserAttributes
coverSetUserAttributes getUserAttributes getUserOneAttribute rmUserAttributes addOrModifyPassenger getPassenger
getPassengerRecentChat searchGroups setGroupAttributes coverSetGroupAttributes getGroupAttributes getGroupOneAttribute
rmGroupAttributes searchRooms setRoomAttributes coverSetRoomAttributes getRoomAttributes getRoomOneAttribute
rmRoomAttributes`.split(/\s+/);

let place: Place;
const open: MlIm[] = [];
before(async () => {
  place = await openPlace();
});
after(async () => {
  for (const im of open) im.close();
  await place.close();
});

async function join(who: Partial<MlOptions>): Promise<{ im: MlIm; login: LoginResult }> {
  const { server, appId, key: clientId } = place.options;
  let im: MlIm | undefined;
  const login = await new Promise<LoginResult>((resolve) => {
    im = ml({ server, appId, clientId, region: 'cn', ...who }, resolve);
  });
  open.push(im as MlIm);
  return { im: im as MlIm, login };
}

async function setStage(form: 'instance' | 'ML.im'): Promise<Stage> {
  const [me, peerId, visitorId] = ['ann', 'bob', 'cat'].map((name) => `${name}-${form.replace('.', '-')}`) as [
    string,
    string,
    string,
  ];
  const { im: elsewhere } = await join({ userId: me });
  const { im: peer } = await join({ userId: peerId });
  const { im } = await join({ userId: me });
  await im.im.friends.add(peerId);
  await im.im.friends.add(visitorId);
  let strangers = 0;
  return {
    im: form === 'instance' ? im : ml,
    me,
    elsewhere,
    peer,
    peerId,
    visitorId,
    stranger: () => `stranger-${me}-${++strangers}`,
    async visit() {
      const visitor = connect({ ...place.options, user: visitorId });
      await visitor.ready;
      visitor.close();
    },
  };
}

test('every documented function has its case, and there are no others', () => {
  assert.deepEqual(Object.keys(cases).sort(), [...documented].sort());
});

test('ML.im throws a clear error while there is no connection, and says its version', () => {
  assert.throws(() => ml.userInfo('ann', () => {}), /no connection yet/);
  assert.match(ml.version, /^\d+\.\d+\.\d+$/);
});

for (const form of ['instance', 'ML.im'] as const) {
  test(`as functions of ${form}`, async (t) => {
    const stage = await setStage(form);
    for (const name of documented) await t.test(name, () => cases[name]?.(stage));
  });
}

test('sending: a chain that ends in ok(), texts and pictures, to every kind of place', async () => {
  const { im: ann } = await join({ userId: 'ann' });
  const { im: bob } = await join({ userId: 'bob' });
  await ann.im.friends.add('bob');
  const group: string = await ann.im.groups.create({ members: ['bob'] });
  const room: string = await ann.im.rooms.create({ members: ['ann', 'bob'] });
  const heard: RawMessage[] = [];
  bob.onMessage((message) => heard.push(message));
  await ann.toFriend('bob').text('a text').ok().done;
  await ann.toGroup(group).text('to the group').ok().done;
  await ann.toRoom(room).text('to the room').ok().done;
  await ann.toFriend('bob').mediaUrl({ media: 2, body: 'https://example.com/a.mp3' }).send().done;
  const picture = new File([pixel], 'pixel.png', { type: 'image/png' });
  await ann.toFriend('bob').image(picture).ok().done;
  const form = new FormData();
  form.append('userfile', new Blob(['sound']), 'a.mp3');
  await ann.toFriend('bob').audio(form).ok().done;
  await ann
    .toFriend('bob')
    .video(new Uint8Array([1, 2, 3]))
    .ok().done;
  await until('all is heard', () => heard.length === 7);
  assert.deepEqual(
    heard.map(({ to, content }) => [to.type, content.media]),
    [
      [0, 0],
      [1, 0],
      [2, 0],
      [0, 2],
      [0, 1],
      [0, 2],
      [0, 3],
    ],
  );
  const image = heard[4];
  assert.match(image?.content.body ?? '', /\.png$/);
  assert.equal(image?.remark, image?.content.body.replace('.png', '.sm.png'), 'the thumbnail goes along');
});

test('login: its result, a passenger gets an id, a refusal says its number and stays away', async () => {
  const guest = await join({ passenger: { name: 'guest' } });
  assert.equal(guest.login.success, true);
  assert.match(guest.login.id ?? '', /^[0-9a-f]{32}$/);
  assert.equal(guest.im.cache.options.userId, guest.login.id);
  const wrong = await join({ userId: 'ann', clientId: 'not the key' });
  assert.deepEqual({ success: wrong.login.success, error: wrong.login.error }, { success: false, error: 5003 });
  await until('it is refused', () => wrong.im.im.state === 'refused');
  assert.throws(() => ml({ appId: '', clientId: 'x', server: place.url }), /appId/);
});
