// Pictures, sounds, films, files, emoji: chosen, pasted, dropped, seen by the other.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { eventually } from '../../server/test/kit/eventually.ts';
import { picture } from '../../server/test/kit/pictures.ts';
import { film, tone } from './kit/sounds.ts';
import { befriend, bubble, openStage, openTalk, type Person, type Stage, say } from './kit/stage.ts';

type Given = { name: string; mimeType: string; buffer: Buffer };

const attach = (page: Page, ...files: Given[]) => page.locator('.composer input[type=file]').setInputFiles(files);

const send = (page: Page) => page.locator('.composer .send').click();

/** As the browser itself hands files over. */
function handOver(page: Page, event: 'paste' | 'drop', { name, mimeType, buffer }: Given): Promise<void> {
  const given = { event, name, mimeType, base64: buffer.toString('base64') };
  return page.evaluate(({ event, name, mimeType, base64 }) => {
    const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], name, { type: mimeType }));
    const target = document.querySelector(event === 'paste' ? '.composer textarea' : '.talk') as Element;
    const options = { bubbles: true, cancelable: true };
    if (event === 'paste') target.dispatchEvent(new ClipboardEvent('paste', { ...options, clipboardData: data }));
    else
      for (const type of ['dragenter', 'dragover', 'drop'])
        target.dispatchEvent(new DragEvent(type, { ...options, dataTransfer: data }));
  }, given);
}

const isLoaded = (image: HTMLElement): boolean => (image as HTMLImageElement).naturalWidth > 0;

