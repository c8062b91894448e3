import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { days, done, refused, talk, to } from '../../../../test/kit/rest.ts';
import { openWorld, type World } from '../../../../test/kit/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

const befriend = async (a: string, b: string) => done(await world.rest('POST', `/ctx/${a}/friends/${b}`));
const chats = async (a: string, b: string, query = '') =>
  done(await world.rest('GET', `/ctx/${a}/friends/${b}/chats${query}`));
const bodies = (page: { content: { body: string } }[]) => page.map(({ content }) => content.body);

test('[ML-39] [ML-40] friendship has one id, whoever asks and how often', async () => {
  const first = await befriend('a', 'b');
  assert.match(first.id, /^[0-9a-f]{16}$/);
  assert.deepEqual({ ...first, id: '', ts: 0 }, { id: '', from: 'a', to: 'b', ns: world.app.id, ts: 0 });
  assert.ok(Math.abs(first.ts - Date.now()) < 60_000);
  assert.deepEqual(await befriend('a', 'b'), first);
  assert.deepEqual(await befriend('b', 'a'), first);
  assert.deepEqual(done(await world.rest('GET', '/ctx/a/friends')), ['b']);
  assert.deepEqual(done(await world.rest('GET', '/ctx/b/friends')), ['a']);
  refused(await world.rest('POST', '/ctx/a/friends/a'), 409, 5005);
});

test('[ML-41] [ML-42] the friendship can be asked for from both ends', async () => {
  const { id, ts } = await befriend('c41', 'd41');
  assert.deepEqual(done(await world.rest('GET', '/ctx/d41/friends/c41'), 200), {
    id,
    from: 'c41',
    to: 'd41',
    ns: world.app.id,
    ts,
    online: false,
  });
  await befriend('c41', 'e41');
  refused(await world.rest('GET', '/ctx/d41/friends/e41'), 404, 5004);
  refused(await world.rest('GET', '/ctx/d41/friends/nobody'), 404, 5004);
});

test('[ML-43] parting always succeeds', async () => {
  await befriend('f43', 'g43');
  for (const [a, b] of [
    ['f43', 'g43'],
    ['f43', 'g43'],
    ['g43', 'f43'],
    ['f43', 'nobody'],
    ['nobody', 'noone'],
    ['f43', 'f43'],
  ]) {
    done(await world.rest('DELETE', `/ctx/${a}/friends/${b}`), 204);
  }
  assert.deepEqual(done(await world.rest('GET', '/ctx/f43/friends')), []);
  refused(await world.rest('GET', '/ctx/nobody'), 404, 5004);
});

test('[ML-44] a list of friends is ids, or who is online and what was said last', async () => {
  await befriend('h44', 'i44');
  assert.deepEqual(done(await world.rest('GET', '/ctx/h44/friends?detail')), [{ id: 'i44', online: false }]);
  const [, last] = await talk(world, 'i44', to('h44'), 'one', 'two');
  for (const who of ['h44', 'i44']) {
    const [friend] = done(await world.rest('GET', `/ctx/${who}/friends?detail`));
    assert.deepEqual(friend.recent, { speaker: 'i44', content: { media: 0, body: 'two' }, ts: last?.ts });
  }
});

test('[ML-256] several friends at once, in one answer', async () => {
  const friendships = done(await world.rest('POST', '/ctx/j/friends', { friends: ['k', 'l', 'k'] }), 200);
  assert.deepEqual(
    friendships.map((one: { to: string }) => one.to),
    ['k', 'l'],
  );
  assert.deepEqual(done(await world.rest('POST', '/ctx/j/friends', ['l', ['k']])), [friendships[1], friendships[0]]);
  assert.deepEqual(done(await world.rest('GET', '/ctx/j/friends')), ['k', 'l']);
  refused(await world.rest('POST', '/ctx/j/friends', ['m', 'a.b']), 400, 5001);
  refused(await world.rest('POST', '/ctx/j/friends', ['m', 'j']), 409, 5005);
  refused(await world.rest('GET', '/ctx/m'), 404, 5004);
  assert.deepEqual(done(await world.rest('POST', '/ctx/j/friends', { friends: [] })), []);
});

