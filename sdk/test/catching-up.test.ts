// After a gap: what was missed comes in order, once, and before what is said next; also edits and recalls, and talks
// that began meanwhile.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { connect, type Im, type Message } from '../src/index.ts';
import { openPlace, type Place } from './kit/place.ts';
import { openSwitch, type Switch } from './kit/switch.ts';
import { pause, until } from './kit/wait.ts';

let place: Place;
const open: Im[] = [];
before(async () => {
  place = await openPlace();
});
after(async () => {
  for (const im of open) im.close();
  await place.close();
});

type Side = { im: Im; line: Switch; told: string[]; messages: Message[] };

async function join(user: string): Promise<Side> {
  const line = openSwitch();
  const im = connect({ ...place.options, user, transport: line.transport, retryMs: [5, 50] });
  open.push(im);
  const side: Side = { im, line, told: [], messages: [] };
  im.on('message', (message) => {
    side.messages.push(message);
    side.told.push(`${message.talk.kind} ${message.from}: ${message.text}`);
  });
  im.on('edited', ({ from, text }) => side.told.push(`${from} edited: ${text}`));
  im.on('recalled', ({ from }) => side.told.push(`${from} recalled`));
  await im.ready;
  return side;
}

let count = 0;
/** Two friends of names of their own, so that no test disturbs another. */
async function pair(): Promise<[Side, Side]> {
  count++;
  const both = await Promise.all([join(`ann${count}`), join(`bob${count}`)]);
  await both[0].im.friends.add(`bob${count}`);
  return both;
}

const numbers = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, i) => `${from + i}`);

test('more than two pages of missed messages come in order, once, before what is said next', async () => {
  const [ann, bob] = await pair();
  const talk = ann.im.friend(bob.im.id);
  await talk.send('0').done;
  await until('the first is heard', () => bob.messages.length === 1);
  bob.line.off();
  await Promise.all(numbers(1, 230).map((text) => talk.send(text).done));
  bob.line.on();
  for (const text of numbers(231, 240)) await talk.send(text).done;
  await until('all is heard', () => bob.messages.length === 241);
  assert.deepEqual(
    bob.messages.map(({ text }) => text),
    numbers(0, 240),
  );
  await pause(50);
  assert.equal(bob.messages.length, 241, 'nothing comes twice');
});

test('edits and recalls of the gap: of messages known before as changes, of missed ones as they are now', async () => {
  const [ann, bob] = await pair();
  const talk = ann.im.friend(bob.im.id);
  const [, fixed, taken] = await Promise.all(['kept', 'fixt', 'taken'].map((text) => talk.send(text).done));
  await until('three are heard', () => bob.told.length === 3);
  bob.line.off();
  bob.told.length = 0;
  const missed = await talk.send('misst').done;
  const gone = await talk.send('gone').done;
  await talk.edit(fixed?.ts as number, 'fixed');
  await talk.recall(taken?.ts as number);
  await talk.edit(missed.ts as number, 'missed');
  await talk.recall(gone.ts as number);
  bob.line.on();
  await talk.send('live').done;
  await until('all is told', () =>
    ['recalled', ': fixed', ': live'].every((end) => bob.told.some((line) => line.endsWith(end))),
  );
  const told = bob.told.map((line) => line.replace(ann.im.id, 'ann'));
  const texts = told.filter((line) => line.startsWith('friend'));
  assert.deepEqual(texts, ['friend ann: missed', 'friend ann: live']);
  assert.ok(told.includes('ann edited: fixed') && told.includes('ann recalled'));
  assert.ok(!told.some((line) => /kept|misst|taken/.test(line)));
});

test('a talk that began in the gap is heard too, and groups', async () => {
  const [ann, bob] = await pair();
  const cat = await join(`cat${count}`);
  bob.line.off();
  await cat.im.stranger(bob.im.id).send('who are you?').done;
  const group = await ann.im.groups.create({ members: [bob.im.id] });
  await ann.im.group(group).send('welcome').done;
  bob.line.on();
  await until('both are heard', () => bob.told.length >= 2);
  assert.deepEqual(bob.told.sort(), [`group ${ann.im.id}: welcome`, `stranger ${cat.im.id}: who are you?`]);
});

test('what this page said itself is not heard again, what this user said elsewhere is', async () => {
  const [ann, bob] = await pair();
  const phone = await join(ann.im.id);
  await ann.im.friend(bob.im.id).send('from here').done;
  await until('the phone hears it', () => phone.messages.length === 1);
  ann.line.off();
  await phone.im.friend(bob.im.id).send('from the phone').done;
  const late = ann.im.friend(bob.im.id).send('said offline');
  assert.equal(late.state, 'sending');
  ann.line.on();
  await late.done;
  await until('the other one is heard', () => ann.messages.length > 0);
  await pause(50);
  assert.deepEqual(
    ann.messages.map(({ text, own }) => [text, own]),
    [['from the phone', true]],
  );
});

test('one who joins or leaves a group makes no gap', async () => {
  const [ann, bob] = await pair();
  const cat = await join(`cat${count}`);
  const group = await ann.im.groups.create({ members: [bob.im.id] });
  const changes: string[] = [];
  bob.im.on('members', ({ talk, added, removed }) => changes.push(`${talk.kind} +${added} -${removed}`));
  await ann.im.group(group).send('before').done;
  await until('it is heard', () => bob.messages.length === 1);
  changes.length = 0;
  await ann.im.groups.addMembers(group, [cat.im.id]);
  await ann.im.groups.removeMembers(group, [cat.im.id]);
  const start = Date.now();
  await ann.im.group(group).send('after').done;
  await until('both are heard', () => bob.messages.length === 2);
  assert.deepEqual(changes, [`group +${cat.im.id} -`, `group + -${cat.im.id}`]);
  assert.ok(Date.now() - start < 250, 'it was not asked for');
});

test('a list of members that is replaced is two changes of one moment, and both are told', async () => {
  const [ann, bob] = await pair();
  const [cat, dan] = await Promise.all([join(`cat${count}`), join(`dan${count}`)]);
  const group = await ann.im.groups.create({ members: [bob.im.id, cat.im.id] });
  const changes: string[] = [];
  await until('bob is in', async () => (await bob.im.groups.list()).includes(group));
  bob.im.on('members', ({ added, removed }) => changes.push(`+${added} -${removed}`));
  await ann.im.groups.update(group, { members: [ann.im.id, bob.im.id, dan.im.id] });
  await until(
    'both are told',
    () => changes.some((line) => line.includes('dan')) && changes.some((line) => line.includes('cat')),
  );
});
