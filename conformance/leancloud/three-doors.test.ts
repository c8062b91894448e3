// One conversation through all doors at once: LeanCloud's SDK, MaxLeap's SDK, server code on JMessage's REST, and this
// project's own client. Each says a text and a picture and takes something back, and each sees it in its own words.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { eventually } from '../../server/test/kit/eventually.ts';
import { picture } from '../../server/test/kit/pictures.ts';
import { loadTyped, pauseAll, realtime } from '../kit/leancloud.ts';
import { listen, loadBrowserSdk, saying, signIn } from '../kit/sdk.ts';
import { appA, openServer } from '../kit/server.ts';
import { once, told, type Untyped } from '../kit/told.ts';

const server = await openServer();
// The client is written for browsers and checked with their types: here it is one more SDK without any.
const ours = new URL('../../sdk/src/index.ts', import.meta.url).href;
const { connect } = (await import(ours)) as Untyped;
after(pauseAll);

/** Server code on JMessage's REST. */
async function jmessage(method: string, path: string, body?: object | FormData): Promise<Untyped> {
  const form = body instanceof FormData;
  const answer = await fetch(server.base + path, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${appA.id}:${appA.masterKey}`).toString('base64')}`,
      ...(form || body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: form ? body : body && JSON.stringify(body),
  });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

test('[LC-373] three vendors and our own client in one conversation: text, picture and recall, each in its words', {
  timeout: 60_000,
}, async () => {
  const { sdk, plugin, storage } = loadTyped('4.3.1');
  const plugins = [plugin.TypedMessagesPlugin];
  const lea = await realtime('4.3.1', server.base, appA, { plugins }, sdk).createIMClient('lea');
  const max = await signIn(server.base, 'max', await loadBrowserSdk());
  const ora = connect({ server: server.base, appId: appA.id, key: appA.clientKey, user: 'ora' });
  await ora.ready;
  const leaHears = told(lea, 'message');
  const leaSeesRecalls = told(lea, 'messagerecall');
  const maxHears = listen((hear) => max.im.onMessage(hear));
  const oraHears: Untyped[] = [];
  const oraSees: Untyped[] = [];
  ora.on('message', (message: Untyped) => oraHears.push(message));
  ora.on('recalled', (change: Untyped) => oraSees.push(change));

  const talk = await lea.createConversation({ members: ['max', 'joe', 'ora'], name: 'doors' });
  const [{ gid }] = await jmessage('GET', '/v1/users/joe/groups');
  const say = (more: object) =>
    jmessage('POST', '/v1/messages', {
      ...{ version: 1, from_type: 'user', from_id: 'joe', target_type: 'group', target_id: gid },
      ...more,
    });
  const nextOfLea = async () => (await once('LeanCloud hears', leaHears))[0];
  const oraHearsOf = (from: string, fits: (one: Untyped) => boolean) =>
    eventually(`our client hears ${from}`, () => oraHears.find((one) => one.from === from && fits(one)));

  // Texts.
  const fromLea = await talk.send(new sdk.TextMessage('from lea').setAttributes({ k: 1 }));
  const atMax = await saying(maxHears, 'from lea');
  // The SDK's objects are of another realm.
  assert.equal([atMax.from.id, atMax.from.gid, atMax.to.id, atMax.to.type].join(), ['lea', talk.id, talk.id, 1].join());
  max.im.toGroup(talk.id).text('from max').ok();
  const textOfMax = await nextOfLea();
  assert.deepEqual([textOfMax.from, textOfMax.type, textOfMax.getText()], ['max', -1, 'from max']);
  const fromJoe = await say({ msg_type: 'text', msg_body: { text: 'from joe', extras: { n: 1 } } });
  const textOfJoe = await nextOfLea();
  assert.deepEqual([textOfJoe.from, textOfJoe.getText(), textOfJoe.getAttributes()], ['joe', 'from joe', { n: 1 }]);
  assert.equal((await saying(maxHears, 'from joe')).from.id, 'joe');

  // Pictures.
  const cat = storage.File.withURL('cat.png', 'https://files.example/cat.png');
  cat.id = '65a0c0ffee0000000000f11e';
  await talk.send(new plugin.ImageMessage(cat));
  assert.equal((await saying(maxHears, 'https://files.example/cat.png')).content.media, 1);
  const bytes = await picture('png', 30, 20);
  max.im
    .toGroup(talk.id)
    .image(new File([new Uint8Array(bytes)], 'max.png', { type: 'image/png' }))
    .ok();
  const pictureOfMax = await nextOfLea();
  assert.equal(pictureOfMax.type, -2);
  assert.deepEqual(Buffer.from(await (await fetch(pictureOfMax.getFile().url())).arrayBuffer()), bytes);
  const form = new FormData();
  form.append('filename', new Blob([new Uint8Array(bytes)]), 'joe.png');
  const media = await jmessage('POST', '/v1/resource?type=image', form);
  await say({ msg_type: 'image', msg_body: media });
  const pictureOfJoe = await nextOfLea();
  assert.deepEqual([pictureOfJoe.from, pictureOfJoe.type], ['joe', -2]);
  assert.deepEqual(Buffer.from(await (await fetch(pictureOfJoe.getFile().url())).arrayBuffer()), bytes);
  const seen = await eventually('MaxLeap sees it', () =>
    maxHears.find(({ from, content }) => from.id === 'joe' && content.media === 1),
  );
  assert.deepEqual(Buffer.from(await (await fetch(seen.content.body)).arrayBuffer()), bytes);

  // Our own client says something and has heard all of it.
  await ora.group(talk.id).send('from ora').done;
  assert.equal((await nextOfLea()).getText(), 'from ora');
  await saying(maxHears, 'from ora');
  for (const [from, text] of [
    ['lea', 'from lea'],
    ['max', 'from max'],
    ['joe', 'from joe'],
  ] as const)
    await oraHearsOf(from, (one) => one.text === text);
  for (const from of ['lea', 'max', 'joe']) await oraHearsOf(from, (one) => one.media === 'image' || one.url);

  // Each takes a text back, as far as its protocol can say it.
  await talk.recall(fromLea);
  await jmessage('POST', `/v1/messages/joe/${fromJoe.msg_id}/retract`);
  const ofJoe = (await once('LeanCloud sees the recall', leaSeesRecalls))[0];
  assert.deepEqual([ofJoe.from, ofJoe.id], ['joe', textOfJoe.id]);
  await eventually('our client sees both', () => oraSees.length === 2 && oraSees);
  assert.deepEqual(
    oraSees.map(({ from, ts }) => [from, ts]),
    [
      ['lea', fromLea.timestamp.getTime()],
      ['joe', textOfJoe.timestamp.getTime()],
    ],
  );
  const chats = await max.ask((done) => max.im.getGroupChat(talk.id, Date.now() + 1_000, 20, done));
  const bodies = chats.map(({ content }: Untyped) => content.body);
  assert.ok(bodies.includes('from max') && !bodies.includes('from lea') && !bodies.includes('from joe'));
  const history = await talk.queryMessages({ limit: 20 });
  assert.deepEqual(
    history.filter((one: Untyped) => one instanceof sdk.RecalledMessage).map(({ from }: Untyped) => from),
    ['lea', 'joe'],
  );
  const report = (await jmessage('GET', '/v1/messages?count=1000')).messages;
  const reported = report.map(({ from_id, msg_type, msg_body }: Untyped) => [from_id, msg_type, msg_body?.text]);
  for (const line of [
    ['max', 'text', 'from max'],
    ['ora', 'text', 'from ora'],
  ])
    assert.ok(
      reported.some((one: Untyped) => one.join() === line.join()),
      `${line} is in the report`,
    );
  assert.equal(reported.filter(([, type]: Untyped) => type === 'image').length, 2);
  const shown = report.filter(({ from_id }: Untyped) => from_id === 'lea');
  assert.match(JSON.stringify(shown), /files\.example\/cat\.png/, 'a picture that lies elsewhere is a link');
  assert.ok(!reported.some(([, , text]: Untyped) => text === 'from lea' || text === 'from joe'));

  ora.close();
  max.close();
  await lea.close();
});
