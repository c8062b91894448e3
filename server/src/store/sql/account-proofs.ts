// Tokens, codes, and the memory of what was tried. Every decision is made inside the write that records it, so that
// any number of callers at once get one right code, one use of a token, and an exact count.
import type { AccountProofReads, AccountProofWrites, Pace } from '../../core/accounts/proofs.ts';
import { ImError } from '../../core/errors.ts';
import { type AccountRow, accountColumns, openAccountRow, toAccount } from './account-row.ts';
import { list, type Tx } from './db.ts';
import type { SliceReads, SliceWrites } from './slice.ts';

type ThrottleRow = { count: number; until: number; expires_at: number };

/** How long an expired token is kept, so that its bearer hears that it has expired. */
const expiredTokenKeptMs = 30 * 86_400_000;

export const accountProofReads: SliceReads<AccountProofReads> = {
  async byToken(db, app, kind, digest, now) {
    const row = await db.one<AccountRow & { expires_at: number | null }>(
      `select ${accountColumns}, t.expires_at from tokens t join accounts a on a.app = t.app and a.id = t.account
       where t.app = ? and t.token = ? and t.kind = ?`,
      app,
      digest,
      kind,
    );
    return row && { account: toAccount(row), expired: row.expires_at !== null && row.expires_at <= now };
  },

  async locks(db, app, keys, now) {
    if (keys.length === 0) return { until: 0, failed: [] };
    const some = list(keys);
    const rows = await db.all<{ key: string; until: number }>(
      `select key, until from throttles where app = ? and key in ${some.sql} and expires_at > ?`,
      app,
      ...some.values,
      now,
    );
    const until = Math.max(0, ...rows.map((row) => row.until));
    return { until: until > now ? until : 0, failed: rows.map((row) => row.key) };
  },
};

const throttleOf = (tx: Tx, app: number, key: string) =>
  tx.one<ThrottleRow>('select count, until, expires_at from throttles where app = ? and key = ?', app, key);

async function putThrottle(tx: Tx, app: number, key: string, row: ThrottleRow): Promise<void> {
  await tx.run(
    `insert into throttles (app, key, count, until, expires_at) values (?, ?, ?, ?, ?) on conflict (app, key)
     do update set count = excluded.count, until = excluded.until, expires_at = excluded.expires_at`,
    app,
    key,
    row.count,
    row.until,
    row.expires_at,
  );
}

/** Until when it has to wait; 0: it may happen now. */
async function waitOf(tx: Tx, app: number, { key, free }: Pace, now: number): Promise<number> {
  const row = await throttleOf(tx, app, key);
  return row && row.expires_at > now && row.count >= free ? row.expires_at : 0;
}

async function countPace(tx: Tx, app: number, { key, windowMs }: Pace, now: number): Promise<void> {
  const row = await throttleOf(tx, app, key);
  const open = row && row.expires_at > now;
  await putThrottle(tx, app, key, {
    count: open ? row.count + 1 : 1,
    until: 0,
    expires_at: open ? row.expires_at : now + windowMs,
  });
}

