// The modern face against a real server.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { connect, type Im, type Message, type Options } from '../src/index.ts';
import { openPlace, type Place } from './kit/place.ts';
import { pause, until } from './kit/wait.ts';

let place: Place;
const open: Im[] = [];
const join = async (user: string, more: Partial<Options> = {}): Promise<Im> => {
  const im = connect({ ...place.options, user, ...more });
  open.push(im);
  await im.ready;
  return im;
};
const heard = (im: Im): Message[] => {
  const all: Message[] = [];
  im.on('message', (message) => all.push(message));
  return all;
};

before(async () => {
  place = await openPlace();
});
after(async () => {
  for (const im of open) im.close();
  await place.close();
});

test('a message reaches a friend, and this user elsewhere, once and with its place in the order', async () => {
  const [ann, phone, bob] = await Promise.all([join('ann'), join('ann'), join('bob')]);
  assert.equal(ann.id, 'ann');
  assert.equal(ann.state, 'online');
  await ann.friends.add('bob');
  const atBob = heard(bob);
  const atPhone = heard(phone);
  const sent = ann.friend('bob').send('鸿雁 ✓');
  assert.equal(sent.state, 'sending');
  await sent.done;
  assert.equal(sent.state, 'sent');
  const message = await until('bob hears it', () => atBob[0]);
  assert.equal(message.text, '鸿雁 ✓');
  assert.equal(message.ts, sent.ts);
  assert.equal(message.from, 'ann');
  assert.equal(message.own, false);
  assert.equal(message.talk, bob.friend('ann'));
  const own = await until('her phone hears it', () => atPhone[0]);
  assert.equal(own.own, true);
  assert.equal(own.talk, phone.friend('bob'));
  assert.equal(own.ref, sent.ref);
  assert.deepEqual(
    (await bob.friend('ann').history()).map(({ text, own, ts }) => ({ text, own, ts })),
    [{ text: '鸿雁 ✓', own: false, ts: sent.ts }],
  );
});

test('groups, rooms, strangers, passengers: each is a conversation', async () => {
  const [ann, bob] = await Promise.all([join('ann'), join('bob')]);
  const guest = connect({ ...place.options, passenger: { name: 'guest' } });
  open.push(guest);
  const guestId = await guest.ready;
  const atBob = heard(bob);
  const atGuest = heard(guest);
  const group = await ann.groups.create({ name: 'geese', members: ['bob'] });
  const room = await ann.rooms.create({ name: 'pond', members: ['ann', 'bob'] });
  await ann.group(group).send('to the group').done;
  await ann.room(room).send('to the room').done;
  await ann.passenger(guestId).send('to the guest').done;
  await guest.friend('bob').send('from the guest').done;
  await join('zed').then((zed) => zed.stranger('bob').send('from a stranger').done);
  await until('all is heard', () => atBob.length === 4 && atGuest.length === 1);
  assert.deepEqual(
    atBob.map(({ talk, text, from }) => `${talk.key} ${from}: ${text}`).sort(),
    [
      `group:${group} ann: to the group`,
      `passenger:${guestId} ${guestId}: from the guest`,
      `room:${room} ann: to the room`,
      'stranger:zed zed: from a stranger',
    ].sort(),
  );
  assert.equal(atGuest[0]?.talk, guest.friend('ann'));
  assert.equal((await guest.friend('ann').history())[0]?.text, 'to the guest');
  assert.equal((await bob.stranger('zed').history())[0]?.text, 'from a stranger');
  assert.deepEqual(await ann.room(room).history(), []);
});

test('typing, read marks, edits, recalls: heard by the others, and by this user elsewhere', async () => {
  const [ann, phone, bob] = await Promise.all([join('ann2'), join('ann2'), join('bob2')]);
  await ann.friends.add('bob2');
  const group = await ann.groups.create({ members: ['bob2'] });
  const told: string[] = [];
  for (const [name, im] of [
    ['ann', ann],
    ['phone', phone],
    ['bob', bob],
  ] as const) {
    im.on('typing', ({ talk, from }) => told.push(`${name}: ${from} types in ${talk.kind}`));
    im.on('read', ({ talk, from, own, ts }) => told.push(`${name}: ${own ? 'I' : from} read ${talk.kind} to ${ts}`));
    im.on('edited', ({ talk, text, own }) => told.push(`${name}: ${own ? 'own' : 'other'} ${talk.kind} now ${text}`));
    im.on('recalled', ({ talk, own, ts }) => told.push(`${name}: ${own ? 'own' : 'other'} ${talk.kind} without ${ts}`));
  }
  const { ts } = await bob.friend('ann2').send('helo').done;
  ann.friend('bob2').typing();
  ann.friend('bob2').typing();
  await ann.friend('bob2').read(ts as number);
  await bob.friend('ann2').edit(ts as number, 'hello');
  await bob.friend('ann2').recall(ts as number);
  ann.group(group).typing();
  const expected = [
    'bob: ann2 types in friend',
    `bob: ann2 read friend to ${ts}`,
    `phone: I read friend to ${ts}`,
    ...['ann', 'phone'].map((name) => `${name}: other friend now hello`),
    'bob: own friend now hello',
    ...['ann', 'phone'].map((name) => `${name}: other friend without ${ts}`),
    `bob: own friend without ${ts}`,
    'bob: ann2 types in group',
  ];
  await until('all is told', () => told.length >= expected.length);
  assert.deepEqual(told.sort(), expected.sort());
  await assert.rejects(
    ann.friend('bob2').edit(ts as number, 'not mine'),
    (error: { code: number }) => error.code > 5000,
  );
  const { ts: said } = await ann.group(group).send('read me').done;
  await bob.group(group).read(said as number);
  assert.equal((await ann.group(group).reads()).bob2, said);
});

