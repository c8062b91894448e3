// Two people meet, talk, and see of each other what people expect to see.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../../server/test/kit/eventually.ts';
import {
  befriend,
  bubble,
  choose,
  openStage,
  openTalk,
  type Person,
  row,
  type Stage,
  say,
  texts,
} from './kit/stage.ts';

describe('two people', () => {
  let stage: Stage;
  let ann: Person;
  let bo: Person;

  before(async () => {
    stage = await openStage();
    ann = await stage.person('Ann');
    bo = await stage.person('小波', { locale: 'zh-CN' });
  });
  after(() => stage?.close());

  it('speak the language of their browsers, and may change it', async () => {
    assert.equal(await bo.page.getAttribute('html', 'lang'), 'zh-Hans');
    assert.equal(await bo.page.getByText('这里还没有人').count(), 1);
    await bo.page.getByRole('button', { name: 'Switch to English' }).click();
    assert.equal(await bo.page.getAttribute('html', 'lang'), 'en');
    await bo.page.reload();
    await bo.page.getByText('Nobody here yet').waitFor();
  });

  it('become friends, and each sees the other come and go', async () => {
    await befriend(ann.page, '小波');
    await row(bo.page, 'Ann').waitFor();
    await ann.page.locator('.head p', { hasText: 'Online' }).waitFor();
    assert.equal(await row(ann.page, '小波').locator('.dot').count(), 1);
    await bo.page.getByRole('button', { name: 'Log out' }).click();
    await ann.page.locator('.head p', { hasText: 'Offline' }).waitFor();
    await bo.page.getByRole('button', { name: '小波', exact: true }).click();
    await ann.page.locator('.head p', { hasText: 'Online' }).waitFor();
  });

  it('see at once what they send, and how far it has come', async () => {
    await say(ann.page, 'Are you there?');
    await bubble(ann.page, 'Are you there?').locator('[data-state=sent]').waitFor();
    await row(bo.page, 'Ann').locator('.badge', { hasText: '1' }).waitFor();
    assert.match(await row(bo.page, 'Ann').innerText(), /Are you there\?/);
    assert.match(await bo.page.title(), /^\(1\)/);
    await openTalk(bo.page, 'Ann');
    await bubble(bo.page, 'Are you there?').waitFor();
    await bubble(ann.page, 'Are you there?').locator('[data-state=read]').waitFor();
    assert.equal(await row(bo.page, 'Ann').locator('.badge').count(), 0);
  });

  it('see each other typing', async () => {
    await bo.page.locator('.composer textarea').pressSequentially('在的');
    await ann.page.locator('.head p', { hasText: '小波 is typing' }).waitFor();
    await bo.page.locator('.composer textarea').press('Shift+Enter');
    await bo.page.locator('.composer textarea').pressSequentially('second line');
    await bo.page.locator('.composer textarea').press('Enter');
    await bubble(ann.page, 'second line').waitFor();
    assert.ok((await texts(ann.page)).includes('在的\nsecond line'));
    await ann.page.locator('.head p', { hasText: 'Online' }).waitFor();
  });

  it('edit what they said', async () => {
    await say(ann.page, 'A tpyo');
    await bubble(bo.page, 'A tpyo').waitFor();
    await choose(ann.page, 'A tpyo', 'Edit');
    await ann.page.locator('.composer textarea').fill('A typo');
    await ann.page.locator('.composer textarea').press('Enter');
    await bubble(bo.page, 'A typo').getByText('edited').waitFor();
    await bubble(ann.page, 'A typo').getByText('edited').waitFor();
    assert.equal(await bubble(bo.page, 'A tpyo').count(), 0);
  });

  it('take back what they said', async () => {
    await say(ann.page, 'A secret');
    await bubble(bo.page, 'A secret').waitFor();
    await choose(ann.page, 'A secret', 'Recall');
    await bo.page.locator('.row', { hasText: 'Ann recalled a message' }).waitFor();
    await ann.page.locator('.row', { hasText: 'You recalled a message' }).waitFor();
    assert.equal(await bo.page.getByText('A secret').count(), 0);
    await bo.page.reload();
    await bubble(bo.page, 'A typo').waitFor();
    assert.equal(await bo.page.getByText('A secret').count(), 0);
  });

  it('copy what the other said', async () => {
    await choose(bo.page, 'A typo', 'Copy');
    assert.equal(await bo.page.evaluate(() => navigator.clipboard.readText()), 'A typo');
  });

  it('hear about it when they cannot see', async () => {
    await say(ann.page, 'Listen');
    await bo.page.locator('#live', { hasText: 'Ann: Listen' }).waitFor({ state: 'attached' });
  });

  it('find somebody by a part of the name, with the keys alone', async () => {
    const cy = await stage.person('Cyrus');
    await cy.page
      .locator('main')
      .focus()
      .catch(() => {});
    await cy.page.keyboard.press('/');
    await cy.page.keyboard.type('nn');
    await cy.page.locator('[data-hit="user/Ann"]').waitFor();
    await cy.page.keyboard.press('ArrowDown');
    await cy.page.keyboard.press('Enter');
    await cy.page.locator('.head', { hasText: 'Not a friend' }).waitFor();
    await say(cy.page, 'We do not know each other');
    await row(ann.page, 'Cyrus').locator('.badge').waitFor();
    await cy.page.keyboard.press('Escape');
    await cy.page.locator('.empty').waitFor();
    await cy.context.close();
  });

  it('go through a list with the arrow keys', async () => {
    await ann.page.locator('#search').focus();
    await ann.page.keyboard.press('ArrowDown');
    await ann.page.keyboard.press('ArrowDown');
    const focused = () => ann.page.evaluate(() => document.activeElement?.getAttribute('data-chat'));
    assert.match((await focused()) ?? '', /^user\//);
    await ann.page.keyboard.press('ArrowUp');
    await ann.page.keyboard.press('ArrowUp');
    assert.equal(await ann.page.evaluate(() => document.activeElement?.id), 'search');
  });

  it('part again', async () => {
    await openTalk(ann.page, '小波');
    await ann.page.getByRole('button', { name: 'Details' }).click();
    await ann.page.getByRole('button', { name: 'Remove from friends' }).click();
    await ann.page.locator('.dialog-buttons .danger').click();
    await ann.page.locator('.head', { hasText: 'Not a friend' }).waitFor();
    await bo.page.locator('.head', { hasText: 'Not a friend' }).waitFor();
    await say(ann.page, 'Still talking');
    await bubble(bo.page, 'Still talking').waitFor();
    await bubble(bo.page, 'A typo').waitFor();
  });

  it('leave nothing in the console', async () => {
    await eventually('quiet', () => true);
    assert.deepEqual([...ann.errors, ...bo.errors], []);
  });
});
