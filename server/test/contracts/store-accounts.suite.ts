// Accounts of the store's contract: names, links, passwords, and a passenger who becomes a user.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../../src/core/limits.ts';
import { type Bench, refusal, text } from './store.suite.ts';

export function accountCases(bench: Bench): void {
  const accounts = () => bench.store.accounts;
  const make = async (app: number, wish: Parameters<typeof bench.store.accounts.create>[1], now = 1_000) =>
    (await accounts().create(app, wish, now)).account;

  test('[CORE-103] an account is made with its user, found by every name it has, and shows no password', async () => {
    const app = await bench.appWith();
    const attributes = { city: '上海', deep: { x: [1, null] } };
    const wish = { username: 'ann', phone: '13800000000', email: 'a@b.c', password: 'stored', attributes };
    const account = await make(app, wish);
    assert.match(account.id, /^[0-9a-f]{24}$/);
    assert.deepEqual(account, {
      ...{ id: account.id, userId: account.id, username: 'ann', phone: '13800000000', email: 'a@b.c' },
      ...{ phoneVerified: false, emailVerified: false, hasPassword: true, attributes },
      ...{ createdAt: 1_000, updatedAt: 1_000, loginAt: null },
    });
    const found = [
      await accounts().byId(app, account.id),
      await accounts().byUser(app, account.id),
      await accounts().byUsername(app, 'ann'),
      await accounts().byPhone(app, '13800000000'),
      await accounts().byEmail(app, 'a@b.c'),
    ];
    for (const one of found) assert.deepEqual(one, account);
    assert.equal((await bench.store.users.byId(app, account.id))?.createdAt, 1_000);
    assert.equal(await accounts().passwordOf(app, account.id), 'stored');
    assert.equal(await accounts().passwordOf(app, 'nobody'), undefined);
    assert.equal(await accounts().byUsername(app, 'Ann'), undefined, 'names are case-sensitive');
    assert.equal(await accounts().byUsername(await bench.appWith(), 'ann'), undefined, 'apps are apart');
  });

  test('[CORE-104] names are one account’s each, whoever races; the refusal says which was taken', async () => {
    const app = await bench.appWith('tom');
    const racers = Array.from({ length: 10 }, () => refusal(accounts().create(app, { username: 'tom' }, 1)));
    const heard = await Promise.all(racers);
    assert.equal(heard.filter((one) => one === 'nothing was refused').length, 1);
    assert.equal(heard.filter((one) => one === 'conflict username').length, 9);
    await make(app, {
      id: 'a'.repeat(24),
      userId: 'tom',
      phone: '1',
      email: 'e',
      link: { provider: 'p', subject: 's' },
    });
    for (const [wish, what] of [
      [{ phone: '1' }, 'phone'],
      [{ email: 'e' }, 'email'],
      [{ userId: 'tom' }, 'user'],
      [{ id: 'a'.repeat(24) }, 'id'],
      [{ username: 'new', link: { provider: 'p', subject: 's' } }, 'provider'],
    ] as const)
      assert.equal(await refusal(accounts().create(app, wish, 1)), `conflict ${what}`);
    assert.equal(await accounts().byUsername(app, 'new'), undefined, 'all or nothing');
    const other = await make(app, { username: 'other' });
    assert.equal(await refusal(accounts().change(app, other.id, { phone: '1' }, 2)), 'conflict phone');
    assert.equal(await refusal(accounts().change(app, 'nobody', { phone: '2' }, 2)), 'user-not-found account');
    const changed = await accounts().change(app, other.id, { username: 'other', email: 'x', attributes: { a: 1 } }, 7);
    assert.deepEqual([changed.email, changed.attributes, changed.updatedAt], ['x', { a: 1 }, 7]);
    assert.equal((await accounts().change(app, other.id, { email: null }, 8)).email, null);
  });

  test('[CORE-105] a link belongs to one account, and leads to it', async () => {
    const app = await bench.appWith();
    const [ann, bob] = [await make(app, { username: 'ann' }), await make(app, { username: 'bob' })];
    const link = { provider: 'wechat', subject: 'o1', data: { name: 'Ann' } };
    await accounts().link(app, ann.id, link, 5);
    assert.equal((await accounts().byProvider(app, 'wechat', 'o1'))?.id, ann.id);
    assert.deepEqual(await accounts().links(app, ann.id), [link]);
    assert.equal(await refusal(accounts().link(app, bob.id, link, 5)), 'conflict provider');
    await accounts().unlink(app, ann.id, 'wechat', 6);
    assert.equal(await accounts().byProvider(app, 'wechat', 'o1'), undefined);
    await accounts().link(app, bob.id, link, 7);
    assert.deepEqual((await accounts().list(app, { skip: 0, limit: 1 })).length, 1);
    assert.deepEqual((await accounts().list(app, { skip: 0, limit: 9 })).map(({ username }) => username).sort(), [
      'ann',
      'bob',
    ]);
  });

  test('[CORE-106] a new password, a proven phone and a removal take the tokens with them', async () => {
    const app = await bench.appWith();
    const { id } = await make(app, { username: 'ann', password: 'old', link: { provider: 'p', subject: 's' } });
    const token = (digest: string) =>
      accounts().issueToken(app, { account: id, kind: 'session', digest, expiresAt: null }, 9, 3);
    const alive = async (digest: string) => (await accounts().byToken(app, 'session', digest, 4)) !== undefined;
    await token('one');
    await accounts().renewPassword(app, id, 'not the old one', 'never');
    await accounts().renewPassword(app, id, 'old', 'better');
    assert.equal(await accounts().passwordOf(app, id), 'better');
    assert.ok(await alive('one'), 'a better form of the same password ends nothing');
    await accounts().setPassword(app, id, 'new', 5);
    assert.ok(!(await alive('one')));
    await token('two');
    const owned = await accounts().claim(app, id, 6);
    assert.deepEqual([owned.hasPassword, owned.phoneVerified, await alive('two')], [false, true, false]);
    assert.deepEqual(await accounts().links(app, id), []);
    await token('three');
    assert.equal(await accounts().remove(app, id), true);
    assert.equal(await accounts().remove(app, id), false);
    assert.ok(!(await alive('three')));
    assert.ok(await bench.store.users.byId(app, id), 'its user stays');
    assert.equal(await refusal(token('four')), 'user-not-found account');
  });

  test('[CORE-107] a passenger who registers becomes the user: his direct talk is the user’s, in one step', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('bob', 'cid');
    await store.passengers.put(app, 'p1', { from: 'web' }, 1);
    const { no } = await store.conversations.claimPair(app, ':p1', 'bob', 10);
    for (const [sender, words] of [
      [':p1', 'hello'],
      ['bob', 'hi'],
      [':p1', 'bye'],
    ] as const)
      await store.messages.append({ ...text(app, no, sender, words), as: sender === 'bob' ? 'user' : 'passenger' });
    const elsewhere = await store.conversations.claimPair(app, ':p2', 'cid', 10);
    assert.equal(
      await refusal(store.accounts.create(app, { username: 'ann', passenger: 'p9' }, 20)),
      'passenger-not-found passenger',
    );
    assert.equal(await store.accounts.byUsername(app, 'ann'), undefined, 'all or nothing');

    const { account, moved } = await store.accounts.create(app, { username: 'ann', passenger: 'p1' }, clock.ms);
    assert.deepEqual(moved, { conversations: [{ no, other: 'bob' }] });
    const me = account.userId;
    assert.equal((await store.conversations.claimPair(app, 'bob', me, 30)).no, no);
    const page = await store.messages.page(app, no, { from: 'oldest' }, 10);
    assert.deepEqual(
      page.map(({ sender, as }) => [sender, as]),
      [
        [me, 'user'],
        ['bob', 'user'],
        [me, 'user'],
      ],
    );
    assert.equal(await store.passengers.byId(app, 'p1'), undefined);
    assert.deepEqual(
      [
        (await store.friends.stranger(app, 'bob', me))?.firstBy,
        (await store.friends.stranger(app, me, 'bob'))?.direct.no,
      ],
      [me, no],
    );
    assert.equal((await store.conversations.claimPair(app, ':p2', 'cid', 30)).no, elsewhere.no, 'others stay');
    await store.passengers.put(app, 'p1', {}, 40);
    assert.notEqual((await store.conversations.claimPair(app, ':p1', 'bob', 40)).no, no, 'a later one begins anew');
  });

  test('[CORE-443] so many messages become the user’s; a talk beyond it stays the passenger’s', async () => {
    const { store, clock } = bench;
    const app = await bench.appWith('bob', 'cid');
    await store.passengers.put(app, 'p1', {}, 1);
    const long = await store.conversations.claimPair(app, ':p1', 'bob', 10);
    const said = Array.from({ length: limits.passengerMovesMax }, (_, n) => ({
      ...text(app, long.no, ':p1', `${n}`),
      as: 'passenger' as const,
    }));
    for (let from = 0; from < said.length; from += 500)
      await Promise.all(said.slice(from, from + 500).map((draft) => store.messages.append(draft)));
    clock.ms += 10_000;
    const short = await store.conversations.claimPair(app, ':p1', 'cid', 10);
    await store.messages.append({ ...text(app, short.no, ':p1', 'hello'), as: 'passenger' });
    const { account, moved } = await store.accounts.create(app, { username: 'ann', passenger: 'p1' }, clock.ms);
    assert.deepEqual(moved, { conversations: [{ no: short.no, other: 'cid' }] });
    const [kept] = await store.messages.page(app, long.no, {}, 1);
    assert.equal(kept?.sender, ':p1');
    assert.notEqual((await store.conversations.claimPair(app, 'bob', account.userId, 30)).no, long.no);
  });
}
