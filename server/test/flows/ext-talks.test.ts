// Extensions of REST: catching up, the list of talks, read marks.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ChatClient, FromWire } from '../kit/chat-client.ts';
import { days, refused } from '../kit/rest.ts';
import { ext, openStory, text } from '../kit/story.ts';

const story = await openStory();
const { world } = story;
after(() => story.close());

let ann: ChatClient;
let bob: ChatClient;
before(async () => {
  ann = await story.join('ann', ext);
  bob = await story.join('bob', ext);
  await story.befriend('ann', 'bob');
});

const get = async (path: string): Promise<FromWire> => {
  const answer = await world.rest('GET', path);
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
};
const bodies = (records: FromWire[]): string[] => records.map((record) => record.content?.body ?? 'recalled');

/** Says texts one after the other; answers their times. */
async function says(who: ChatClient, type: number | undefined, id: string, ...texts: string[]): Promise<number[]> {
  const said: number[] = [];
  for (const one of texts) said.push((await who.sayAndWait(text(type, id, one))).ts);
  return said;
}

describe('catching up', () => {
  test('[ML-360] `after` reads on from a moment, the oldest first: friends, strangers, groups and passengers', async () => {
    const cat = await story.join('cat', ext);
    const guest = await story.joinPassenger({ id: 'g1' }, ext);
    const group = await story.group('ann', 'bob');
    const talks: [string, ChatClient, number | undefined, string][] = [
      ['/ctx/bob/friends/ann/chats', ann, 0, 'bob'],
      ['/ctx/ann/strangers/cat/chats', cat, 4, 'ann'],
      [`/groups/${group}/chats`, ann, 1, group],
      ['/passengers/g1/chats/ann', guest, undefined, 'ann'],
    ];
    for (const [path, who, type, id] of talks) {
      const ts = await says(who, type, id, '0', '1', '2', '3', '4');
      assert.deepEqual(bodies(await get(`${path}?after=${ts[1]}&limit=2`)), ['2', '3'], path);
      assert.deepEqual(bodies(await get(`${path}?after=${ts[3]}&limit=2`)), ['4']);
      assert.deepEqual(await get(`${path}?after=${ts[4]}`), []);
      assert.deepEqual(bodies(await get(`${path}?after=0&limit=1`)), ['0']);
      assert.deepEqual(bodies(await get(`${path}?after=${ts[0]}&ts=${ts[3]}`)), ['1', '2']);
      for (const nothing of ['after=undefined', 'after=', 'after=-1', 'after=x'])
        assert.deepEqual(bodies(await get(`${path}?${nothing}&limit=1`)), ['4'], nothing);
    }
  });

  test('[ML-361] `changed` gives what was edited and recalled since, in the order of that', async () => {
    const guest = await story.joinPassenger({ id: 'g2' }, ext);
    const group = await story.group('ann', 'bob');
    const talks: [string, ChatClient, FromWire, string][] = [
      ['/ctx/bob/friends/ann/chats', ann, { id: 'bob', type: 0 }, 'ann'],
      [`/groups/${group}/chats`, ann, { id: group, type: 1 }, 'ann'],
      ['/passengers/g2/chats/ann', guest, { id: 'ann', type: 0 }, 'g2'],
    ];
    for (const [path, who, to, speaker] of talks) {
      const [one, two] = await says(who, to.type, to.id, 'one', 'two', 'three');
      const edit = await who.ask('edit', { to, ts: two, content: { body: 'TWO' }, remark: 'r' });
      const recall = await who.ask('recall', { to, ts: one });
      const first = { speaker, ts: two, edited: edit.editedTs, content: { media: 0, body: 'TWO' }, remark: 'r' };
      const second = { speaker, ts: one, edited: recall.editedTs, recalled: true };
      assert.deepEqual(await get(`${path}?changed=${two}`), [first, second], path);
      assert.deepEqual(await get(`${path}?changed=${edit.editedTs}`), [second]);
      assert.deepEqual(await get(`${path}?changed=0&limit=1`), [first]);
      assert.deepEqual(await get(`${path}?changed=${recall.editedTs}`), []);
    }
    assert.deepEqual(
      await get('/ctx/bob/strangers/ann/chats?changed=0'),
      [],
      'talk of friends is no talk of strangers',
    );
  });

  test('[ML-362] both keep to the window, and leave out what the reader has hidden', async () => {
    const path = '/ctx/ann/friends/bob/chats';
    const [one, two] = await says(bob, 0, 'ann', 'one', 'two');
    const to = { id: 'ann', type: 0 };
    for (const ts of [one, two]) await bob.ask('edit', { to, ts, content: { body: 'edited' } });
    const since = (one ?? 0) - 1;
    assert.equal((await get(`${path}?after=${since}`)).length, 2);
    assert.equal((await get(`${path}?changed=${since}`)).length, 2);
    await world.rest('DELETE', `${path}?hide=${one}`);
    assert.deepEqual(
      [(await get(`${path}?after=${since}`)).length, (await get(`${path}?changed=${since}`)).length],
      [1, 1],
    );
    assert.equal((await get(`/ctx/bob/friends/ann/chats?after=${since}`)).length, 2);
    world.clock.advance(days(8));
    for (const query of [`after=${since}`, `changed=${since}`]) assert.deepEqual(await get(`${path}?${query}`), []);
  });
});

