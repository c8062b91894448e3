// An account as it is read. The password is read by nobody who does not ask for it alone.
import type { Account } from '../../core/accounts/account.ts';
import { ImError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Db } from './db.ts';

export type AccountRow = {
  id: string;
  user_id: string;
  username: string | null;
  phone: string | null;
  email: string | null;
  phone_verified: number;
  email_verified: number;
  has_password: number;
  attributes: string;
  created_at: number;
  updated_at: number;
  login_at: number | null;
};

export const accountColumns = `a.id, a.user_id, a.username, a.phone, a.email, a.phone_verified, a.email_verified,
  case when a.password is null then 0 else 1 end as has_password, a.attributes, a.created_at, a.updated_at, a.login_at`;

export const toAccount = (row: AccountRow): Account => ({
  id: row.id,
  userId: row.user_id,
  username: row.username,
  phone: row.phone,
  email: row.email,
  phoneVerified: row.phone_verified === 1,
  emailVerified: row.email_verified === 1,
  hasPassword: row.has_password === 1,
  attributes: JSON.parse(row.attributes) as JsonObject,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  loginAt: row.login_at,
});

type Name = 'id' | 'user_id' | 'username' | 'phone' | 'email';

export async function findAccount(db: Db, app: number, name: Name, value: string): Promise<Account | undefined> {
  const row = await db.one<AccountRow>(
    `select ${accountColumns} from accounts a where a.app = ? and a.${name} = ?`,
    app,
    value,
  );
  return row && toAccount(row);
}

/** Throws `user-not-found`. */
export async function openAccountRow(db: Db, app: number, id: string): Promise<Account> {
  const account = await findAccount(db, app, 'id', id);
  if (!account) throw new ImError('user-not-found', 'there is no such account', { what: 'account' });
  return account;
}
