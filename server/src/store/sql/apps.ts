// Apps (tenants). A removed app keeps its row, without a living id, until the last of its data is gone.
import type { App, AppReads, AppWrites } from '../../core/apps/app.ts';
import { defaultSettings, type SettingOverrides } from '../../core/apps/settings.ts';
import { ImError } from '../../core/errors.ts';
import { removeApp } from './apps-remove.ts';
import type { Db, Tx } from './db.ts';
import type { SliceReads, SliceWrites } from './slice.ts';

type AppRow = {
  no: number;
  id: string;
  name: string;
  client_key: string;
  master_key: string;
  extra_keys: string;
  id_key: string;
  overrides: string;
  created_at: number;
  updated_at: number;
};

const columns = 'no, id, name, client_key, master_key, extra_keys, id_key, overrides, created_at, updated_at';

function toApp(row: AppRow): App {
  const overrides = JSON.parse(row.overrides) as SettingOverrides;
  return {
    no: row.no,
    id: row.id,
    name: row.name,
    clientKey: row.client_key,
    masterKey: row.master_key,
    extraKeys: JSON.parse(row.extra_keys) as string[],
    idKey: row.id_key,
    overrides,
    settings: { ...defaultSettings, ...overrides },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

async function rowById(db: Db, id: string): Promise<AppRow | undefined> {
  return db.one<AppRow>(`select ${columns} from apps where id = ? and deleted_at is null`, id);
}

export const appReads: SliceReads<AppReads> = {
  async byId(db, id) {
    const row = await rowById(db, id);
    return row && toApp(row);
  },

  async list(db) {
    const rows = await db.all<AppRow>(`select ${columns} from apps where deleted_at is null order by no`);
    return rows.map(toApp);
  },
};

type Changed = Pick<AppRow, 'name' | 'client_key' | 'master_key' | 'extra_keys' | 'overrides'>;

/** Writes only what differs, so that repeating a call does not move `updatedAt`. */
async function update(tx: Tx, row: AppRow, next: Changed): Promise<App> {
  const names = ['name', 'client_key', 'master_key', 'extra_keys', 'overrides'] as const;
  if (names.every((name) => row[name] === next[name])) return toApp(row);
  await tx.run(
    'update apps set name = ?, client_key = ?, master_key = ?, extra_keys = ?, overrides = ?, updated_at = ? where no = ?',
    next.name,
    next.client_key,
    next.master_key,
    next.extra_keys,
    next.overrides,
    tx.now,
    row.no,
  );
  return toApp({ ...row, ...next, updated_at: tx.now });
}

export const appWrites: SliceWrites<AppWrites> = {
  async put(tx, app) {
    const known = await rowById(tx, app.id);
    if (known) {
      return update(tx, known, {
        name: app.name ?? known.name,
        client_key: app.clientKey,
        master_key: app.masterKey,
        extra_keys: app.extraKeys ? JSON.stringify(app.extraKeys) : known.extra_keys,
        overrides: known.overrides,
      });
    }
    const row: AppRow = {
      no: await tx.nextNo('apps'),
      id: app.id,
      name: app.name ?? app.id,
      client_key: app.clientKey,
      master_key: app.masterKey,
      extra_keys: JSON.stringify(app.extraKeys ?? []),
      id_key: app.idKey,
      overrides: '{}',
      created_at: tx.now,
      updated_at: tx.now,
    };
    await tx.run(
      `insert into apps (${columns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      row.no,
      row.id,
      row.name,
      row.client_key,
      row.master_key,
      row.extra_keys,
      row.id_key,
      row.overrides,
      row.created_at,
      row.updated_at,
    );
    return toApp(row);
  },

  async change(tx, id, change) {
    const row = await rowById(tx, id);
    if (!row) throw new ImError('app-not-found', 'there is no such app');
    return update(tx, row, {
      name: change.name ?? row.name,
      client_key: change.clientKey ?? row.client_key,
      master_key: change.masterKey ?? row.master_key,
      extra_keys: change.extraKeys ? JSON.stringify(change.extraKeys) : row.extra_keys,
      overrides: change.overrides ? JSON.stringify(change.overrides) : row.overrides,
    });
  },

  remove: removeApp,
};
