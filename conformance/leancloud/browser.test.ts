// The SDK's own bundle in a browser: login, a message each way, history.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { type Browser, chromium } from 'playwright-core';
import { openWorld, type World } from '../../server/test/kit/world.ts';
import { realtime } from '../kit/leancloud.ts';
import type { Untyped } from '../kit/told.ts';

const require = createRequire(import.meta.url);
const executablePath = process.env.HONGYAN_TEST_CHROMIUM ?? '/usr/bin/chromium';
const skip = existsSync(executablePath) ? false : 'there is no browser on this machine';

let world: World;
let browser: Browser | undefined;
before(async () => {
  world = await openWorld();
  if (!skip) browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
});
after(async () => {
  await browser?.close();
  await world.close();
});

for (const bundle of ['realtime.browser.js', 'realtime.browser.min.js'])
  test(`[LC-234] ${bundle} in a browser`, { skip, timeout: 60_000 }, async () => {
    const jerry = await realtime('4.3.1', world.url, world.app).createIMClient('Jerry');
    const heard: string[] = [];
    jerry.on('message', (message: Untyped) => heard.push(message.text));
    const page = await (browser as Browser).newPage();
    await page.addScriptTag({ path: require.resolve(`leancloud-realtime/dist/${bundle}`) });
    const { id: appId, clientKey: appKey } = world.app;
    const texts = await page.evaluate(
      async ({ appId, appKey, server }) => {
        const { Realtime, TextMessage } = (globalThis as Untyped).AV;
        const client = await new Realtime({ appId, appKey, RTMServers: server, server: '127.0.0.1:1' }).createIMClient(
          'Tom',
        );
        const talk = await client.createConversation({ members: ['Jerry'], name: '浏览器' });
        await talk.send(new TextMessage('from a page'));
        const texts = (await talk.queryMessages()).map(({ text }: Untyped) => text);
        await client.close();
        return [talk.name, ...texts];
      },
      { appId, appKey, server: world.url.replace('http', 'ws') },
    );
    assert.deepEqual(texts, ['浏览器', 'from a page']);
    assert.deepEqual(heard, ['from a page']);
    await page.close();
    await jerry.close();
  });
