// Every function that maxleap-im@3.0.17 exports, each driven against a running server. The list comes from the SDK
// itself: a function without a case fails, and so does a case without a function.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { connect, loadBrowserSdk, loadSdk, type SdkClient, signIn } from '../kit/sdk.ts';
import { openServer } from '../kit/server.ts';
import type { Cases, Stage } from './cases/case.ts';
import { chatCases } from './cases/chat.ts';
import { groupCases } from './cases/groups.ts';
import { guestCases } from './cases/guests.ts';
import { roomCases } from './cases/rooms.ts';
import { userCases } from './cases/users.ts';

const cases: Cases = { ...userCases, ...groupCases, ...roomCases, ...chatCases, ...guestCases };

/** ML.im() itself calls these two while it makes the object; every case therefore goes through them. */
const calledByTheSdk = ['open', 'chunk'];

const server = await openServer();
const exported = namesOf(server.base);
const people: SdkClient[] = [];
let stage: Stage;

before(async () => {
  const ann = await signIn(server.base, 'ann');
  const bob = await signIn(server.base, 'bob');
  const annInBrowser = await signIn(server.base, 'ann', await loadBrowserSdk());
  people.push(ann, bob, annInBrowser);
  stage = { server, ann, bob, annInBrowser };
  await ann.ask((done) => ann.im.addFriend('ann', 'bob', done));
});
after(() => {
  for (const client of people) client.close();
});

test('there is a case for every exported function and for nothing else', () => {
  assert.deepEqual(Object.keys(cases).sort(), exported.filter((name) => !calledByTheSdk.includes(name)).sort());
  assert.equal(exported.length, 64);
});

for (const name of exported.filter((one) => !calledByTheSdk.includes(one))) {
  test(`im.${name}()`, { timeout: 20_000 }, async () => {
    const run = cases[name];
    assert.ok(run, `no case for im.${name}()`);
    await run(stage);
  });
}

test('the static side: a version, and the hook that points the SDK at a server', () => {
  const ML = loadSdk();
  assert.equal(ML.im.version, '0.1.0');
  assert.equal(typeof ML.im._engine.getServer, 'function');
  assert.throws(() => ML.im({}), /appId/);
});

function namesOf(base: string): string[] {
  const client = connect(base, { userId: 'lister' });
  client.close();
  return Object.keys(client.im).filter((name) => typeof client.im[name] === 'function');
}
