// Takes the pictures of the documentation: `node web/test/pictures.ts`. Look at them before they are kept.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { setScene } from './kit/scene.ts';
import { bubble, openStage, openTalk, type Person, say } from './kit/stage.ts';

const dir = process.env.HONGYAN_PICTURES || fileURLToPath(new URL('../../docs/images/', import.meta.url));
await mkdir(dir, { recursive: true });
const stage = await openStage();

async function shoot(page: Page, name: string): Promise<void> {
  await page.locator('.toast').first().waitFor({ state: 'detached' });
  await page.waitForFunction(() => [...document.images].every(({ complete }) => complete));
  await page.mouse.move(0, 0);
  const png = await page.screenshot({ animations: 'disabled' });
  await writeFile(`${dir}/${name}.webp`, await sharp(png).webp({ quality: 82, effort: 6 }).toBuffer());
}

async function talk({ page }: Person, group: string): Promise<void> {
  await openTalk(page, group);
  await page.locator('.picture .whole').waitFor();
}

try {
  const wide = await stage.person('Ann', { width: 1120, height: 720, scale: 1.5 });
  const scene = await setScene(stage, 'Ann');
  await talk(wide, 'South by wing');
  await say(wide.page, 'What a sky. I counted twice, and it is nine.');
  await bubble(wide.page, 'What a sky').locator('[data-state=sent]').waitFor();
  for (const friend of [scene.people.mei, scene.people.tom]) await friend.group(scene.group).read(Date.now());
  await scene.people.tom.group(scene.group).send('I am in. Six o’clock, with coffee.').done;
  await scene.people.lin.group(scene.group).send('我也去！').done;
  await bubble(wide.page, '我也去').waitFor();
  await shoot(wide.page, 'chat-wide');

  const phone = { width: 360, height: 720, scale: 2, touch: true, dark: true, locale: 'zh-CN' };
  const dark = await stage.person('Ann', phone);
  await shoot(dark.page, 'list-phone-dark');
  await talk(dark, 'South by wing');
  await shoot(dark.page, 'chat-phone-dark');
  const visitor = await stage.visitor({ width: 1120, height: 720, scale: 1.5, locale: 'zh-CN' });
  await shoot(visitor.page, 'start');
  scene.close();
} finally {
  await stage.close();
}
