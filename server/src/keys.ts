// The files of secrets in the data folder: the keys of the generated app and of the demo's, and the operator's token. They
// are readable by their owner only, and on disk before anybody uses what they hold.
import { randomBytes } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { newKey } from './core/apps/add.ts';
import type { NewApp } from './core/apps/app.ts';
import { Secret } from './secret.ts';

export type AppKeys = Pick<NewApp, 'id' | 'clientKey' | 'masterKey'>;

/** Lines `NAME=value` that a shell can read in. */
export const keysPath = (dataDir: string): string => join(dataDir, 'keys.env');
/** The demo's app is another one: its client key is told to whoever opens the page. */
export const demoKeysPath = (dataDir: string): string => join(dataDir, 'demo.env');
export const adminTokenPath = (dataDir: string): string => join(dataDir, 'admin-token');

/** Keys of the generated app; undefined when none was generated here. */
export const readKeys = (dataDir: string): Promise<AppKeys | undefined> => readKeysAt(keysPath(dataDir));

async function readKeysAt(path: string): Promise<AppKeys | undefined> {
  const text = await readIfThere(path);
  const value = (name: string): string | undefined => text?.match(new RegExp(`^HONGYAN_${name}=(\\S+)$`, 'm'))?.[1];
  const [id, clientKey, masterKey] = [value('APP_ID'), value('CLIENT_KEY'), value('MASTER_KEY')];
  return id && clientKey && masterKey ? { id, clientKey, masterKey } : undefined;
}

/** The kept keys, or new ones: a start that was cut off after keeping them does not make others. */
export const keepKeys = (dataDir: string): Promise<AppKeys> => keepKeysAt(keysPath(dataDir));
export const keepDemoKeys = (dataDir: string): Promise<AppKeys> => keepKeysAt(demoKeysPath(dataDir));

async function keepKeysAt(path: string): Promise<AppKeys> {
  const kept = await readKeysAt(path);
  if (kept) return kept;
  const keys = { id: newKey(), clientKey: newKey(), masterKey: newKey() };
  await writeKeys(path, keys);
  return keys;
}

/** Replaces the file at `path`. */
export async function writeKeys(path: string, keys: AppKeys): Promise<void> {
  const lines = [`APP_ID=${keys.id}`, `CLIENT_KEY=${keys.clientKey}`, `MASTER_KEY=${keys.masterKey}`];
  await writeSecret(path, lines.map((line) => `HONGYAN_${line}\n`).join(''));
}

/** The operator's token kept in the data folder, made at the first call. */
export async function keepAdminToken(dataDir: string): Promise<Secret> {
  const kept = (await readIfThere(adminTokenPath(dataDir)))?.trim();
  if (kept) return new Secret(kept);
  const token = randomBytes(24).toString('hex');
  await writeSecret(adminTokenPath(dataDir), `${token}\n`);
  return new Secret(token);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whole or not at all, and never readable by others, not even for a moment. */
async function writeSecret(path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.chmod(0o600);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}
