// Guests, and which conversations are twins of which.
import type { GuestReads, GuestWrites, Linked } from '../../core/guests/guest.ts';
import { list, pieces, unique } from './db.ts';
import { rootOf, welcome } from './guests-rows.ts';
import { settle } from './guests-settle.ts';
import type { SliceReads, SliceWrites } from './slice.ts';

type LinkedRow = { app: number; app_id: string; no: number; id: string; kind: Linked['kind'] };

const toLinked = ({ app, app_id, no, id, kind }: LinkedRow): Linked => ({ app, appId: app_id, no, id, kind });

type PlaceRow = { conv: number; app: number; app_id: string; no: number };

export const guestReads: SliceReads<GuestReads> = {
  async elsewhere(db, home, id) {
    const rows = await db.all<{ app: number; app_id: string; id: string }>(
      `select u.app, a.id as app_id, u.id from users u join apps a on a.no = u.app join apps h on h.no = u.home
       where u.home = ? and u.id = ? || '@' || h.id and a.deleted_at is null order by u.app`,
      home,
      id,
    );
    return rows.map((row) => ({ app: row.app, appId: row.app_id, id: row.id }));
  },

  async links(db, app, no) {
    const { home, home_conv } = await rootOf(db, app, no);
    const rows = await db.all<LinkedRow & { settled: number }>(
      `select t.app, a.id as app_id, c.no, c.id, c.kind, t.settled from twins t join apps a on a.no = t.app
       join conversations c on c.app = t.app and c.no = t.conv
       where t.home = ? and t.home_conv = ? and a.deleted_at is null and c.deleted_at is null order by t.app`,
      home,
      home_conv,
    );
    if (rows.length === 0) return undefined;
    const at = await db.one<LinkedRow & { info_at: number }>(
      `select c.app, a.id as app_id, c.no, c.id, c.kind, c.info_at from conversations c join apps a on a.no = c.app
       where c.app = ? and c.no = ? and a.deleted_at is null and c.deleted_at is null`,
      home,
      home_conv,
    );
    if (!at) return undefined;
    const settled = rows.every((row) => row.settled === at.info_at);
    return { home: toLinked(at), twins: rows.map(toLinked), settled };
  },

  async twinOf(db, app, home, no) {
    const sql = 'select conv from twins where home = ? and home_conv = ? and app = ?';
    return (await db.one<{ conv: number }>(sql, home, no, app))?.conv;
  },

  async homesOf(db, app, nos) {
    const found: { no: number; home: Pick<Linked, 'app' | 'appId' | 'no'> }[] = [];
    for (const piece of pieces(unique(nos))) {
      const some = list(piece);
      const rows = await db.all<PlaceRow>(
        `select t.conv, t.home as app, a.id as app_id, t.home_conv as no from twins t join apps a on a.no = t.home
         where t.app = ? and t.conv in ${some.sql}`,
        app,
        ...some.values,
      );
      for (const row of rows) found.push({ no: row.conv, home: { app: row.app, appId: row.app_id, no: row.no } });
    }
    return found;
  },

  async twinsWith(db, app, who) {
    const rows = await db.all<PlaceRow>(
      `select t.conv, t.home as app, a.id as app_id, t.home_conv as no from twins t join apps a on a.no = t.home
       join members m on m.app = t.app and m.conv = t.conv where t.app = ? and m.who = ? order by t.home_conv`,
      app,
      who,
    );
    return rows.map((row) => ({ app: row.app, appId: row.app_id, no: row.no }));
  },
};

export const guestWrites: SliceWrites<GuestWrites> = { welcome, settle };
