// The numbered migrations of every engine, in the language SQLite speaks; another engine's folder says how it reads them.
import { first } from './0001-first.ts';
import { accounts } from './0002-accounts.ts';
import { push } from './0003-push.ts';
import { uniqueSets } from './0005-unique-sets.ts';
import { callbacks } from './0006-callbacks.ts';
import { sentAway } from './0007-sent-away.ts';
import { ownServer } from './0008-own-server.ts';
import { devices } from './0009-devices.ts';
import { guests } from './0010-guests.ts';
import { imports } from './0011-imports.ts';
import { tails } from './0020-tails.ts';
import { mentions } from './0021-mentions.ts';

export type Migration = { readonly name: string; readonly statements: readonly string[] };

/** In order, never changed once released; the version is the place in the list, from 1. */
export const migrations: readonly Migration[] = [
  { name: 'first', statements: first },
  { name: 'accounts', statements: accounts },
  { name: 'push', statements: push },
  { name: 'unique-sets', statements: uniqueSets },
  { name: 'callbacks', statements: callbacks },
  { name: 'sent-away', statements: sentAway },
  { name: 'own-server', statements: ownServer },
  { name: 'guests', statements: guests },
  { name: 'devices', statements: devices },
  { name: 'imports', statements: imports },
  { name: 'tails', statements: tails },
  { name: 'mentions', statements: mentions },
];

export const newestVersion = migrations.length;