describe('media', () => {
  let stage: Stage;
  let ann: Person;
  let bo: Person;

  before(async () => {
    stage = await openStage();
    [ann, bo] = await Promise.all([stage.person('Ann'), stage.person('Bo')]);
    await befriend(ann.page, 'Bo');
    await say(ann.page, 'Look:');
    await openTalk(bo.page, 'Ann');
  });
  after(() => stage?.close());

  it('a picture goes as a thumbnail, and is looked at in full', async () => {
    const png = { name: 'geese.png', mimeType: 'image/png', buffer: await picture('png', 1600, 900) };
    await attach(ann.page, png);
    await ann.page.locator('.tray', { hasText: 'geese.png' }).waitFor();
    await send(ann.page);
    const seen = bo.page.locator('.picture .thumb').first();
    await seen.waitFor();
    await eventually('the thumbnail is there', () => seen.evaluate(isLoaded));
    assert.ok((await seen.evaluate((image) => (image as HTMLImageElement).naturalWidth)) <= 128);
    await ann.page.locator('.row:has(.picture) [data-state=read]').waitFor();
    await seen.click();
    const full = bo.page.locator('.picture-stage img');
    await eventually('the whole picture is there', () =>
      full.evaluate((image) => (image as HTMLImageElement).naturalWidth === 1600),
    );
    await bo.page.keyboard.press('Escape');
    await full.waitFor({ state: 'detached' });
  });

  it('pictures are pasted and dropped; several go at once, and the arrow keys go through them', async () => {
    const one = { name: 'one.jpg', mimeType: 'image/jpeg', buffer: await picture('jpeg', 640, 480) };
    const two = { name: 'two.png', mimeType: 'image/png', buffer: await picture('png', 480, 640) };
    await handOver(ann.page, 'paste', one);
    await handOver(ann.page, 'drop', two);
    await ann.page.locator('.tray li').nth(1).waitFor();
    assert.equal(await ann.page.locator('.drop-here').count(), 0);
    await ann.page.getByRole('button', { name: 'Remove one.jpg' }).click();
    await handOver(ann.page, 'paste', one);
    await ann.page.locator('.composer textarea').press('Enter');
    await bo.page.locator('.picture').nth(2).waitFor();
    await bo.page.locator('.picture').nth(2).click();
    const stamp = () => bo.page.locator('.picture-stage img').getAttribute('src');
    const last = await stamp();
    await bo.page.keyboard.press('ArrowLeft');
    await eventually('the picture before', async () => (await stamp()) !== last);
    await bo.page.keyboard.press('Escape');
  });

  it('how far an upload is can be seen, and it can be stopped', async () => {
    await ann.context.route('**/attachment', () => {});
    await attach(ann.page, { name: 'big.png', mimeType: 'image/png', buffer: await picture('png', 300, 300) });
    await send(ann.page);
    await ann.page.getByRole('progressbar').waitFor();
    await ann.page.getByRole('button', { name: 'Stop sending' }).click();
    await ann.page.getByRole('progressbar').waitFor({ state: 'detached' });
    await ann.context.unroute('**/attachment');
    assert.equal(await bo.page.locator('.picture').count(), 3);
  });

  it('an upload that failed is tried again', async () => {
    await ann.context.route('**/attachment', (route) => route.fulfill({ status: 500, body: '{}' }));
    await attach(ann.page, { name: 'later.png', mimeType: 'image/png', buffer: await picture('png', 300, 200) });
    await send(ann.page);
    await ann.page.getByRole('alert').getByText('Not sent').waitFor();
    await ann.context.unroute('**/attachment');
    await ann.page.getByRole('button', { name: 'Try again' }).click();
    await bo.page.locator('.picture').nth(3).waitFor();
    assert.equal(await ann.page.getByText('Not sent').count(), 0);
  });

  it('sounds and films have players', async () => {
    await attach(ann.page, { name: 'call.wav', mimeType: 'audio/wav', buffer: tone(1) });
    await send(ann.page);
    const audio = bo.page.locator('audio');
    await eventually('the sound is there', () => audio.evaluate((one) => (one as HTMLAudioElement).duration > 0.9));
    await attach(ann.page, { name: 'flight.webm', mimeType: 'video/webm', buffer: await film(ann.page) });
    await send(ann.page);
    const video = bo.page.locator('video');
    await eventually('the film is there', () => video.evaluate((one) => (one as HTMLVideoElement).videoWidth > 0));
    await ann.page.locator('video').waitFor();
  });

  it('a file goes with its name and size, and comes back as it was', async () => {
    const buffer = Buffer.from('北雁南飞\n'.repeat(200));
    await attach(ann.page, { name: '路线 south.txt', mimeType: 'text/plain', buffer });
    await send(ann.page);
    const link = bo.page.locator('a.file', { hasText: '路线 south.txt' });
    await link.getByText('3 KB').waitFor();
    const [download] = await Promise.all([bo.page.waitForEvent('download'), link.click()]);
    assert.equal(download.suggestedFilename(), '路线 south.txt');
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    assert.deepEqual(Buffer.concat(chunks), buffer);
  });

  it('an emoji is put where the cursor is, by pointer or keys', async () => {
    const field = ann.page.locator('.composer textarea');
    await field.fill('ab');
    await field.press('ArrowLeft');
    await ann.page.getByRole('button', { name: 'Emoji' }).click();
    await ann.page.getByRole('button', { name: '👍' }).click();
    assert.equal(await field.inputValue(), 'a👍b');
    await ann.page.keyboard.press('Escape');
    await field.press('Enter');
    await bubble(bo.page, 'a👍b').waitFor();
  });

  it('links can be followed, and only as far as they go', async () => {
    await say(ann.page, 'See (https://example.com/a?b=1&c=鸿雁), or http://example.org/x。再见');
    const links = bubble(bo.page, 'See (').locator('a');
    await links.nth(1).waitFor();
    assert.deepEqual(await links.allInnerTexts(), ['https://example.com/a?b=1&c=鸿雁', 'http://example.org/x']);
    for (const link of await links.all()) {
      assert.equal(await link.getAttribute('target'), '_blank');
      assert.match((await link.getAttribute('rel')) ?? '', /noopener noreferrer/);
    }
  });

  it('everything is still there after a reload', async () => {
    await bo.page.reload();
    await bo.page.locator('.picture').nth(3).waitFor();
    assert.equal(await bo.page.locator('audio').count(), 1);
    assert.equal(await bo.page.locator('video').count(), 1);
    assert.equal(await bo.page.locator('a.file').count(), 1);
    assert.deepEqual([...ann.errors, ...bo.errors], []);
  });
});
