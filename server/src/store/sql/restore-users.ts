// Accounts of another messenger, each with the user it proves to be.

import { ImError } from '../../core/errors.ts';
import type { Loss, RestoredUser } from '../../core/imports/import.ts';
import { insertAccount, linkAccount } from './accounts.ts';
import type { Tx } from './db.ts';
import { ensurePeople, nothing, type Outcome } from './restore-slice.ts';

const sessionDays = 365;
const dayMs = 86_400_000;
type Old = { id: string; updated_at: number; password: string | null };

export async function restoreUsers(tx: Tx, app: number, rows: readonly RestoredUser[]): Promise<Outcome> {
  const outcome = nothing();
  await ensurePeople(
    tx,
    app,
    rows.map(({ id }) => id),
  );
  for (const row of rows) {
    const old = await tx.one<Old>(
      'select id, updated_at, password from accounts where app = ? and user_id = ?',
      app,
      row.id,
    );
    const lose = (reason: string, detail?: string) => {
      const loss: Loss = { what: 'user', id: `${row.id}${detail === undefined ? '' : `/${detail}`}`, reason };
      outcome.losses.push(loss);
    };
    const names = await freeNames(tx, app, row, old?.id, lose);
    if (!old) {
      await insertAccount(tx, app, { ...row, ...names, id: row.id, userId: row.id }, row.createdAt);
      await link(tx, app, row, lose);
      await setTimes(tx, app, row.id, row);
      outcome.made += 1;
    } else if (old.updated_at < row.updatedAt) {
      await change(tx, app, old, row, names);
      await link(tx, app, { ...row, id: old.id }, lose);
      outcome.changed += 1;
    } else if (old.password === null && row.password !== undefined) {
      await tx.run('update accounts set password = ? where app = ? and id = ?', row.password, app, old.id);
      outcome.changed += 1;
    } else outcome.same += 1;
    await session(tx, app, old?.id ?? row.id, row);
  }
  return outcome;
}

type Names = Pick<RestoredUser, 'username' | 'phone' | 'email'>;
const columns = { username: 'username', phone: 'phone', email: 'email' } as const;

/** A name that another account has stays that one's. */
async function freeNames(
  tx: Tx,
  app: number,
  row: RestoredUser,
  own: string | undefined,
  lose: (reason: string, detail: string) => void,
): Promise<Names> {
  const names: { username: string | undefined; phone: string | undefined; email: string | undefined } = {
    username: row.username,
    phone: row.phone,
    email: row.email,
  };
  for (const what of Object.keys(columns) as (keyof typeof columns)[]) {
    const value = names[what];
    if (value === undefined) continue;
    const taken = await tx.one<{ id: string }>(
      `select id from accounts where app = ? and ${columns[what]} = ?`,
      app,
      value,
    );
    if (!taken || taken.id === own) continue;
    lose(`its ${what} belongs to another account here`, what);
    names[what] = undefined;
  }
  return names as Names;
}

async function setTimes(tx: Tx, app: number, id: string, row: RestoredUser): Promise<void> {
  await tx.run(
    'update accounts set created_at = ?, updated_at = ? where app = ? and id = ?',
    row.createdAt,
    row.updatedAt,
    app,
    id,
  );
}

/** A name that the source no longer has goes; a password that it does not show stays. */
async function change(tx: Tx, app: number, old: Old, row: RestoredUser, names: Names): Promise<void> {
  await tx.run(
    `update accounts set username = ?, phone = ?, email = ?, phone_verified = ?, email_verified = ?, attributes = ?,
       password = ?, created_at = ?, updated_at = ? where app = ? and id = ?`,
    names.username ?? null,
    names.phone ?? null,
    names.email ?? null,
    row.phoneVerified ? 1 : 0,
    row.emailVerified ? 1 : 0,
    JSON.stringify(row.attributes),
    row.password ?? old.password,
    row.createdAt,
    row.updatedAt,
    app,
    old.id,
  );
}

async function link(tx: Tx, app: number, row: RestoredUser, lose: (reason: string, detail: string) => void) {
  for (const one of row.links)
    try {
      await linkAccount(tx, app, row.id, one);
    } catch (error) {
      if (!(error instanceof ImError)) throw error;
      lose('its third party belongs to another account here', one.provider);
    }
}

async function session(tx: Tx, app: number, account: string, row: RestoredUser): Promise<void> {
  if (!row.session) return;
  await tx.run(
    `insert into tokens (app, token, account, created_at, expires_at, kind, n) values (?, ?, ?, ?, ?, 'session', ?)
     on conflict (app, token) do nothing`,
    app,
    row.session.digest,
    account,
    tx.now,
    row.session.expiresAt ?? tx.now + sessionDays * dayMs,
    await tx.nextNo('order'),
  );
}
