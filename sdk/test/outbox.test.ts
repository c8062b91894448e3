// What becomes of a message on its way: its states, offline, over a reload, with files, refused, tried again, taken back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { connect, type Im, type Message, type Options, type Outgoing } from '../src/index.ts';
import { pixel } from './kit/pixel.ts';
import { openPlace, type Place } from './kit/place.ts';
import { openSwitch } from './kit/switch.ts';
import { until } from './kit/wait.ts';

let place: Place;
const open: Im[] = [];
before(async () => {
  place = await openPlace();
});
after(async () => {
  for (const im of open) im.close();
  await place.close();
});
const join = (user: string, more: Partial<Options> = {}): Im => {
  const im = connect({ ...place.options, user, retryMs: [5, 50], ...more });
  open.push(im);
  return im;
};
const listen = (im: Im): Message[] => {
  const all: Message[] = [];
  im.on('message', (message) => all.push(message));
  return all;
};

test('sending, failed, retried, sent: with an event for each', async () => {
  const [ann, bob] = [join('ann1'), join('bob1')];
  await Promise.all([ann.ready, bob.ready]);
  const states: string[] = [];
  ann.on('outbox', ({ state }) => states.push(state));
  const sent = ann.friend('bob1').send('are we friends?');
  await assert.rejects(sent.done, { code: 5003 });
  assert.equal(sent.state, 'failed');
  assert.equal(sent.error?.code, 5003);
  assert.deepEqual(ann.outbox, [sent]);
  await ann.friends.add('bob1');
  sent.retry();
  await sent.done;
  assert.deepEqual(states, ['sending', 'failed', 'sending', 'sent']);
  assert.deepEqual(ann.outbox, []);
  assert.equal(sent.error, undefined);
  assert.equal(sent.cancel(), false, 'what is sent stays sent');
});

test('offline: messages wait in order, one can be taken back, and the rest goes out on return', async () => {
  const line = openSwitch();
  const [ann, bob] = [join('ann2', { transport: line.transport }), join('bob2')];
  await Promise.all([ann.ready, bob.ready]);
  await ann.friends.add('bob2');
  const heard = listen(bob);
  line.off();
  const [one, two, three] = ['one', 'two', 'three'].map((text) => ann.friend('bob2').send(text)) as [
    Outgoing,
    Outgoing,
    Outgoing,
  ];
  assert.deepEqual(
    ann.outbox.map(({ state }) => state),
    ['sending', 'sending', 'sending'],
  );
  assert.equal(two.cancel(), true);
  assert.equal(two.state, 'cancelled');
  await assert.rejects(two.done);
  line.on();
  await Promise.all([one.done, three.done]);
  await until('both are heard', () => heard.length === 2);
  assert.deepEqual(
    heard.map(({ text }) => text),
    ['one', 'three'],
  );
});

test('a reload: what was not sent is taken up by the next page, once', async () => {
  const map = new Map<string, string>();
  const storage = {
    getItem: async (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
  };
  const line = openSwitch();
  const before = join('ann3', { transport: line.transport, storage });
  const bob = join('bob3');
  await Promise.all([before.ready, bob.ready]);
  await before.friends.add('bob3');
  const heard = listen(bob);
  await before.friend('bob3').send('zero').done;
  line.off();
  for (const text of ['one', 'two']) before.friend('bob3').send(text);
  before.stranger('nobody-here').send('to nobody');
  before.close();
  const next = join('ann3', { storage });
  const third = next.friend('bob3').send('three');
  await third.done;
  await until('all is heard', () => heard.length === 4);
  assert.deepEqual(
    heard.map(({ text }) => text),
    ['zero', 'one', 'two', 'three'],
  );
  await until('one failed', () => next.outbox[0]?.state === 'failed');
  next.close();
  const last = join('ann3', { storage });
  await last.ready;
  assert.equal(heard.length, 4, 'nothing goes out again');
});

test('files: uploading with progress, then sending; later messages of the talk wait, those of others do not', async () => {
  const [ann, bob] = [join('ann4'), join('bob4')];
  await Promise.all([ann.ready, bob.ready]);
  await ann.friends.add('bob4');
  const group = await ann.groups.create({ members: ['bob4'] });
  const heard = listen(bob);
  const states: string[] = [];
  const picture = ann.friend('bob4').send({ image: new File([pixel], '雁.png', { type: 'image/png' }) });
  ann.on('outbox', (item) => item === picture && states.push(`${item.state} ${item.progress}`));
  const caption = ann.friend('bob4').send('a wild goose');
  const aside = ann.group(group).send('meanwhile');
  assert.equal(picture.state, 'uploading');
  await Promise.all([picture.done, caption.done, aside.done]);
  assert.deepEqual(states.slice(-2), ['sending 1', 'sent 1']);
  const notes = ann.friend('bob4').send({ file: new File(['x,y'], 'notes.csv', { type: 'text/csv' }) });
  await notes.done;
  await until('all is heard', () => heard.length === 4);
  const [first, second, third] = heard.filter(({ talk }) => talk.kind === 'friend') as [Message, Message, Message];
  assert.equal(first.kind, 'image');
  assert.match(first.thumb ?? '', /\.sm\.png$/);
  assert.equal(second.text, 'a wild goose');
  assert.deepEqual([third.kind, third.file], ['file', { type: 'text/csv', size: 3, name: 'notes.csv' }]);
  assert.equal(third.url, third.body);
});

test('a file that is picked offline waits; one that the server refuses fails, and lets the others pass', async () => {
  const line = openSwitch();
  const [ann, bob] = [join('ann5', { transport: line.transport }), join('bob5')];
  await Promise.all([ann.ready, bob.ready]);
  await ann.friends.add('bob5');
  line.off();
  const waiting = ann.friend('bob5').send({ image: new Blob([pixel], { type: 'image/png' }) });
  await until('it was tried', () => waiting.state === 'uploading');
  line.on();
  await waiting.done;
  const broken = ann.friend('bob5').send({ image: new Blob([pixel.slice(0, 40)], { type: 'image/png' }) });
  const behind = ann.friend('bob5').send('still here');
  await assert.rejects(broken.done, { code: 5007 });
  await behind.done;
  assert.equal(broken.cancel(), true);
  assert.deepEqual(ann.outbox, []);
});
