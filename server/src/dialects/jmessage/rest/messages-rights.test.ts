// Who may send what to whom, and who may take it back.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { jm, refusedJm } from '../../../../test/kit/jmessage.ts';
import { openHikers } from '../../../../test/kit/jmessage-hikers.ts';

const hikers = await openHikers();
after(() => hikers.world.close());
const { world, gid, room, send, reported } = hikers;
const byTom = { from_type: 'user', from_id: 'tom', target_id: 'annie' };

test('[JM-88] who is not in', async () => {
  const byEddie = { from_type: 'user', from_id: 'eddie' };
  refusedJm(await send({ ...byEddie, target_type: 'group', target_id: gid }), 403, 803005);
  refusedJm(await send({ ...byEddie, target_type: 'chatroom', target_id: room }), 403, 847001);
  for (const [target_type, target_id] of [
    ['group', gid],
    ['chatroom', room],
  ] as const) {
    assert.equal((await send({ target_type, target_id })).status, 201);
    assert.equal((await reported()).target_type, target_type);
    assert.equal((await send({ from_type: 'user', from_id: 'annie', target_type, target_id })).status, 200);
  }
});

test('[JM-269] who is silenced in a room', async () => {
  const say = () => send({ from_type: 'user', from_id: 'annie', target_type: 'chatroom', target_id: room });
  await jm(world, 'PUT', `/v1/chatroom/${room}/forbidden/annie?status=1`);
  refusedJm(await say(), 403, 847002);
  await jm(world, 'PUT', `/v1/chatroom/${room}/forbidden/annie?status=0`);
  assert.equal((await say()).status, 200);
});

test('[JM-89] the blacklist', async () => {
  assert.equal((await jm(world, 'PUT', '/v1/users/annie/blacklist', ['tom'])).status, 204);
  refusedJm(await send(byTom), 403, 803008);
  assert.equal((await send({ target_id: 'annie' })).status, 201);
  await jm(world, 'DELETE', '/v1/users/annie/blacklist', ['tom']);
  assert.equal((await send(byTom)).status, 200);
});

test('[JM-104] who is switched off', async () => {
  await jm(world, 'PUT', '/v1/users/tom/forbidden?disable=True');
  refusedJm(await send(byTom), 403, 801006);
  await jm(world, 'PUT', '/v1/users/tom/forbidden?disable=false');
  assert.equal((await send(byTom)).status, 200);
});

test('[JM-270] sensitive words stop users, not admins', async () => {
  await jm(world, 'POST', '/v1/sensitiveword', ['casino']);
  const msg_body = { text: 'the casino' };
  refusedJm(await send({ ...byTom, msg_body }), 403, 803009);
  assert.equal((await send({ msg_body })).status, 201);
  await jm(world, 'PUT', '/v1/sensitiveword/status?status=0');
  assert.equal((await send({ ...byTom, msg_body })).status, 200);
  await jm(world, 'PUT', '/v1/sensitiveword/status?status=1');
  await jm(world, 'DELETE', '/v1/sensitiveword', { word: 'casino' });
});

test('[JM-271] users may be kept from sending by REST', async () => {
  await world.set({ 'jmessage.restUserSend': false });
  refusedJm(await send(byTom), 403, 899016);
  assert.equal((await send()).status, 201);
  await world.set({ 'jmessage.restUserSend': true });
});

test('[JM-272] a target in another app', async () => {
  refusedJm(await send({ target_appkey: 'none' }), 400, 899009);
  refusedJm(await send({ target_appkey: world.other.id }), 403, 899020);
  assert.equal((await send({ target_appkey: world.app.id })).status, 201);
});

test('[JM-91] taking back', async () => {
  const { msg_id } = (await send({ ...byTom, msg_body: { text: 'secret' }, from_name: 'Tommy' })).body;
  const retract = (who: string, id: number | string) => jm(world, 'POST', `/v1/messages/${who}/${id}/retract`);
  refusedJm(await retract('annie', msg_id), 403, 855002);
  refusedJm(await retract('tom', 999999999), 403, 855003);
  refusedJm(await retract('tom', 'abc'), 400, 899003);
  refusedJm(await retract('ghost', msg_id), 403, 899002);
  const { status, text } = await retract('tom', msg_id);
  assert.deepEqual([status, text], [204, '']);
  refusedJm(await retract('tom', msg_id), 403, 855004);
  const message = await reported();
  assert.deepEqual([message.msgid, message.msg_type, message.msg_body], [msg_id, 'text', { text: '' }]);
  assert.ok(!JSON.stringify(message).includes('secret'));

  for (const [target_type, target_id] of [
    ['group', gid],
    ['chatroom', room],
  ] as const) {
    const { body } = await send({ target_type, target_id });
    assert.equal((await jm(world, 'POST', `/v1/messages/boss/${body.msg_id}/retract/`, {})).status, 204);
  }
  const late = (await send(byTom)).body.msg_id;
  world.clock.advance(181_000);
  refusedJm(await retract('tom', late), 403, 855001);
  refusedJm(await jm(world, 'POST', `/v1/messages/tom/${late}/retract`, undefined, { as: world.other }), 403, 899002);
});
