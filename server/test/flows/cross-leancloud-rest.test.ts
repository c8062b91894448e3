// A back-end on LeanCloud's REST API and people on MaxLeap's socket, in one group.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { leancloud } from '../kit/leancloud.ts';
import { openStory, text } from '../kit/story.ts';

const story = await openStory();
after(() => story.close());
const call = leancloud(story.world);
const master = { master: true };

it('[LC-202] a LeanCloud conversation is a MaxLeap group: both hear and read each other', async () => {
  const ann = await story.join('ann', { ext: 1 });
  const { objectId } = (await call('POST', '/1.2/rtm/conversations', { name: 'hikers', m: ['ann', 'tom'] })).body;
  const path = `/1.2/rtm/conversations/${objectId}/messages`;
  const image = '{"_lctype":-2,"_lcfile":{"url":"https://files.example/p.png"}}';
  const rich = '{"_lctype":-1,"_lctext":"hello","_lcattrs":{"k":1}}';

  const sent = (await call('POST', path, { from_client: 'tom', message: rich })).body;
  const heard = await ann.next('message');
  assert.deepEqual(
    [heard.from, heard.content.body, heard.ts],
    [{ id: 'tom', type: 1, gid: objectId }, 'hello', sent.timestamp],
  );
  await call('POST', path, { from_client: 'tom', message: image });
  assert.deepEqual((await ann.next('message')).content, { media: 1, body: 'https://files.example/p.png' });

  ann.say(text(1, objectId, '你好'));
  await story.settled(ann);
  const records = (await call('GET', `${path}?reversed=true`, undefined, master)).body;
  assert.deepEqual(
    records.slice(0, 2).map(({ data }: { data: string }) => data),
    [rich, image],
  );
  assert.deepEqual(JSON.parse(records[2].data), { _lctext: '你好', _lctype: -1 });

  await call('PUT', `${path}/${sent['msg-id']}`, { from_client: 'tom', timestamp: sent.timestamp, message: 'changed' });
  assert.equal((await ann.next('edited')).content.body, 'changed');
  await call('PUT', `${path}/${sent['msg-id']}/recall`, { from_client: 'tom', timestamp: sent.timestamp });
  assert.equal((await ann.next('recalled')).ts, sent.timestamp);
  const chats = await story.history(`/groups/${objectId}/chats`);
  assert.deepEqual(chats, ['tom: https://files.example/p.png', 'ann: 你好']);
});
