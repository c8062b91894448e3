// Every public method of both SDK versions' objects, driven against a running server. The lists come from the SDKs
// themselves: a method without a case fails, and so does a case without a method.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openWorld, type World } from '../../server/test/kit/world.ts';
import { loadTyped, realtime, type Version, versions } from '../kit/leancloud.ts';
import { master, methodsOf, type Untyped } from '../kit/told.ts';
import type { Cases, Stage } from './cases/case.ts';
import { clientCases, realtimeCases } from './cases/client.ts';
import { talkCases } from './cases/conversation.ts';
import { roomCases, serviceCases, temporaryCases } from './cases/kinds.ts';
import { messageCases } from './cases/messages.ts';
import { forget, queryCases } from './cases/query.ts';

const without = (cases: Cases, name: string): Cases =>
  Object.fromEntries(Object.entries(cases).filter(([one]) => one !== name));

// 4.3.1 makes its REST calls over HTTPS only; the certificate is the tests' own.
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
const pem = (part: string): string =>
  fileURLToPath(new URL(`../../server/test/kit/tls/first.${part}.pem`, import.meta.url));
const tls = { HONGYAN_TLS_CERT: pem('cert'), HONGYAN_TLS_KEY: pem('key') };

for (const version of Object.keys(versions) as Version[]) {
  describe(`leancloud-realtime ${version}`, { concurrency: false }, () => {
    let world: World;
    let stage: Stage;

    before(async () => {
      forget();
      world = await openWorld({ settings: { 'leancloud.memberRoles': true }, env: version === '4.3.1' ? tls : {} });
      stage = await openStage(version, world);
    });
    after(async () => {
      await stage?.tom.close();
      await stage?.jerry.close();
      await world?.close();
    });

    every('IMClient', clientCases, () => stage.tom);
    every('Conversation', talkCases, () => stage.talk);
    every('ChatRoom', roomCases, () => stage.room);
    every('ServiceConversation', serviceCases, () => stage.service);
    every('TemporaryConversation', temporaryCases, () => stage.temporary);
    every('ConversationQuery', version === '4.3.1' ? without(queryCases, 'first') : queryCases, () =>
      stage.tom.getQuery(),
    );
    for (const [name, run] of Object.entries(messageCases))
      test(`[LC-68] ${name}`, { timeout: 20_000 }, () => run(stage));
    every('Realtime', realtimeCases, () => stage.realtime);

    function every(type: string, cases: Cases, object: () => Untyped): void {
      test(`[LC-68] there is a case for every method of ${type}, and for nothing else`, () => {
        assert.deepEqual(Object.keys(cases).sort(), methodsOf(object()));
      });
      for (const [name, run] of Object.entries(cases))
        test(`[LC-68] ${type}.${name}()`, { timeout: 20_000 }, () => run(stage));
    }
  });
}

async function openStage(version: Version, world: World): Promise<Stage> {
  const [his, hers] = [loadTyped(version), loadTyped(version)];
  const { sdk } = his;
  const options = ({ plugin }: { plugin: Untyped }) => ({ plugins: [plugin.TypedMessagesPlugin] });
  const first = realtime(version, world.url, world.app, options(his), sdk);
  const tom = await first.createIMClient('Tom');
  const jerry = await realtime(version, world.url, world.app, options(hers), hers.sdk).createIMClient('Jerry');
  const talk = await tom.createConversation({ members: ['Jerry', 'Third'], name: 'Talk' });
  const made = await master(world.url, world.app, 'POST', '/1.2/rtm/service-conversations', { name: 'News' });
  return {
    ...his,
    world,
    hisSdk: hers.sdk,
    realtime: first,
    tom,
    jerry,
    talk,
    hisTalk: await jerry.getConversation(talk.id),
    room: await tom.createChatRoom({ name: 'Room' }),
    service: await tom.getConversation(made.objectId),
    temporary: await tom.createTemporaryConversation({ members: ['Jerry'] }),
  };
}
