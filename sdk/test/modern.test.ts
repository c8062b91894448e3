// The modern face against a real server.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { connect, type Im, type Message, type Options } from '../src/index.ts';
import { openPlace, type Place } from './kit/place.ts';
import { until } from './kit/wait.ts';

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
