// The same cases as in Node, in a browser: every public method of both SDK versions' bundles, with the vendor's plugin.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { openWorld, type World } from '../../server/test/kit/world.ts';
import { type Version, versions } from '../kit/leancloud.ts';
import { type ModuleServer, openModuleServer } from '../kit/module-server.ts';
import type { Untyped } from '../kit/told.ts';
import { clientCases, realtimeCases } from './cases/client.ts';
import { talkCases } from './cases/conversation.ts';
import { roomCases, serviceCases, temporaryCases } from './cases/kinds.ts';
import { messageCases } from './cases/messages.ts';
import { queryCases } from './cases/query.ts';

const executablePath = process.env.HONGYAN_TEST_CHROMIUM ?? '/usr/bin/chromium';
const skip = existsSync(executablePath) ? false : 'there is no browser on this machine';
const pem = (part: string): string =>
  fileURLToPath(new URL(`../../server/test/kit/tls/first.${part}.pem`, import.meta.url));
// 4.3.1 makes its REST calls over HTTPS only.
const tls = { HONGYAN_TLS_CERT: pem('cert'), HONGYAN_TLS_KEY: pem('key') };

const bundles: Record<Version, string> = {
  '4.3.1': 'leancloud-realtime/dist/realtime.browser.js',
  '5.0.0-rc.8': 'lc-realtime-5/dist/im-browser.js',
};
const others = ['leancloud-storage/dist/av.js', 'leancloud-realtime-plugin-typed-messages/dist/typed-messages.js'];
const groups = {
  IMClient: clientCases,
  Conversation: talkCases,
  ChatRoom: roomCases,
  ServiceConversation: serviceCases,
  TemporaryConversation: temporaryCases,
  ConversationQuery: queryCases,
  messages: messageCases,
  Realtime: realtimeCases,
};
/** A method of version 5 alone. */
const isThere = (version: Version, group: string, name: string): boolean =>
  !(version === '4.3.1' && group === 'ConversationQuery' && name === 'first');

for (const version of Object.keys(versions) as Version[])
  describe(`leancloud-realtime ${version} in a browser`, { concurrency: false, skip }, () => {
    let world: World;
    let modules: ModuleServer;
    let browser: Browser;
    let page: Page;

    before(async () => {
      world = await openWorld({ settings: { 'leancloud.memberRoles': true }, env: version === '4.3.1' ? tls : {} });
      modules = await openModuleServer();
      browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-background-networking'] });
      page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
      await page.goto(modules.base);
      const setting = {
        ...{ version, base: world.url },
        app: { id: world.app.id, clientKey: world.app.clientKey, masterKey: world.app.masterKey },
        scripts: [bundles[version], ...others].map((name) => `/vendor/${name}`),
      };
      await page.evaluate(async (given: Untyped) => {
        const module = '/conformance/kit/in-page/run.ts';
        (globalThis as Untyped).cases = await import(module);
        await (globalThis as Untyped).cases.open(given);
      }, setting);
    });
    after(async () => {
      await browser?.close();
      modules?.close();
      await world?.close();
    });

    for (const [group, cases] of Object.entries(groups)) {
      if (group !== 'messages')
        test(`[LC-372] there is a case for every method of ${group}, and for nothing else`, async () => {
          const found = await page.evaluate((one) => (globalThis as Untyped).cases.names(one), group);
          assert.deepEqual(
            found.cases.filter((name: string) => isThere(version, group, name)),
            found.methods,
          );
        });
      for (const name of Object.keys(cases))
        if (isThere(version, group, name))
          test(`[LC-372] ${group}.${name}`, { timeout: 20_000 }, () =>
            page.evaluate(([one, which]) => (globalThis as Untyped).cases.run(one, which), [group, name]),
          );
    }
  });
