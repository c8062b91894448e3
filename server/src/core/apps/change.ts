import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import { assertKey } from './add.ts';
import type { App, AppChange } from './app.ts';
import { assertName } from './name.ts';
import { checkSetting, isSettingName, type SettingOverrides, type Settings, settingSpecs } from './settings.ts';

/**
 * Changes what is named and leaves the rest; a setting of `null` goes back to its default. Either all of it happens or
 * none. Throws `app-not-found`, and `invalid-argument` with a sentence that names what would fit.
 */
export async function changeApp(core: Pick<Core, 'store' | 'apps'>, id: string, change: AppChange): Promise<App> {
  const app = await core.store.apps.byId(id);
  if (!app) throw new ImError('app-not-found', `there is no app ${id}`, { what: 'id' });
  const { settings, ...rest } = change;
  if (rest.name !== undefined) assertName(rest.name);
  for (const what of ['clientKey', 'masterKey'] as const) {
    const key = rest[what];
    if (key !== undefined) assertKey(key, what);
  }
  if ((rest.clientKey ?? app.clientKey) === (rest.masterKey ?? app.masterKey)) {
    throw new ImError('invalid-argument', 'the client key and the master key must differ', { what: 'masterKey' });
  }
  const changed = await core.store.apps.change(
    id,
    settings ? { ...rest, overrides: merge(app.overrides, settings) } : rest,
  );
  core.apps.forget(id);
  return changed;
}

function merge(overrides: SettingOverrides, settings: { readonly [name: string]: unknown }): SettingOverrides {
  const merged: Record<string, unknown> = { ...overrides };
  const problems: string[] = [];
  for (const [name, value] of Object.entries(settings)) {
    if (!isSettingName(name)) {
      problems.push(`there is no setting ${name.slice(0, 64)}`);
    } else if (value === null) {
      delete merged[name];
    } else {
      const checked = checkSetting(name, value);
      if (!checked.ok) problems.push(checked.problem);
      else if (sameValue(checked.value, settingSpecs[name].initial)) delete merged[name];
      else merged[name] = checked.value;
    }
  }
  if (problems.length > 0) throw new ImError('invalid-argument', problems.join('; '), { what: 'settings' });
  return merged;
}

/** A value equal to its default is not stored, so that a better default reaches this app too. */
const sameValue = (a: Settings[keyof Settings], b: Settings[keyof Settings]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** A setting as it is typed on a command line: `default` puts it back, a list is separated by commas, a structure is JSON. */
export function settingFromText(name: string, text: string): unknown {
  if (text === 'default') return null;
  const type = isSettingName(name) ? settingSpecs[name].type : undefined;
  if (type === 'integer') return /^-?\d+$/.test(text) ? Number(text) : text;
  if (type === 'boolean')
    return text === 'true' || text === 'on' ? true : text === 'false' || text === 'off' ? false : text;
  if (type === 'json') return jsonOf(text);
  return type === 'list'
    ? text
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean)
    : text;
}

/** The text itself where it is no JSON: the check of the setting then says what would fit. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
