// What PostgreSQL needs beside the shared migrations: room on the pages of rows that move, and the functions that do in
// one round trip what would take several. By the name of the migration after which it is done.
import { appendFunction } from './append-function.ts';
import { beginFunctions } from './begin-function.ts';

/** Vacuumed after so many changes, whatever the size: these tables are small or short-lived, and every message moves them. */
const busy =
  'autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0';

/**
 * Its primary key gets the column by which an engine of many machines would keep its rows: that wants it in every unique key.
 * The number stays first, so it is found by it as before.
 */
const keyed = (table: string, ...columns: string[]): string =>
  `alter table ${table} drop constraint ${table}_pkey, add primary key (${columns.join(', ')})`;

export const physical: Readonly<Record<string, readonly string[]>> = {
  first: [
    'drop index messages_place',
    keyed('messages', 'app', 'conv', 'ts', 'sub'),
    'create index messages_no on messages (no)',
    keyed('heads', 'no', 'app'),
    keyed('conversations', 'no', 'app'),
    keyed('broadcasts', 'no', 'app'),
    keyed('upstream', 'no', 'app'),
    // A new version of a row finds room on its page, and no index names it anew.
    `alter table heads set (fillfactor = 50, ${busy})`,
    `alter table marks set (fillfactor = 70, ${busy})`,
    'alter table conversations set (fillfactor = 80)',
    'alter table users set (fillfactor = 80)',
    'alter table messages set (fillfactor = 90, autovacuum_vacuum_insert_scale_factor = 0.05)',
    ...beginFunctions,
  ],
  push: [
    keyed('outbox', 'no', 'app'),
    'drop index outbox_device',
    'create unique index outbox_device on outbox (parent, device, app) where parent is not null',
    `alter table outbox set (fillfactor = 70, ${busy})`,
    appendFunction,
  ],
};
