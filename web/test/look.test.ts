// How the page looks to everybody: no barrier that axe knows, nothing cut off on a small phone, light and quick.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { befriend, bubble, openStage, openTalk, type Person, type Stage, say } from './kit/stage.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const scriptBytesMax = 60 * 1024;
const openMsMax = 1_000;

type Finding = { id: string; impact: string; nodes: { target: unknown; failureSummary: string }[] };

/** What axe finds that is serious. The page's policy lets no foreign script in, so axe comes by the debugger's way. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  // What moves in is judged when it has arrived.
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .flatMap((one) =>
          one.effect?.getComputedTiming().iterations === Number.POSITIVE_INFINITY ? [] : [one.finished],
        ),
    ),
  );
  const found = (await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<{ violations: unknown }> } }).axe
      .run()
      .then(({ violations }) => violations),
  )) as Finding[];
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id} ${JSON.stringify(node.target)} ${node.failureSummary}`));
}

const isWiderThanView = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > innerWidth || document.body.scrollHeight > innerHeight);

/** Controls that a finger would miss. */
const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, input:not([type=file]), select, textarea')]
      .filter((one) => one.checkVisibility())
      .filter((one) => one.getBoundingClientRect().height < 36 || one.getBoundingClientRect().width < 36)
      .map((one) => one.outerHTML.slice(0, 80)),
  );

describe('the page', () => {
  let stage: Stage;
  let bo: Person;

  before(async () => {
    stage = await openStage();
    bo = await stage.person('Bo');
  });
  after(() => stage?.close());

  it('has less than 60 KB of script', () => {
    const dir = fileURLToPath(new URL('../dist/assets/', import.meta.url));
    const scripts = readdirSync(dir).filter((name) => name.endsWith('.js'));
    const bytes = scripts.map((name) => gzipSync(readFileSync(dir + name), { level: 9 }).length);
    assert.ok(scripts.length > 0);
    const total = bytes.reduce((sum, one) => sum + one, 0);
    assert.ok(total < scriptBytesMax, `${total} bytes`);
  });

  it('opens within a second from a server that has just started', async () => {
    await stage.server.stop();
    await stage.server.start();
    const context = await stage.browser.newContext();
    const page = await context.newPage();
    const begun = performance.now();
    await page.goto(stage.server.base, { waitUntil: 'commit' });
    await page.locator('#name').waitFor();
    const took = performance.now() - begun;
    assert.ok(took < openMsMax, `${Math.round(took)} ms`);
    await context.close();
  });

  for (const dark of [false, true]) {
    it(`has no barrier that axe knows, ${dark ? 'dark' : 'light'}`, async () => {
      const name = dark ? 'Dora' : 'Lena';
      const visitor = await stage.visitor({ dark });
      const { page } = visitor;
      assert.deepEqual(await findings(page), []);
      await page.getByRole('button', { name: 'Talk as a passenger' }).click();
      assert.deepEqual(await findings(page), []);
      await page.getByRole('button', { name: 'I have a name' }).click();
      await page.locator('#name').fill(name);
      await page.locator('.start-form button[type=submit]').click();
      await page.locator('.home').waitFor();
      assert.deepEqual(await findings(page), []);
      await befriend(page, 'Bo');
      await say(page, 'See https://example.com 👋');
      await openTalk(bo.page, name);
      await say(bo.page, 'I see');
      await bubble(page, 'I see').waitFor();
      assert.deepEqual(await findings(page), []);
      await page.getByRole('button', { name: 'Emoji' }).click();
      assert.deepEqual(await findings(page), []);
      await page.keyboard.press('Escape');
      for (const item of ['Add a friend', 'New group', 'New room', 'All rooms']) {
        await page.getByRole('button', { name: 'New…' }).click();
        await page.getByRole('menuitem', { name: item }).click();
        await page.locator('dialog').waitFor();
        assert.deepEqual(await findings(page), [], item);
        await page.keyboard.press('Escape');
        await page.locator('dialog').waitFor({ state: 'detached' });
      }
      for (const button of ['System messages', 'Details']) {
        await page.getByRole('button', { name: button }).click();
        await page.locator('dialog').waitFor();
        assert.deepEqual(await findings(page), [], button);
        await page.keyboard.press('Escape');
        await page.locator('dialog').waitFor({ state: 'detached' });
      }
      await page.locator('#search').fill('o');
      await page.locator('.found section').first().waitFor();
      assert.deepEqual(await findings(page), []);
      assert.deepEqual(visitor.errors, []);
      await visitor.context.close();
    });
  }

  it('fits a phone 360 pixels wide: one pane at a time, and the way back', async () => {
    const visitor = await stage.visitor({ width: 360, height: 640, touch: true, locale: 'zh-CN' });
    const { page } = visitor;
    assert.equal(await isWiderThanView(page), false);
    assert.deepEqual(await smallTargets(page), []);
    await page.locator('#name').fill('小小的手机');
    await page.locator('.start-form button[type=submit]').click();
    await page.locator('.side').waitFor();
    assert.equal(await page.locator('.main').isVisible(), false);
    await page.locator('#search').fill('Bo');
    await page.locator('[data-hit="user/Bo"]').click();
    await page.locator('.head').waitFor();
    assert.equal(await page.locator('.side').isVisible(), false);
    await say(page, `很长的一个词${'a'.repeat(200)} https://example.com/${'b'.repeat(200)}`);
    await page.locator('.row').waitFor();
    assert.equal(await isWiderThanView(page), false);
    assert.deepEqual(await smallTargets(page), []);
    await page.getByRole('button', { name: '返回' }).click();
    await page.locator('.side').waitFor();
    await page.locator('.talk-row').first().click();
    await page.goBack();
    await page.locator('.side').waitFor();
    assert.equal(await isWiderThanView(page), false);
    assert.deepEqual(visitor.errors, []);
    await visitor.context.close();
  });

  it('keeps the colours that somebody chose', async () => {
    const visitor = await stage.visitor();
    const ground = () => visitor.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await visitor.page.getByRole('button', { name: 'Colours: as the system' }).click();
    await visitor.page.getByRole('button', { name: 'Colours: light' }).click();
    assert.notEqual(await ground(), light);
    await visitor.page.reload();
    await visitor.page.locator('#name').waitFor();
    assert.notEqual(await ground(), light);
    await visitor.context.close();
  });
});
