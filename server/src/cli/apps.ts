import { readFile } from 'node:fs/promises';
import { readConfig } from '../config.ts';
import { addApp } from '../core/apps/add.ts';
import type { App } from '../core/apps/app.ts';
import { changeApp, settingFromText } from '../core/apps/change.ts';
import { removeApp } from '../core/apps/remove.ts';
import { type SettingName, settingSpecs, withoutSecrets } from '../core/apps/settings.ts';
import { writeKeys } from '../keys.ts';
import { type Io, UsageError } from './io.ts';
import { withStore } from './open-store.ts';
import { readOptions, words } from './options.ts';
import { table } from './table.ts';

type Action = (args: readonly string[], io: Io) => Promise<number>;

const actions: Readonly<Record<string, Action>> = { list, add, set, remove };

/** Works on the data folder, beside a running server too: the server follows within seconds. */
export async function apps(args: readonly string[], io: Io): Promise<number> {
  const [name = '', ...rest] = args;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) throw new UsageError('takes list, add, set or remove');
  return action(rest, io);
}

async function list(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readOptions(args, { json: { type: 'boolean' }, keys: { type: 'boolean' } });
  words(positionals);
  const found = await withStore(readConfig(io.env), false, ({ store }) => store.apps.list());
  if (values.json) {
    io.out(
      JSON.stringify(
        found.map((app) => shown(app, values.keys)),
        null,
        2,
      ),
    );
    return 0;
  }
  const heads = ['id', 'name', 'created', 'settings changed', ...(values.keys ? ['client key', 'master key'] : [])];
  const rows = found.map((app) => [
    app.id,
    app.name,
    new Date(app.createdAt).toISOString().slice(0, 19).replace('T', ' '),
    Object.entries(withoutSecrets(app.overrides))
      .map(([name, value]) => `${name}=${inWords(value)}`)
      .join(' '),
    ...(values.keys ? [app.clientKey, app.masterKey] : []),
  ]);
  io.out(table([heads, ...rows]));
  return 0;
}

async function add(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readOptions(args, {
    json: { type: 'boolean' },
    name: { type: 'string' },
    'client-key': { type: 'string' },
    'master-key': { type: 'string' },
    'keys-file': { type: 'string' },
  });
  if (positionals.length > 1) throw new UsageError('takes one id at most');
  const file = values['keys-file'];
  const wanted = {
    id: positionals[0],
    name: values.name,
    clientKey: values['client-key'],
    masterKey: values['master-key'],
  };
  const app = await withStore(readConfig(io.env), true, (core) => addApp(core, wanted));
  if (file !== undefined) await writeKeys(file, app);
  if (values.json) {
    io.out(JSON.stringify(shown(app, file === undefined), null, 2));
  } else {
    io.out(`App id:     ${app.id}`);
    if (file === undefined)
      io.out(
        `Client key: ${app.clientKey}\nMaster key: ${app.masterKey}\nKeep them: only \`hongyan apps list --keys\` shows them again.`,
      );
    else io.out(`Its keys are in ${file}`);
  }
  return 0;
}

async function set(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readOptions(args, { json: { type: 'boolean' }, name: { type: 'string' } });
  const [id, ...assignments] = positionals;
  if (id === undefined) throw new UsageError('set takes <id> name=value…');
  const settings: Record<string, unknown> = {};
  for (const assignment of assignments) {
    const at = assignment.indexOf('=');
    if (at < 1) throw new UsageError(`set takes name=value, not ${assignment}`);
    const name = assignment.slice(0, at);
    settings[name] = settingFromText(name, await textOf(assignment.slice(at + 1)));
  }
  const change = values.name === undefined ? { settings } : { settings, name: values.name };
  const app = await withStore(readConfig(io.env), false, (core) => changeApp(core, id, change));
  if (values.json) io.out(JSON.stringify(shown(app, false), null, 2));
  else io.out(table([['setting', 'value', 'what it is'], ...settingRows(app)]));
  return 0;
}

/** `@file`: what the file holds, so that a key does not stand in the shell's history. */
const textOf = async (value: string): Promise<string> =>
  value.startsWith('@') ? (await readFile(value.slice(1), 'utf8')).trim() : value;

async function remove(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readOptions(args, { yes: { type: 'boolean' } });
  const [id = ''] = words(positionals, 'id');
  if (!values.yes)
    throw new UsageError(`removes ${id} with all its users, messages and files for ever: say --yes if you mean it`);
  await withStore(readConfig(io.env), false, (core) => removeApp(core, id));
  io.out(`removed ${id}`);
  return 0;
}

function shown(app: App, keys: boolean | undefined) {
  const { id, name, createdAt, clientKey, masterKey } = app;
  const overrides = withoutSecrets(app.overrides);
  const settings = withoutSecrets(app.settings);
  return { id, name, createdAt, overrides, settings, ...(keys ? { clientKey, masterKey } : {}) };
}

function settingRows(app: App): string[][] {
  const names = Object.keys(settingSpecs) as SettingName[];
  const settings = withoutSecrets(app.settings);
  return names.map((name) => [
    name,
    `${inWords(settings[name])}${name in app.overrides ? ' *' : ''}`,
    settingSpecs[name].doc,
  ]);
}

const inWords = (value: unknown): string =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? JSON.stringify(value) : `${value}`;