test('[ML-46] [ML-48] history is ascending and the same from both ends', async () => {
  await befriend('p46', 'q46');
  assert.deepEqual(await chats('p46', 'q46'), []);
  await talk(world, 'p46', to('q46'), '1', '2');
  await talk(world, 'q46', to('p46'), '3');
  await talk(world, 'p46', to('q46'), '4', '5');
  const page = await chats('p46', 'q46');
  assert.deepEqual(bodies(page), ['1', '2', '3', '4', '5']);
  assert.deepEqual(
    page.map((one: { speaker: string }) => one.speaker),
    ['p46', 'p46', 'q46', 'p46', 'p46'],
  );
  assert.ok(page.every((one: { ts: number }, i: number) => i === 0 || one.ts > page[i - 1].ts));
  assert.deepEqual(await chats('q46', 'p46'), page);
  for (const query of [
    '?ts=undefined&limit=undefined',
    '?ts=&limit=',
    '?ts=0&limit=0',
    `?ts=${Date.now() + days(1)}`,
  ]) {
    assert.deepEqual(await chats('p46', 'q46', query), page, query);
  }
});

test('[ML-47] pages: 20 by default, 100 at most, the cursor is strict', async () => {
  await befriend('r47', 's47');
  const said = Array.from({ length: 25 }, (_, i) => `m${i}`);
  await talk(world, 'r47', to('s47'), ...said);
  const newest = await chats('r47', 's47');
  assert.deepEqual(bodies(newest), said.slice(5));
  assert.deepEqual(bodies(await chats('r47', 's47', '?limit=5')), said.slice(20));
  assert.deepEqual(bodies(await chats('r47', 's47', '?limit=500')), said);
  assert.deepEqual(bodies(await chats('r47', 's47', `?ts=${newest[0].ts}&limit=20`)), said.slice(0, 5));
  await talk(world, 'r47', to('s47'), ...Array.from({ length: 80 }, (_, i) => `n${i}`));
  assert.equal((await chats('r47', 's47', '?limit=500')).length, 100);
});

test('[ML-257] a cursor that is far too small for milliseconds is read as seconds', async () => {
  await befriend('t257', 'u257');
  await talk(world, 't257', to('u257'), 'old');
  world.clock.advance(2_000);
  await talk(world, 't257', to('u257'), 'new');
  const seconds = Math.floor(world.clock.now() / 1000) - 1;
  assert.deepEqual(bodies(await chats('t257', 'u257', `?ts=${seconds}`)), ['old']);
  await world.set({ 'maxleap.tsInSeconds': false });
  assert.deepEqual(await chats('t257', 'u257', `?ts=${seconds}`), []);
  await world.set({ 'maxleap.tsInSeconds': true });
});

test('[ML-50] hiding is for one side, up to a moment, and never for what comes later', async () => {
  await befriend('v50', 'w50');
  const [, second] = await talk(world, 'v50', to('w50'), '1', '2', '3');
  done(await world.rest('DELETE', `/ctx/v50/friends/w50/chats?hide=${second?.ts}`), 204);
  assert.deepEqual(bodies(await chats('v50', 'w50')), ['3']);
  assert.deepEqual(bodies(await chats('w50', 'v50')), ['1', '2', '3']);
  done(await world.rest('DELETE', `/ctx/v50/friends/w50/chats?hide=${Date.now() + days(30)}`), 204);
  assert.deepEqual(await chats('v50', 'w50'), []);
  assert.equal('recent' in done(await world.rest('GET', '/ctx/v50/friends?detail'))[0], false);
  assert.ok(done(await world.rest('GET', '/ctx/w50/friends?detail'))[0].recent);
  await talk(world, 'w50', to('v50'), '4');
  assert.deepEqual(bodies(await chats('v50', 'w50')), ['4']);
  done(await world.rest('DELETE', '/ctx/w50/friends/v50/chats'), 204);
  assert.deepEqual(await chats('w50', 'v50'), []);
  refused(await world.rest('DELETE', '/ctx/v50/friends/nobody/chats'), 404, 5004);
});

test('[ML-49] what is older than seven days is not shown, nor as the last word', async () => {
  await befriend('x49', 'y49');
  await talk(world, 'x49', to('y49'), 'old');
  world.clock.advance(days(8));
  assert.deepEqual(await chats('x49', 'y49'), []);
  assert.deepEqual(done(await world.rest('GET', '/ctx/x49/friends?detail')), [{ id: 'y49', online: false }]);
  await talk(world, 'x49', to('y49'), 'new');
  assert.deepEqual(bodies(await chats('x49', 'y49', `?ts=${world.clock.now() + 1}`)), ['new']);
  await world.set({ 'maxleap.friendHistoryDays': 0 });
  assert.deepEqual(bodies(await chats('x49', 'y49')), ['old', 'new']);
  await world.set({ 'maxleap.friendHistoryDays': 7 });
});