test('the list of talks: newest first, with what is unread and the newest message', async () => {
  const [ann, bob] = await Promise.all([join('ann3'), join('bob3')]);
  await ann.friends.add('bob3');
  const group = await ann.groups.create({ name: 'geese', members: ['bob3'] });
  await ann.friend('bob3').send('one').done;
  await ann.friend('bob3').send('two').done;
  // Two moments of different conversations may be the same one.
  await pause(10);
  await ann.group(group).send('all').done;
  const [first, second] = await bob.conversations();
  assert.equal(first?.talk, bob.group(group));
  assert.deepEqual([first?.unread, first?.name, first?.recent?.text], [1, 'geese', 'all']);
  assert.equal(second?.talk, bob.friend('ann3'));
  assert.deepEqual([second?.unread, second?.recent?.text, second?.recent?.own], [2, 'two', false]);
  await bob.friend('ann3').read(second?.ts as number);
  assert.equal((await bob.conversations())[1]?.unread, 0);
  assert.equal((await bob.conversations({ limit: 1 })).length, 1);
});

test('messages() yields what arrives, and ends with the connection', async () => {
  const [ann, bob] = await Promise.all([join('ann4'), join('bob4')]);
  await ann.friends.add('bob4');
  const arriving = bob.friend('ann4').messages();
  const heardTexts: unknown[] = [];
  const reading = (async () => {
    for await (const { text } of arriving) {
      heardTexts.push(text);
      if (text === 'two') bob.close();
    }
  })();
  for (const text of ['one', 'two']) await ann.friend('bob4').send(text).done;
  await reading;
  assert.deepEqual(heardTexts, ['one', 'two']);
});

test('friends and presence are told', async () => {
  const [ann, bob] = await Promise.all([join('ann5'), join('bob5')]);
  const told: string[] = [];
  ann.on('friends', ({ id, added }) => told.push(`${id} ${added}`));
  ann.on('presence', ({ id, online, friend }) => told.push(`${id} ${online} ${friend}`));
  const off = ann.on('friends', () => told.push('never'));
  off();
  await bob.friends.add('ann5');
  await until('it is told', () => told.length === 1);
  bob.close();
  await until('he is gone', () => told.length === 2);
  assert.deepEqual(told, ['bob5 true', 'bob5 false true']);
});

test('the surface over REST: users, groups, rooms, friends, system, any other call', async () => {
  const ann = await join('ann6');
  await ann.users.setAttributes('ann6', { name: 'Ann', 城市: '上海' });
  await ann.users.replaceAttributes('ann6', { 城市: '上海 & co', age: 30 });
  assert.deepEqual(await ann.users.attributes('ann6'), { 城市: '上海 & co', age: 30 });
  assert.equal(await ann.users.attributes('ann6', '城市'), '上海 & co');
  assert.deepEqual(
    (await ann.users.find({ where: { 城市: '上海 & co' }, limit: 5 })).map(({ id }) => id),
    ['ann6'],
  );
  await ann.users.removeAttributes('ann6', 'age');
  assert.deepEqual((await ann.users.get('ann6')).attributes, { 城市: '上海 & co' });
  const group = await ann.groups.create({ name: 'g' });
  assert.equal((await ann.groups.get(group)).owner, 'ann6');
  assert.deepEqual(await ann.groups.list(), [group]);
  assert.equal((await ann.groups.list(true))[0]?.name, 'g');
  await ann.users.setAttributes('bob6', {});
  await ann.groups.join(group, 'bob6');
  await ann.groups.update(group, { name: 'h' });
  assert.ok((await ann.groups.get(group)).members.includes('bob6'));
  await ann.groups.leave(group, 'bob6');
  await ann.groups.remove(group);
  await assert.rejects(ann.groups.get(group), { code: 5004, status: 404 });
  const room = await ann.rooms.create();
  await ann.rooms.addMembers(room, ['bob6']);
  assert.deepEqual((await ann.rooms.get(room)).members, ['bob6']);
  assert.deepEqual(await ann.friends.list(), []);
  const friendship = await ann.friends.add('bob6');
  assert.equal((await ann.friends.get('bob6')).id, friendship.id);
  assert.equal((await ann.friends.list(true))[0]?.id, 'bob6');
  await ann.friends.remove('bob6');
  const systems: unknown[] = [];
  ann.on('system', ({ text }) => systems.push(text));
  await ann.system.toUser('ann6', { content: { body: 'hello' } });
  await until('it is announced', () => systems[0] === 'hello');
  assert.deepEqual(await ann.call('GET', '/ctx/ann6/attributes'), { 城市: '上海 & co' });
});

test('refused: ready rejects, and what was asked meanwhile fails', async () => {
  const im = connect({ ...place.options, key: 'wrong', user: 'ann' });
  const sent = im.friend('bob').send('hi');
  await assert.rejects(im.ready, { code: 5003 });
  assert.equal(im.state, 'refused');
  await assert.rejects(sent.done);
  assert.equal(sent.state, 'failed');
  // A page comes from a server, which is the one it talks to.
  if (!globalThis.location) assert.throws(() => connect({ appId: 'a', key: 'k' }), /server/);
});

test('what proves who this is may be asked for before each connection', async () => {
  let asked = 0;
  const im = connect({
    ...place.options,
    auth: async () => {
      asked++;
      return { client: 'vouched-for' };
    },
  });
  open.push(im);
  assert.equal(await im.ready, 'vouched-for');
  assert.equal(asked, 1);
});
