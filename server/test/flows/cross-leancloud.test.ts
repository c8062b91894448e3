// Somebody on LeanCloud's socket and somebody on MaxLeap's, in one conversation.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { fileIdOf } from '../../src/dialects/leancloud/wire.ts';
import { LcWire, textOf } from '../kit/leancloud-wire.ts';
import { openStory, text } from '../kit/story.ts';

const story = await openStory();
after(() => story.close());
const { world } = story;

it('[LC-230] a group is one for both: text, picture, edit, recall, and each speaks his own words', async () => {
  const ann = await story.join('ann', { ext: 1 });
  const tom = await LcWire.open(world, 'tom');
  const cid = await tom.start(['ann', 'tom'], { attr: { data: '{"name":"hikers"}' } });
  assert.deepEqual((await ann.next('members')).added.sort(), ['ann', 'tom']);

  const rich = '{"_lctype":-1,"_lctext":"hello","_lcattrs":{"k":1}}';
  const { uid: mid, t: timestamp } =
    (await tom.ask({ cmd: 'direct', directMessage: { cid, msg: rich } })).ackMessage ?? {};
  const heard = await ann.next('message');
  assert.deepEqual([heard.from, heard.content.body, heard.ts], [{ id: 'tom', type: 1, gid: cid }, 'hello', timestamp]);

  ann.say(text(1, cid, '你好'));
  assert.equal((await tom.nextOp('direct')).directMessage?.msg, textOf('你好'));
  ann.say({ to: { id: cid, type: 1 }, content: { media: 1, body: 'https://files.example/p.png' } });
  const picture = (await tom.nextOp('direct')).directMessage;
  assert.deepEqual(JSON.parse(picture?.msg ?? ''), {
    _lcfile: { url: 'https://files.example/p.png', objId: fileIdOf('https://files.example/p.png') },
    _lctype: -2,
  });
  const lc = '{"_lcfile":{"url":"https://files.example/q.png","metaData":{"width":4,"height":3}},"_lctype":-2}';
  await tom.ask({ cmd: 'direct', directMessage: { cid, msg: lc } });
  assert.deepEqual((await ann.next('message')).content, { media: 1, body: 'https://files.example/q.png' });

  const edit = { cid, mid, timestamp, data: textOf('better') };
  await tom.ask({ cmd: 'patch', op: 'modify', patchMessage: { patches: [edit] } });
  assert.equal((await ann.next('edited')).content.body, 'better');
  await tom.ask({ cmd: 'patch', op: 'modify', patchMessage: { patches: [{ cid, mid, timestamp, recall: true }] } });
  assert.equal((await ann.next('recalled')).ts, timestamp);

  const mine = await ann.ask('say', text(1, cid, 'mistake'));
  const { id } = (await tom.nextOp('direct')).directMessage ?? {};
  await ann.ask('edit', { to: { id: cid, type: 1 }, ts: mine.ts, content: { media: 0, body: 'mended' } });
  const edited = (await tom.nextOp('patch')).patchMessage?.patches?.[0];
  assert.deepEqual([edited?.mid, edited?.data, edited?.from], [id, textOf('mended'), 'ann']);
  await ann.ask('recall', { to: { id: cid, type: 1 }, ts: mine.ts });
  const recalled = (await tom.nextOp('patch')).patchMessage?.patches?.[0];
  assert.deepEqual([recalled?.mid, recalled?.recall, recalled?.data], [id, true, '{"_lctype":-127}']);

  const shown = ((await tom.logs(cid)).logsMessage?.logs ?? []).map(({ data }) => data);
  assert.deepEqual(shown, ['{"_lctype":-127}', textOf('你好'), picture?.msg, lc, '{"_lctype":-127}']);
  const chats = ['ann: 你好', 'ann: https://files.example/p.png', 'tom: https://files.example/q.png'];
  assert.deepEqual(await story.history(`/groups/${cid}/chats`), chats);
  await tom.close();
});

it('[LC-231] a unique conversation of two is their direct talk, and a third comes in only where nobody used it so', async () => {
  const eve = await story.join('eve');
  const sam = await LcWire.open(world, 'sam');
  const cid = await sam.start(['eve', 'sam'], { unique: true });
  await sam.say(cid, 'just us');
  const heard = await eve.next('message');
  assert.deepEqual(
    [heard.from, heard.to, heard.content.body],
    [{ id: 'sam', type: 4 }, { id: 'eve', type: 4 }, 'just us'],
  );
  eve.say(text(4, 'sam', 'yes'));
  const { directMessage } = await sam.nextOp('direct');
  assert.deepEqual([directMessage?.cid, directMessage?.fromPeerId], [cid, 'eve']);
  const refused = await sam.ask({ cmd: 'conv', op: 'add', convMessage: { cid, m: ['third'] } });
  assert.deepEqual(refused.errorMessage, { code: 4308, reason: 'CONVERSATION_NOT_ALLOWED' });

  const other = await sam.start(['sam', 'uma'], { unique: true });
  await sam.say(other, 'soon three');
  const added = await sam.ask({ cmd: 'conv', op: 'add', convMessage: { cid: other, m: ['third'] } });
  assert.deepEqual(added.convMessage?.allowedPids, ['third']);
  await sam.say(other, 'three');
  assert.equal((await sam.logs(other)).logsMessage?.logs?.length, 2);
  await sam.close();
});

it('[LC-232] reading through one door is seen through the other', async () => {
  const ida = await story.join('ida', { ext: 1 });
  const max = await LcWire.open(world, 'max');
  const cid = await max.start(['ida', 'max'], { unique: true });
  const { t } = (await max.say(cid, 'read me', { r: true })).ackMessage ?? {};
  await ida.next('message');
  await ida.ask('read', { to: { id: 'max', type: 4 }, ts: t });
  const { rcpMessage } = await max.nextOp('rcp');
  assert.deepEqual([rcpMessage?.cid, rcpMessage?.read, rcpMessage?.from], [cid, true, 'ida']);
  await max.close();
});
