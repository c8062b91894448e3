// Accounts, and who they are at third parties. Uniqueness is looked for before it is written, so that the caller hears
// which name was taken; the indexes hold it all the same.
import type { Account, AccountReads, AccountWrites, Link, NewAccount } from '../../core/accounts/account.ts';
import { ImError } from '../../core/errors.ts';
import { hexId } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import { type AccountRow, accountColumns as columns, findAccount, openAccountRow, toAccount } from './account-row.ts';
import { type Bind, bit, type Tx } from './db.ts';
import { movePassenger } from './passenger-moves.ts';
import type { SliceReads, SliceWrites } from './slice.ts';

type LinkRow = { provider: string; subject: string; data: string | null };

const toLink = ({ provider, subject, data }: LinkRow): Link => ({
  provider,
  subject,
  ...(data === null ? {} : { data: JSON.parse(data) as JsonObject }),
});

export const accountReads: SliceReads<AccountReads> = {
  byId: (db, app, id) => findAccount(db, app, 'id', id),
  byUser: (db, app, userId) => findAccount(db, app, 'user_id', userId),
  byUsername: (db, app, username) => findAccount(db, app, 'username', username),
  byPhone: (db, app, phone) => findAccount(db, app, 'phone', phone),
  byEmail: (db, app, email) => findAccount(db, app, 'email', email),

  async byProvider(db, app, provider, subject) {
    const row = await db.one<AccountRow>(
      `select ${columns} from accounts a join providers p on p.app = a.app and p.account = a.id
       where p.app = ? and p.provider = ? and p.subject = ?`,
      app,
      provider,
      subject,
    );
    return row && toAccount(row);
  },

  async passwordOf(db, app, id) {
    const row = await db.one<{ password: string | null }>(
      'select password from accounts where app = ? and id = ?',
      app,
      id,
    );
    return row?.password;
  },

  async links(db, app, id) {
    const rows = await db.all<LinkRow>(
      'select provider, subject, data from providers where app = ? and account = ? order by provider, subject',
      app,
      id,
    );
    return rows.map(toLink);
  },

  async list(db, app, { skip, limit }) {
    const rows = await db.all<AccountRow>(
      `select ${columns} from accounts a where a.app = ? order by a.created_at, a.id limit ? offset ?`,
      app,
      limit,
      skip,
    );
    return rows.map(toAccount);
  },
};

/** What an account is called by, each of them one account's in an app. */
const names = { id: 'id', user: 'user_id', username: 'username', phone: 'phone', email: 'email' } as const;

async function assertFree(tx: Tx, app: number, what: keyof typeof names, value: string, own?: string): Promise<void> {
  const taken = await tx.one<{ id: string }>(
    `select id from accounts where app = ? and ${names[what]} = ?`,
    app,
    value,
  );
  if (taken && taken.id !== own) throw new ImError('conflict', `there is an account of this ${what} already`, { what });
}

export async function linkAccount(tx: Tx, app: number, id: string, { provider, subject, data }: Link): Promise<void> {
  const known = await tx.one<{ account: string }>(
    'select account from providers where app = ? and provider = ? and subject = ?',
    app,
    provider,
    subject,
  );
  if (known && known.account !== id)
    throw new ImError('conflict', 'this identity belongs to another account', { what: 'provider' });
  await tx.run(
    `insert into providers (app, provider, subject, account, data) values (?, ?, ?, ?, ?)
     on conflict (app, provider, subject) do update set data = excluded.data`,
    app,
    provider,
    subject,
    id,
    data === undefined ? null : JSON.stringify(data),
  );
}