describe('the list of talks', () => {
  test('[ML-363] shows friends, strangers, passengers and groups, newest first, each with its newest message and what is unread', async () => {
    const fay = await story.join('fay', ext);
    const gus = await story.join('gus', ext);
    const guest = await story.joinPassenger({ id: 'g3' }, ext);
    await story.befriend('fay', 'bob');
    const { body: group } = await world.rest('POST', '/groups', {
      owner: 'fay',
      members: ['fay', 'bob'],
      name: 'Club',
    });
    await story.room('fay', 'bob');
    const [friend = 0] = await says(bob, 0, 'fay', 'as a friend');
    const [, stranger = 0] = await says(gus, 4, 'fay', 'as a stranger', 'again');
    const [visitor = 0] = await says(guest, undefined, 'fay', 'as a visitor');
    const [, club = 0] = [await says(fay, 1, group, 'mine'), ...(await says(bob, 1, group, 'yours'))];
    await fay.ask('read', { to: { id: 'bob', type: 0 }, ts: friend });
    await gus.ask('read', { to: { id: 'fay', type: 4 }, ts: stranger });
    const list = await get('/ctx/fay/conversations');
    const plain = list.map(({ recent, ...rest }: FromWire) => ({ ...rest, recent: recent.content.body }));
    assert.deepEqual(plain, [
      { to: { id: group, type: 1 }, name: 'Club', unread: 1, readTs: 0, ts: club, head: club, recent: 'yours' },
      {
        to: { id: 'g3', type: 3 },
        unread: 1,
        readTs: 0,
        peerReadTs: 0,
        ts: visitor,
        head: visitor,
        recent: 'as a visitor',
      },
      {
        to: { id: 'gus', type: 4 },
        unread: 2,
        readTs: 0,
        peerReadTs: stranger,
        ts: stranger,
        head: stranger,
        recent: 'again',
      },
      {
        to: { id: 'bob', type: 0 },
        unread: 0,
        readTs: friend,
        peerReadTs: 0,
        ts: friend,
        head: friend,
        recent: 'as a friend',
      },
    ]);
    assert.deepEqual(await get('/ctx/fay/conversations?limit=1'), [list[0]]);
    assert.deepEqual(await get(`/ctx/fay/conversations?limit=2&before=${club}`), list.slice(1, 3));
    await fay.ask('read', { to: { id: 'gus', type: 4 }, ts: stranger });
    const { editedTs } = await gus.ask('recall', { to: { id: 'fay', type: 4 }, ts: stranger });
    const row = (await get('/ctx/fay/conversations')).find(({ to }: FromWire) => to.id === 'gus');
    assert.deepEqual(
      [row.unread, row.readTs, row.ts, row.head, row.recent.content.body],
      [0, stranger, stranger, editedTs, 'as a stranger'],
    );
    refused(await world.rest('GET', '/ctx/ghost/conversations'), 404, 5004);
  });

  test('[ML-363] a new group is in the list before anything was said; at most a hundred unread are counted', async () => {
    await story.join('hal');
    const group = await story.group('hal', 'ann');
    const [row] = await get('/ctx/hal/conversations');
    assert.deepEqual([row.to, row.unread, 'recent' in row], [{ id: group, type: 1 }, 0, false]);
    await Promise.all(Array.from({ length: 120 }, (_, n) => ann.sayAndWait(text(1, group, `${n}`))));
    assert.equal((await get('/ctx/hal/conversations'))[0].unread, 100);
    assert.equal((await get('/ctx/ann/conversations')).find(({ to }: FromWire) => to.id === group).unread, 0);
  });

  test('[ML-364] a passenger has a list too, in which everybody is a friend', async () => {
    const guest = await story.joinPassenger({ id: 'g4' }, ext);
    const [ts = 0] = await says(ann, 3, 'g4', 'can I help?');
    const [row, ...more] = await get('/passengers/g4/conversations');
    const recent = { speaker: 'ann', content: { media: 0, body: 'can I help?' }, ts };
    assert.deepEqual(row, { to: { id: 'ann', type: 0 }, recent, unread: 1, readTs: 0, peerReadTs: 0, ts, head: ts });
    assert.deepEqual(more, []);
    await guest.ask('read', { to: { id: 'ann' }, ts });
    assert.equal((await get('/passengers/g4/conversations'))[0].unread, 0);
    refused(await world.rest('GET', '/passengers/ghost/conversations'), 404, 5004);
  });

  test('[ML-365] the read marks of a group are those of its members', async () => {
    const group = await story.group('ann', 'bob');
    assert.deepEqual(await get(`/groups/${group}/reads`), {});
    const [one = 0, two = 0] = await says(ann, 1, group, 'one', 'two');
    const to = { id: group, type: 1 };
    await ann.ask('read', { to, ts: two });
    await bob.ask('read', { to, ts: one });
    assert.deepEqual(await get(`/groups/${group}/reads`), { ann: two, bob: one });
    await world.rest('DELETE', `/groups/${group}/members`, { members: ['bob'] });
    assert.deepEqual(await get(`/groups/${group}/reads`), { ann: two });
    refused(await world.rest('GET', `/groups/${'0'.repeat(32)}/reads`), 404, 5004);
  });
});