export const accountProofWrites: SliceWrites<AccountProofWrites> = {
  async issueToken(tx, app, { account, kind, digest, expiresAt }, max, now) {
    await openAccountRow(tx, app, account);
    await tx.run(
      'insert into tokens (app, token, account, kind, n, created_at, expires_at) values (?, ?, ?, ?, ?, ?, ?)',
      app,
      digest,
      account,
      kind,
      await tx.nextNo('order'),
      now,
      expiresAt,
    );
    await tx.run(
      `delete from tokens where app = ? and account = ? and kind = ? and n <=
       (select n from tokens where app = ? and account = ? and kind = ? order by n desc limit 1 offset ?)`,
      app,
      account,
      kind,
      app,
      account,
      kind,
      max,
    );
    if (kind === 'session')
      await tx.run('update accounts set login_at = ? where app = ? and id = ?', now, app, account);
  },

  async revokeToken(tx, app, kind, digest) {
    return (await tx.run('delete from tokens where app = ? and token = ? and kind = ?', app, digest, kind)) > 0;
  },

  async revokeTokens(tx, app, account, kind) {
    return tx.run('delete from tokens where app = ? and account = ? and kind = ?', app, account, kind);
  },

  async redeemToken(tx, app, digest, password, now) {
    const row = await tx.one<{ account: string; expires_at: number | null }>(
      "select account, expires_at from tokens where app = ? and token = ? and kind = 'reset'",
      app,
      digest,
    );
    if (!row) throw new ImError('unauthenticated', 'this token sets no password', { what: 'token' });
    if (row.expires_at !== null && row.expires_at <= now)
      throw new ImError('session-expired', 'this token has expired', { what: 'token' });
    const { account } = row;
    await tx.run(
      'update accounts set password = ?, updated_at = ? where app = ? and id = ?',
      password,
      now,
      app,
      account,
    );
    await tx.run('delete from tokens where app = ? and account = ?', app, account);
    return openAccountRow(tx, app, account);
  },

  async putCode(tx, app, { purpose, phone, digest, expiresAt }, paces, now) {
    let until = 0;
    for (const pace of paces) until = Math.max(until, await waitOf(tx, app, pace, now));
    if (until > 0)
      throw new ImError('rate-limited', 'too many codes were asked for: wait a little', {
        what: 'code',
        retryAfterMs: until - now,
      });
    for (const pace of paces) await countPace(tx, app, pace, now);
    await tx.run(
      `insert into codes (app, purpose, phone, digest, tries, expires_at) values (?, ?, ?, ?, 0, ?)
       on conflict (app, purpose, phone) do update set digest = excluded.digest, tries = 0, expires_at = excluded.expires_at`,
      app,
      purpose,
      phone,
      digest,
      expiresAt,
    );
  },

  async dropCode(tx, app, purpose, phone, digest, paces) {
    await tx.run(
      'delete from codes where app = ? and purpose = ? and phone = ? and digest = ?',
      app,
      purpose,
      phone,
      digest,
    );
    for (const { key } of paces)
      await tx.run('update throttles set count = count - 1 where app = ? and key = ? and count > 0', app, key);
  },

  async useCode(tx, app, { purpose, phone, digest }, triesMax, now) {
    const row = await tx.one<{ digest: string; tries: number; expires_at: number }>(
      'select digest, tries, expires_at from codes where app = ? and purpose = ? and phone = ?',
      app,
      purpose,
      phone,
    );
    if (!row) return false;
    const good = row.digest === digest && row.expires_at > now;
    if (good || row.expires_at <= now || row.tries + 1 >= triesMax)
      await tx.run('delete from codes where app = ? and purpose = ? and phone = ?', app, purpose, phone);
    else
      await tx.run(
        'update codes set tries = tries + 1 where app = ? and purpose = ? and phone = ?',
        app,
        purpose,
        phone,
      );
    return good;
  },

  async useOnce(tx, app, digest, expiresAt, now) {
    const row = await tx.one<{ expires_at: number }>(
      'select expires_at from used where app = ? and digest = ?',
      app,
      digest,
    );
    if (row && row.expires_at > now) return false;
    await tx.run(
      'insert into used (app, digest, expires_at) values (?, ?, ?) on conflict (app, digest) do update set expires_at = excluded.expires_at',
      app,
      digest,
      expiresAt,
    );
    return true;
  },

  async recordFailure(tx, app, patiences, now) {
    for (const { key, free, waitMs, waitMsMax, forgetMs } of patiences) {
      const row = await throttleOf(tx, app, key);
      const count = row && row.expires_at > now ? row.count + 1 : 1;
      const over = count - free;
      const until = over > 0 ? now + Math.min(waitMsMax, waitMs * 2 ** Math.min(over - 1, 30)) : 0;
      await putThrottle(tx, app, key, { count, until, expires_at: Math.max(now, until) + forgetMs });
    }
  },

  async forgetFailures(tx, app, keys) {
    const some = list(keys);
    await tx.run(`delete from throttles where app = ? and key in ${some.sql}`, app, ...some.values);
  },

  async sweepProofs(tx, now, rows) {
    let left = rows;
    for (const [table, key, before] of [
      ['codes', 'app, purpose, phone', now],
      ['throttles', 'app, key', now],
      ['used', 'app, digest', now],
      ['tokens', 'app, token', now - expiredTokenKeptMs],
    ] as const) {
      left -= await tx.run(
        `delete from ${table} where (${key}) in (select ${key} from ${table} where expires_at <= ? limit ?)`,
        before,
        left,
      );
      if (left <= 0) return { done: false };
    }
    return { done: true };
  },
};
