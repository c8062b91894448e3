// Rows of guests and twins, for those who read them and those who bring them into line.
import { ImError } from '../../core/errors.ts';
import type { Db, Tx } from './db.ts';

/** Of a conversation that may be a twin: which one it is a twin of; itself where it is none. */
export async function rootOf(db: Db, app: number, no: number): Promise<{ home: number; home_conv: number }> {
  const found = await db.one<{ home: number; home_conv: number }>(
    'select home, home_conv from twins where app = ? and conv = ?',
    app,
    no,
  );
  return found ?? { home: app, home_conv: no };
}

/** Those who are known already stay as they are. Throws `conflict` (what: name). */
export async function welcome(
  tx: Tx,
  app: number,
  guests: readonly { id: string; home: number }[],
  now: number,
): Promise<void> {
  for (const { id, home } of guests) {
    await tx.run(
      'insert into users (app, id, created_at, profile_at, seen_at, home) values (?, ?, ?, ?, 0, ?) on conflict (app, id) do nothing',
      app,
      id,
      now,
      now,
      home,
    );
    const known = await tx.one<{ home: number | null }>('select home from users where app = ? and id = ?', app, id);
    if (known?.home !== home)
      throw new ImError('conflict', 'the app has a user of its own of that name', { what: 'name' });
  }
}
