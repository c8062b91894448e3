// A long talk: it opens at its end, goes back page by page without a jump, and keeps the reader where he is.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { connect } from 'hongyan-im';
import type { Page } from 'playwright-core';
import { eventually } from '../../server/test/kit/eventually.ts';
import { bubble, openStage, openTalk, type Person, type Stage, say } from './kit/stage.ts';

const count = 130;

const texts = (page: Page): Promise<string[]> => page.locator('.row .text').allInnerTexts();
const scrollTo = (page: Page, top: number): Promise<void> =>
  page.locator('.timeline').evaluate((box, to) => {
    box.scrollTop = to;
  }, top);
const gapBelow = (page: Page): Promise<number> =>
  page.locator('.timeline').evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight);

describe('a long talk', () => {
  let stage: Stage;
  let ann: Person;
  let speaker: ReturnType<typeof connect>;

  before(async () => {
    stage = await openStage();
    const { appId, key } = (await (await fetch(`${stage.server.base}/demo.json`)).json()) as Record<string, string>;
    speaker = connect({ server: stage.server.base, appId: appId as string, key: key as string, user: 'Bo', WebSocket });
    await speaker.ready;
    ann = await stage.person('Ann');
    await speaker.friends.add('Ann');
    for (let at = 1; at <= count; at++) {
      const long = at % 7 === 0 ? ` ${'a long one '.repeat(30)}` : '';
      await speaker.friend('Ann').send(`message ${at}.${long}`).done;
    }
  });
  after(async () => {
    speaker?.close();
    await stage?.close();
  });

  it('opens at its end, and counts what is unread up to 99', async () => {
    await ann.page.reload();
    await ann.page.locator('.badge', { hasText: '99+' }).waitFor();
    await openTalk(ann.page, 'Bo');
    await bubble(ann.page, `message ${count}.`).waitFor();
    await eventually('the end', async () => (await gapBelow(ann.page)) < 2);
    await ann.page.locator('.badge').waitFor({ state: 'detached' });
  });

  it('goes back without a jump', async () => {
    for (;;) {
      const before = await texts(ann.page);
      if (before.length === count) break;
      await scrollTo(ann.page, 120);
      const first = await ann.page.locator('.row').first().elementHandle();
      const place = () => first?.evaluate((element) => element.getBoundingClientRect().bottom) as Promise<number>;
      const was = await place();
      await eventually('an earlier page', async () => (await texts(ann.page)).length > before.length);
      assert.ok(Math.abs((await place()) - was) <= 1, `moved by ${(await place()) - was} px`);
    }
    const numbers = (await texts(ann.page)).map((text) => Number(/message (\d+)\./.exec(text)?.[1]));
    assert.deepEqual(
      numbers,
      Array.from({ length: count }, (_, index) => index + 1),
    );
    await ann.page.getByText('This is where it begins.').waitFor();
  });

  it('stays where the reader is while others talk, and goes to the end on demand', async () => {
    await scrollTo(ann.page, 400);
    const top = () => ann.page.locator('.timeline').evaluate((box) => box.scrollTop);
    await eventually('there', async () => (await top()) === 400);
    await speaker.friend('Ann').send('and another').done;
    await bubble(ann.page, 'and another').waitFor({ state: 'attached' });
    assert.equal(await top(), 400);
    await ann.page.getByRole('button', { name: 'To the newest message' }).click();
    await eventually('the end', async () => (await gapBelow(ann.page)) < 2);
  });

  it('goes to the end with what one says oneself', async () => {
    await scrollTo(ann.page, 0);
    await say(ann.page, 'my turn');
    await eventually('the end', async () => (await gapBelow(ann.page)) < 2);
    assert.deepEqual(ann.errors, []);
  });
});
