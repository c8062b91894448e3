// The server is killed and comes back on the same data: nothing is lost, nothing is doubled, and people see what happens.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../../server/test/kit/eventually.ts';
import { befriend, bubble, openStage, openTalk, type Person, type Stage, say, texts } from './kit/stage.ts';

describe('a server that dies', () => {
  let stage: Stage;
  let ann: Person;
  let bo: Person;
  const said: string[] = [];
  const sayAs = async (person: Person, text: string): Promise<void> => {
    said.push(text);
    await say(person.page, text);
  };

  before(async () => {
    stage = await openStage();
    [ann, bo] = await Promise.all([stage.person('Ann'), stage.person('Bo')]);
    await befriend(ann.page, 'Bo');
    await sayAs(ann, 'before');
    await openTalk(bo.page, 'Ann');
    await bubble(bo.page, 'before').waitFor();
  });
  after(() => stage?.close());

  it('is missed, waited for, and found again; what was said meanwhile arrives once and in order', async () => {
    // Some are on the wire when it dies.
    for (let count = 1; count <= 5; count++) await sayAs(ann, `in flight ${count}`);
    await stage.server.kill();
    await Promise.all([ann, bo].map(({ page }) => page.locator('.banner', { hasText: 'Connection lost' }).waitFor()));
    for (let count = 1; count <= 5; count++) await sayAs(ann, `while away ${count}`);
    await bubble(ann.page, 'while away 5').locator('[data-state=sending]').waitFor();
    assert.equal(await ann.page.getByText('Not sent').count(), 0);
    await stage.server.start();
    await Promise.all(
      [ann, bo].map(({ page }) => page.locator('.banner').waitFor({ state: 'detached', timeout: 40_000 })),
    );
    await bubble(bo.page, 'while away 5').waitFor();
    await bubble(ann.page, 'while away 5').locator('[data-state=read]').waitFor();
    assert.deepEqual(await texts(bo.page), said);
    assert.deepEqual(await texts(ann.page), said);
  });

  it('keeps what an earlier page left unsent', async () => {
    await stage.server.kill();
    await ann.page.locator('.banner').waitFor();
    await sayAs(ann, 'left behind');
    await bubble(ann.page, 'left behind').waitFor();
    await stage.server.start();
    await ann.page.reload();
    await bubble(bo.page, 'left behind').waitFor({ timeout: 40_000 });
    await bubble(ann.page, 'left behind').locator('[data-state=sent], [data-state=read]').waitFor();
    assert.deepEqual(await texts(bo.page), said);
    assert.deepEqual(await texts(ann.page), said);
  });

  it('has kept everything: both read the same after a reload', async () => {
    for (const { page } of [ann, bo]) {
      await page.reload();
      await bubble(page, 'left behind').waitFor();
      await eventually('all of it', async () => (await texts(page)).length === said.length);
      assert.deepEqual(await texts(page), said);
    }
    assert.deepEqual([...ann.errors, ...bo.errors], []);
  });
});
