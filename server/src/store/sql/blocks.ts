// Who keeps whom away.
import type { BlockReads, BlockWrites } from '../../core/blocks/block.ts';
import { ImError } from '../../core/errors.ts';
import { list, pieces, unique } from './db.ts';
import type { SliceReads, SliceWrites } from './slice.ts';

export const among: SliceReads<BlockReads>['among'] = async (db, app, by, targets) => {
  const found: string[] = [];
  for (const piece of pieces(unique(targets))) {
    const some = list(piece);
    const rows = await db.all<{ target: string }>(
      `select target from blocks where app = ? and by_key = ? and target in ${some.sql}`,
      app,
      by,
      ...some.values,
    );
    for (const row of rows) found.push(row.target);
  }
  return found;
};

export const blockers: SliceReads<BlockReads>['blockers'] = async (db, app, target, by) => {
  const found: string[] = [];
  for (const piece of pieces(unique(by))) {
    const some = list(piece);
    const rows = await db.all<{ by_key: string }>(
      `select by_key from blocks where app = ? and target = ? and by_key in ${some.sql}`,
      app,
      target,
      ...some.values,
    );
    for (const row of rows) found.push(row.by_key);
  }
  return found;
};

export const blockReads: SliceReads<BlockReads> = {
  among,
  blockers,

  async list(db, app, by, { skip, limit }) {
    const rows = await db.all<{ target: string; since: number }>(
      'select target, since from blocks where app = ? and by_key = ? order by since, target limit ? offset ?',
      app,
      by,
      limit,
      skip,
    );
    const count =
      skip === 0 && rows.length < limit
        ? rows.length
        : (
            await db.one<{ total: number }>(
              'select count(*) as total from blocks where app = ? and by_key = ?',
              app,
              by,
            )
          )?.total;
    return { total: count ?? 0, blocks: rows.map(({ target, since }) => ({ target, since })) };
  },
};

export const blockWrites: SliceWrites<BlockWrites> = {
  async put(tx, app, by, targets, { max, strict }, now) {
    const wanted = unique(targets);
    const known = new Set(await among(tx, app, by, wanted));
    if (strict && known.size > 0) throw new ImError('already', 'blocked already', { what: 'block' });
    const fresh = wanted.filter((target) => !known.has(target));
    for (const target of fresh)
      await tx.run('insert into blocks (app, by_key, target, since) values (?, ?, ?, ?)', app, by, target, now);
    const row = await tx.one<{ count: number }>(
      'select count(*) as count from blocks where app = ? and by_key = ?',
      app,
      by,
    );
    if (fresh.length > 0 && (row?.count ?? 0) > max)
      throw new ImError('full', `no more than ${max} can be blocked`, { what: 'blocks', max });
    return fresh;
  },

  async lift(tx, app, by, targets, { strict }) {
    const wanted = unique(targets);
    const known = await among(tx, app, by, wanted);
    if (strict && known.length < wanted.length) throw new ImError('absent', 'not blocked', { what: 'block' });
    for (const target of known)
      await tx.run('delete from blocks where app = ? and by_key = ? and target = ?', app, by, target);
    return known;
  },
};
