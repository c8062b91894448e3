// Who wants no push about what.
import { ImError } from '../../core/errors.ts';
import type { QuietReads, QuietWrites } from '../../core/quiets/quiet.ts';
import { conversationOf, everything, type SubjectKey } from '../../core/subjects.ts';
import { list, pieces, unique } from './db.ts';
import type { SliceReads, SliceWrites } from './slice.ts';

const kindOf = (target: SubjectKey): string =>
  target === everything ? 'everything' : conversationOf(target) === undefined ? 'user' : 'conversation';

export const quietReads: SliceReads<QuietReads> = {
  async of(db, app, who) {
    const rows = await db.all<{ target: string }>(
      'select target from quiets where app = ? and who = ? order by since, target',
      app,
      who,
    );
    return rows.map(({ target }) => target);
  },

  async among(db, app, target, who) {
    const found: string[] = [];
    for (const piece of pieces(unique(who))) {
      const some = list(piece);
      const rows = await db.all<{ who: string }>(
        `select distinct who from quiets where app = ? and target in (?, ?) and who in ${some.sql}`,
        app,
        target,
        everything,
        ...some.values,
      );
      for (const row of rows) found.push(row.who);
    }
    return found;
  },

  async about(db, app, target, { skip, limit }) {
    const rows = await db.all<{ who: string }>(
      'select who from quiets where app = ? and target = ? order by since, who limit ? offset ?',
      app,
      target,
      limit,
      skip,
    );
    return rows.map(({ who }) => who);
  },
};

export const quietWrites: SliceWrites<QuietWrites> = {
  async change(tx, app, who, { add, remove, strict }, now) {
    const added: SubjectKey[] = [];
    const removed: SubjectKey[] = [];
    for (const target of unique(add)) {
      const rows = await tx.run(
        'insert into quiets (app, who, target, since) values (?, ?, ?, ?) on conflict do nothing',
        app,
        who,
        target,
        now,
      );
      if (rows > 0) added.push(target);
      else if (strict) throw new ImError('already', 'quiet already', { what: 'quiet', kind: kindOf(target) });
    }
    for (const target of unique(remove)) {
      const rows = await tx.run('delete from quiets where app = ? and who = ? and target = ?', app, who, target);
      if (rows > 0) removed.push(target);
      else if (strict) throw new ImError('absent', 'not quiet', { what: 'quiet', kind: kindOf(target) });
    }
    return { added, removed };
  },
};