/** One account with its user and its link, inside a write. Throws `conflict` (what). */
export async function insertAccount(tx: Tx, app: number, account: NewAccount, now: number): Promise<Account> {
  const { id = hexId(24), userId = id, username, phone, email, password } = account;
  await assertFree(tx, app, 'id', id);
  await assertFree(tx, app, 'user', userId);
  for (const [what, value] of Object.entries({ username, phone, email }))
    if (value !== undefined) await assertFree(tx, app, what as keyof typeof names, value);
  await tx.run(
    'insert into users (app, id, created_at, profile_at, seen_at) values (?, ?, ?, ?, ?) on conflict do nothing',
    app,
    userId,
    now,
    now,
    now,
  );
  await tx.run(
    `insert into accounts (app, id, user_id, username, password, phone, email, attributes, phone_verified, email_verified,
     created_at, updated_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    app,
    id,
    userId,
    username ?? null,
    password ?? null,
    phone ?? null,
    email ?? null,
    JSON.stringify(account.attributes ?? {}),
    bit(account.phoneVerified ?? false),
    bit(account.emailVerified ?? false),
    now,
    now,
  );
  if (account.link) await linkAccount(tx, app, id, account.link);
  return openAccountRow(tx, app, id);
}

/** Every account of a user, with links and tokens, inside a write. */
export async function eraseAccountsOf(tx: Tx, app: number, userId: string): Promise<void> {
  const rows = await tx.all<{ id: string }>('select id from accounts where app = ? and user_id = ?', app, userId);
  for (const { id } of rows) await eraseAccount(tx, app, id);
}

async function eraseAccount(tx: Tx, app: number, id: string): Promise<boolean> {
  await tx.run('delete from tokens where app = ? and account = ?', app, id);
  await tx.run('delete from providers where app = ? and account = ?', app, id);
  return (await tx.run('delete from accounts where app = ? and id = ?', app, id)) > 0;
}

export const accountWrites: SliceWrites<AccountWrites> = {
  async create(tx, app, account, now) {
    const made = await insertAccount(tx, app, account, now);
    const { passenger } = account;
    return {
      account: made,
      moved:
        passenger === undefined ? { conversations: [] } : await movePassenger(tx, app, passenger, made.userId, now),
    };
  },

  async change(tx, app, id, change, now) {
    await openAccountRow(tx, app, id);
    for (const what of ['username', 'phone', 'email'] as const) {
      const value = change[what];
      if (typeof value === 'string') await assertFree(tx, app, what, value, id);
    }
    const set: [string, Bind | undefined][] = [
      ['username', change.username],
      ['phone', change.phone],
      ['email', change.email],
      ['phone_verified', change.phoneVerified === undefined ? undefined : bit(change.phoneVerified)],
      ['email_verified', change.emailVerified === undefined ? undefined : bit(change.emailVerified)],
      ['attributes', change.attributes === undefined ? undefined : JSON.stringify(change.attributes)],
      ['updated_at', now],
    ];
    const given = set.filter((entry): entry is [string, Bind] => entry[1] !== undefined);
    await tx.run(
      `update accounts set ${given.map(([name]) => `${name} = ?`).join(', ')} where app = ? and id = ?`,
      ...given.map(([, value]) => value),
      app,
      id,
    );
    return openAccountRow(tx, app, id);
  },

  async setPassword(tx, app, id, password, now) {
    await openAccountRow(tx, app, id);
    await tx.run('update accounts set password = ?, updated_at = ? where app = ? and id = ?', password, now, app, id);
    await tx.run('delete from tokens where app = ? and account = ?', app, id);
  },

  async claim(tx, app, id, now) {
    await tx.run('delete from tokens where app = ? and account = ?', app, id);
    await tx.run('delete from providers where app = ? and account = ?', app, id);
    await tx.run(
      'update accounts set password = null, phone_verified = 1, updated_at = ? where app = ? and id = ?',
      now,
      app,
      id,
    );
    return openAccountRow(tx, app, id);
  },

  async renewPassword(tx, app, id, from, to) {
    await tx.run('update accounts set password = ? where app = ? and id = ? and password = ?', to, app, id, from);
  },

  async link(tx, app, id, link, now) {
    await openAccountRow(tx, app, id);
    await linkAccount(tx, app, id, link);
    await tx.run('update accounts set updated_at = ? where app = ? and id = ?', now, app, id);
  },

  async unlink(tx, app, id, provider, now) {
    await tx.run('delete from providers where app = ? and account = ? and provider = ?', app, id, provider);
    await tx.run('update accounts set updated_at = ? where app = ? and id = ?', now, app, id);
  },

  remove: eraseAccount,
};
