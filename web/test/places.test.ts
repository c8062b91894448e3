// Groups, rooms, passengers and announcements.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { befriend, bubble, openStage, openTalk, type Person, row, type Stage, say } from './kit/stage.ts';

async function create(page: Person['page'], what: 'New group' | 'New room', name: string, members = ''): Promise<void> {
  await page.getByRole('button', { name: 'New…' }).click();
  await page.getByRole('menuitem', { name: what }).click();
  await page.locator('#place-name').fill(name);
  if (members) await page.locator('#place-members').fill(members);
  await page.locator('dialog button[type=submit]').click();
  await page.locator('.head h1', { hasText: name }).waitFor();
}

const details = (page: Person['page']) => page.getByRole('button', { name: 'Details' }).click();

describe('places', () => {
  let stage: Stage;
  let ann: Person;
  let bo: Person;
  let cy: Person;

  before(async () => {
    stage = await openStage();
    [ann, bo, cy] = await Promise.all([stage.person('Ann'), stage.person('Bo'), stage.person('程一')]);
    await befriend(ann.page, 'Bo');
  });
  after(() => stage?.close());

  it('a group is made of friends and of names, and hears what is said', async () => {
    await ann.page.getByRole('button', { name: 'New…' }).click();
    await ann.page.getByRole('menuitem', { name: 'New group' }).click();
    await ann.page.locator('#place-name').fill('Geese');
    await ann.page.locator('dialog .chip', { hasText: 'Bo' }).click();
    await ann.page.locator('#place-members').fill('程一, Dee');
    await ann.page.locator('dialog button[type=submit]').click();
    await ann.page.locator('.head', { hasText: '4 people' }).waitFor();
    await row(bo.page, 'Geese').waitFor();
    await say(ann.page, 'Welcome');
    await row(cy.page, 'Geese').locator('.badge').waitFor();
    await openTalk(bo.page, 'Geese');
    await openTalk(cy.page, 'Geese');
    await bubble(bo.page, 'Welcome').waitFor();
    assert.equal(await bo.page.locator('.row-name', { hasText: 'Ann' }).count(), 1);
    await ann.page.locator('.row', { hasText: 'Welcome' }).getByRole('img', { name: 'Read by 2' }).waitFor();
    await bo.page.locator('.composer textarea').pressSequentially('hm');
    await cy.page.locator('.head', { hasText: 'Bo is typing' }).waitFor();
  });

  it('a group gets another name and other members', async () => {
    await details(ann.page);
    await ann.page.locator('dialog label', { hasText: 'Rename' }).locator('input').fill('大雁');
    await ann.page.getByRole('button', { name: 'Rename: Save' }).click();
    await ann.page.locator('.head h1', { hasText: '大雁' }).waitFor();
    await ann.page.getByRole('button', { name: 'Remove 程一' }).click();
    await row(cy.page, 'Geese').waitFor({ state: 'detached' });
    await cy.page.locator('.toast', { hasText: 'You are no longer in' }).waitFor();
    await cy.page.locator('.empty').waitFor();
    await ann.page.locator('dialog label', { hasText: 'Add members' }).locator('input').fill('程一');
    await ann.page.getByRole('button', { name: 'Add members: Save' }).click();
    await row(cy.page, '大雁').waitFor();
    await ann.page.keyboard.press('Escape');
  });

  it('a group is left, and dissolved', async () => {
    await details(bo.page);
    await bo.page.getByRole('button', { name: 'Leave the group' }).click();
    await bo.page.locator('.dialog-buttons .danger').click();
    await bo.page.locator('.empty').waitFor();
    await ann.page.locator('.head', { hasText: '3 people' }).waitFor();
    await details(ann.page);
    await ann.page.getByRole('button', { name: 'Dissolve the group' }).click();
    await ann.page.locator('.dialog-buttons .danger').click();
    await row(ann.page, '大雁').waitFor({ state: 'detached' });
    await row(cy.page, '大雁').waitFor({ state: 'detached' });
  });

  it('a group is found by its name, and joined', async () => {
    await create(ann.page, 'New group', 'Open sky');
    await bo.page.locator('#search').fill('sky');
    await bo.page.locator('[data-hit^="group/"]').click();
    await bo.page.locator('.head', { hasText: '2 people' }).waitFor();
  });

  it('a room is made, joined, heard and left; it shows who is here', async () => {
    await create(ann.page, 'New room', 'The lake');
    await say(ann.page, 'Nobody hears this later');
    await bo.page.getByRole('button', { name: 'New…' }).click();
    await bo.page.getByRole('menuitem', { name: 'All rooms' }).click();
    await bo.page.locator('dialog li', { hasText: 'The lake' }).getByRole('button', { name: 'Join' }).click();
    await bo.page.locator('.head', { hasText: 'The lake' }).getByText('2 people').waitFor();
    await say(bo.page, 'Hello, lake');
    await bubble(ann.page, 'Hello, lake').waitFor();
    assert.equal(await bo.page.getByText('Nobody hears this later').count(), 0);
    await details(ann.page);
    await ann.page.locator('dialog', { hasText: 'Who is here · 2' }).waitFor();
    await ann.page.keyboard.press('Escape');
    await details(bo.page);
    await bo.page.getByRole('button', { name: 'Leave the room' }).click();
    await bo.page.locator('.dialog-buttons .danger').click();
    await row(bo.page, 'The lake').waitFor({ state: 'detached' });
    await ann.page.locator('.head', { hasText: '1 person' }).waitFor();
  });

  it('a passenger talks to a user, and stays the same one after a reload', async () => {
    const guest = await stage.visitor();
    await guest.page.getByRole('button', { name: 'Talk as a passenger' }).click();
    await guest.page.locator('#guest').fill('路人');
    await guest.page.locator('#host').fill('Ann');
    await guest.page.locator('.start-form button[type=submit]').click();
    await guest.page.locator('.head h1', { hasText: 'Ann' }).waitFor();
    await say(guest.page, 'Is this the way south?');
    await row(ann.page, '路人').locator('.badge').waitFor();
    await openTalk(ann.page, '路人');
    await bubble(ann.page, 'Is this the way south?').waitFor();
    await bubble(guest.page, 'Is this the way south?').locator('[data-state=read]').waitFor();
    await say(ann.page, 'Straight on');
    await bubble(guest.page, 'Straight on').waitFor();
    await guest.page.reload();
    await bubble(guest.page, 'Straight on').waitFor();
    await say(guest.page, 'Thanks');
    await bubble(ann.page, 'Thanks').waitFor();
    assert.equal(await row(ann.page, '路人').count(), 1);
    assert.deepEqual(guest.errors, []);
    await guest.context.close();
  });

  it('system messages reach one, all, and a group', async () => {
    const send = async (text: string, to: string): Promise<void> => {
      await ann.page.locator('#audience').selectOption({ label: to });
      await ann.page.locator('#notice').fill(text);
      await ann.page.locator('dialog button[type=submit]').click();
      await ann.page.locator('.notices li', { hasText: text }).waitFor();
    };
    await ann.page.getByRole('button', { name: 'System messages' }).click();
    await send('for me', 'Me alone');
    await send('for all', 'Everybody');
    await send('for the group', 'Open sky');
    await bo.page.locator('.with-badge .badge', { hasText: '2' }).waitFor();
    await bo.page.getByRole('button', { name: 'System messages' }).click();
    assert.deepEqual(await bo.page.locator('.notices p').allInnerTexts(), ['for the group', 'for all']);
    await cy.page.locator('.with-badge .badge', { hasText: '1' }).waitFor();
  });

  it('leave nothing in the console', () => {
    assert.deepEqual([...ann.errors, ...bo.errors, ...cy.errors], []);
  });
});
