// Messages, case by case.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { jm, refusedJm } from '../../../../test/kit/jmessage.ts';
import { basic, openHikers } from '../../../../test/kit/jmessage-hikers.ts';

const hikers = await openHikers();
after(() => hikers.world.close());
const { world, gid, room, send, reported } = hikers;

test('[JM-77] an admin sends', async () => {
  const { status, body } = await send();
  assert.equal(status, 201);
  assert.deepEqual(Object.keys(body).sort(), ['msg_ctime', 'msg_id']);
  assert.ok(Number.isSafeInteger(body.msg_id) && body.msg_id > 0);
  assert.ok(Math.abs(body.msg_ctime - world.clock.now()) < 10_000);
});

test('[JM-78] a user sends, in the form of 2015', async () => {
  const { status, body } = await jm(world, 'POST', '/v1/messages', {
    version: 1,
    target_type: 'single',
    target_id: 'annie',
    target_name: 'Annie',
    from_type: 'user',
    from_id: 'tom',
    from_name: 'Tommy',
    create_time: 1428651600,
    msg_type: 'text',
    msg_body: { extras: {}, text: 'Hello, JMessage!' },
  });
  assert.equal(status, 200);
  assert.ok(body.msg_id);
  const message = await reported();
  assert.deepEqual(message, {
    target_type: 'single',
    target_id: 'annie',
    target_name: 'Annie',
    target_appkey: world.app.id,
    from_type: 'user',
    from_id: 'tom',
    from_name: 'Tommy',
    from_appkey: world.app.id,
    from_platform: 'api',
    msg_type: 'text',
    msg_body: { extras: {}, text: 'Hello, JMessage!' },
    create_time: 1428651600,
    version: 1,
    msgid: body.msg_id,
    msg_ctime: body.msg_ctime,
    msg_level: 0,
    set_from_name: 1,
    no_offline: false,
    no_notification: false,
  });
});

test('[JM-79] an admin who is none', async () => {
  refusedJm(await send({ from_id: 'tom', target_id: 'annie' }), 403, 899016);
});

test('[JM-80] unknown people', async () => {
  for (const from_type of ['admin', 'user']) {
    refusedJm(await send({ from_type, from_id: 'ghost' }), 403, 899002);
    refusedJm(await send({ from_type, target_id: 'ghost' }), 403, 899002);
  }
});

test('[JM-81] unknown places', async () => {
  refusedJm(await send({ target_type: 'group', target_id: '99999999' }), 403, 899006);
  refusedJm(await send({ target_type: 'chatroom', target_id: '99999999' }), 403, 899081);
  refusedJm(await send({ target_type: 'group', target_id: room }), 403, 899006);
  refusedJm(await send({ target_type: 'chatroom', target_id: gid }), 403, 899081);
});

const total0 = async () => (await jm(world, 'GET', '/v1/messages?count=1')).body.total;

test('[JM-82] fields that are wrong', async () => {
  const total = await total0();
  const wrong: object[] = [
    { version: 2 },
    { version: null },
    { version: 'x' },
    { target_type: 'team' },
    { target_type: null },
    { target_id: null },
    { target_id: '' },
    { target_id: {} },
    { target_type: 'group', target_id: 'abc' },
    { from_type: 'robot' },
    { from_type: null },
    { from_id: null },
    { from_id: 5 },
    { msg_type: 'sticker' },
    { msg_type: null },
    { msg_body: null },
    { msg_body: 'hello' },
    { msg_body: ['hello'] },
    { create_time: 'soon' },
    { no_offline: 'perhaps' },
    { no_notification: 2 },
    { notification: 'ring' },
    { from_name: 5 },
    { target_id: 'a&b' },
  ];
  for (const more of wrong) refusedJm(await send(more), 400, 899003);
  for (const body of [[], 'x', undefined]) refusedJm(await jm(world, 'POST', '/v1/messages', body), 400, 899003);
  assert.equal((await send({ version: '1', unknown: 'key' })).status, 201);
  assert.equal(await total0(), total + 1);
});

test('[JM-83] texts, and anything at all', async () => {
  for (const msg_body of [{}, { text: 5 }, { text: null }, { text: 'x', extras: 'y' }])
    refusedJm(await send({ msg_body }), 400, 899003);
  const msg_body = { a: { b: 1 }, list: [1, 'two', null], extras: { deep: { er: true } } };
  assert.equal((await send({ msg_type: 'custom', msg_body })).status, 201);
  const { msg_type, msg_body: again } = await reported();
  assert.deepEqual([msg_type, again], ['custom', msg_body]);
});

