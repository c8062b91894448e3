// Guests and twins, of the store's contract.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bench, gathered } from './store.suite.ts';

/** Two apps; `zoe` of the second is in a group of the first, with a twin where she is at home. */
async function met(bench: Bench) {
  const { store, clock } = bench;
  const [here, there] = [await bench.app(), await bench.app()];
  await store.users.ensure(here.no, ['tom', 'annie'], clock.ms);
  await store.users.ensure(there.no, ['zoe'], clock.ms);
  const zoe = `zoe@${there.id}`;
  await store.guests.welcome(here.no, [{ id: zoe, home: there.no }], clock.ms);
  const group = await gathered(bench, here.no, ['tom', zoe]);
  const granted = [here.no, there.no];
  const [made] = await store.guests.settle(here.no, group.no, granted, ++clock.ms);
  const twin = await store.guests.twinOf(there.no, here.no, group.no);
  assert.ok(made && twin !== undefined);
  const unbound = { membersMax: 100, membershipsMax: 100 };
  const change = (members: object) =>
    store.conversations.changeMembers(here.no, group.no, members, unbound, ++clock.ms);
  const settle = () => store.guests.settle(here.no, group.no, granted, ++clock.ms);
  return { here, there, zoe, group, made, twin, change, settle };
}

export function guestCases(bench: Bench): void {
  test('[CORE-440] a guest is known under his name and his app, and is nobody else’s name', async () => {
    const { store, clock } = bench;
    const [here, there] = [await bench.app(), await bench.app()];
    const guest = { id: `zoe@${there.id}`, home: there.no };
    await store.guests.welcome(here.no, [guest], clock.ms);
    await store.guests.welcome(here.no, [guest], clock.ms + 5);
    assert.equal((await store.users.byId(here.no, guest.id))?.home, there.no);
    assert.deepEqual(await store.users.list(here.no, { skip: 0, limit: 10 }), { total: 0, users: [] });
    assert.deepEqual(await store.guests.elsewhere(there.no, 'zoe'), [{ app: here.no, appId: here.id, id: guest.id }]);
    assert.deepEqual(await store.guests.elsewhere(there.no, 'yan'), []);
    await store.users.ensure(here.no, [`yan@${there.id}`], clock.ms);
    await assert.rejects(store.guests.welcome(here.no, [{ id: `yan@${there.id}`, home: there.no }], clock.ms), {
      code: 'conflict',
    });
  });

  test('[CORE-441] a twin has the people of its home in its own app’s names, and follows it', async () => {
    const { store } = bench;
    const { here, there, zoe, group, made, twin, change, settle } = await met(bench);
    assert.deepEqual([...(made.created ?? [])].sort(), [`tom@${here.id}`, 'zoe']);
    await change({ add: ['annie'] });
    assert.equal((await store.guests.links(here.no, group.no))?.settled, false);
    const [followed] = await settle();
    assert.deepEqual(followed?.outcome?.added, [`annie@${here.id}`]);
    const links = await store.guests.links(there.no, twin);
    assert.deepEqual([links?.home.no, links?.twins.map(({ no }) => no), links?.settled], [group.no, [twin], true]);
    assert.deepEqual(await settle(), [], 'nothing is left to do');
    await change({ owner: 'annie' });
    await settle();
    assert.equal((await store.conversations.open(there.no, String(twin)))?.owner, `annie@${here.id}`);
    assert.deepEqual(await store.guests.homesOf(there.no, [twin, 1]), [
      { no: twin, home: { app: here.no, appId: here.id, no: group.no } },
    ]);
    assert.deepEqual(await store.guests.twinsWith(there.no, 'zoe'), [{ app: here.no, appId: here.id, no: group.no }]);
    const own = { kinds: ['group'], own: true } as const;
    assert.deepEqual(
      [await store.conversations.count(there.no, own), await store.conversations.count(here.no, own)],
      [0, 1],
    );
    await change({ remove: [zoe] });
    await settle();
    assert.deepEqual(await store.conversations.roster(there.no, twin), [], 'nobody of that app is left');
  });

  test('[CORE-442] an app that is not granted loses its people, and a deleted home its twins', async () => {
    const { store, clock } = bench;
    const { here, there, group, twin } = await met(bench);
    await store.guests.settle(here.no, group.no, [here.no], ++clock.ms);
    assert.deepEqual(await store.conversations.roster(there.no, twin), []);
    await store.guests.settle(here.no, group.no, [here.no, there.no], ++clock.ms);
    assert.equal((await store.conversations.roster(there.no, twin)).length, 2);
    await store.conversations.erase(here.no, group.no, clock.ms);
    const [gone] = await store.guests.settle(here.no, group.no, [here.no, there.no], ++clock.ms);
    assert.equal(gone?.outcome?.deleted, true);
    assert.equal(await store.conversations.open(there.no, String(twin)), undefined);
    assert.equal(await store.guests.links(there.no, twin), undefined);
  });
}