const image = { media_id: 'qiniu/image/j/5F', media_crc32: 4294967295, width: 3, height: 2, fsize: 10, format: 'png' };
const voice = { media_id: 'qiniu/voice/j/5F', media_crc32: 1, duration: 12, fsize: 10, hash: 'Fu', format: 'amr' };
const file = { media_id: 'qiniu/file/j/5F', media_crc32: 1, fsize: 10, fname: 'a.pdf' };
const video = { video: { ...file, fname: 'a.mp4' }, duration: 2.5, thumb: { ...image, media_id: 'qiniu/image/j/6F' } };
const location = { latitude: 22.5, longitude: -114.1, scale: 12, label: 'here' };

test('[JM-84] pictures', async () => {
  const { media_crc32: _crc, ...withoutCrc } = image;
  refusedJm(await send({ msg_type: 'image', msg_body: withoutCrc }), 400, 899003);
  refusedJm(await send({ msg_type: 'image', msg_body: { ...image, media_crc32: 2 ** 32 } }), 400, 899003);
  const { format: _format, ...withoutFormat } = image;
  assert.equal((await send({ msg_type: 'image', msg_body: withoutFormat })).status, 201);
});

test('[JM-267] every type of message comes back as it was sent', async () => {
  const bodies = {
    image: [image, { ...image, extras: { a: 1 }, own: [1] }],
    voice: [voice, { ...voice, extras: {} }],
    file: [file],
    video: [video, { video: video.video, duration: 3 }],
    location: [location, { latitude: 1, longitude: 2, scale: 3 }, { latitude: 1, longitude: 2, scale: 3, lable: 'x' }],
    text: [{ text: '' }, { text: '汤 🍲' }, { text: 'a', more: null }],
  };
  for (const [msg_type, some] of Object.entries(bodies)) {
    for (const msg_body of some) {
      const answer = await send({ msg_type, msg_body });
      assert.equal(answer.status, 201, `${msg_type} ${answer.text}`);
      const message = await reported();
      assert.deepEqual([message.msg_type, message.msg_body], [msg_type, msg_body]);
    }
  }
});

test('[JM-268] what every type needs', async () => {
  const needs = { image, voice, file, location: { latitude: 1, longitude: 2, scale: 3 } };
  const optional = ['format', 'hash'];
  for (const [msg_type, full] of Object.entries(needs)) {
    for (const key of Object.keys(full).filter((one) => !optional.includes(one))) {
      refusedJm(await send({ msg_type, msg_body: { ...full, [key]: null } }), 400, 899003);
      refusedJm(await send({ msg_type, msg_body: { ...full, [key]: {} } }), 400, 899003);
    }
  }
  for (const key of ['media_id', 'media_crc32', 'fsize', 'fname'])
    refusedJm(
      await send({ msg_type: 'video', msg_body: { ...video, video: { ...video.video, [key]: null } } }),
      400,
      899003,
    );
  refusedJm(await send({ msg_type: 'video', msg_body: { video: video.video } }), 400, 899003);
});

test('[JM-85] the length of a body', async () => {
  const room = 4096 - Buffer.byteLength(JSON.stringify({ text: '' }));
  assert.equal((await send({ msg_body: { text: 'x'.repeat(room) } })).status, 201);
  refusedJm(await send({ msg_body: { text: 'x'.repeat(room + 1) } }), 400, 899003);
  refusedJm(await send({ msg_body: { text: '汤'.repeat(room / 2) } }), 400, 899003);
});

test('[JM-86] [JM-87] numbers and texts for each other', async () => {
  assert.equal(
    (await send({ target_type: 'group', target_id: gid, no_offline: 'true', no_notification: 1 })).status,
    201,
  );
  const { target_id, no_offline, no_notification } = await reported();
  assert.deepEqual([target_id, no_offline, no_notification], [String(gid), true, true]);
});

test('[JM-90] a slash at the end', async () => {
  assert.equal((await send({}, '/v1/messages/')).status, 201);
  refusedJm(await send({ version: 2 }, '/v1/messages/'), 400, 899003);
});

test('[JM-92] later messages have greater ids', async () => {
  const all = await Promise.all(Array.from({ length: 5 }, () => send()));
  const ids = [...all.map(({ body }) => body.msg_id).sort((a, b) => a - b), (await send()).body.msg_id];
  assert.equal(new Set(ids).size, 6);
  assert.equal(Math.max(...ids), ids[5]);
});

test('[JM-273] a repeated request with its key is the same message', async () => {
  const headers = { 'idempotency-key': 'order 7' };
  const call = (text: string) => jm(world, 'POST', '/v1/messages', { ...basic, msg_body: { text } }, { headers });
  const total = await total0();
  const [first, second] = [await call('once'), await call('once')];
  assert.deepEqual([second.status, second.body], [201, first.body]);
  assert.equal(await total0(), total + 1);
  refusedJm(await call('twice'), 400, 899003);
});
