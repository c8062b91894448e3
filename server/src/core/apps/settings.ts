// What an operator may change per app: one flat table with a default, a range and a sentence for each. Doors find
// their own switches under their name. Defaults make every documented sample of the vendors work.

type Spec<T> = {
  readonly type: 'integer' | 'boolean' | 'list';
  readonly initial: T;
  readonly min?: number;
  readonly max?: number;
  readonly doc: string;
};

const integer = (initial: number, min: number, max: number, doc: string): Spec<number> => ({
  type: 'integer',
  initial,
  min,
  max,
  doc,
});
const flag = (initial: boolean, doc: string): Spec<boolean> => ({ type: 'boolean', initial, doc });
const list = (initial: readonly string[], doc: string): Spec<readonly string[]> => ({ type: 'list', initial, doc });

export const settingSpecs = {
  groupMembersMax: integer(500, 2, 100_000, 'People in one group, the owner counted. MaxLeap itself: 50.'),
  roomMembersMax: integer(5_000, 2, 1_000_000, 'People in one room. MaxLeap itself: 1000.'),
  keepDays: integer(0, 0, 36_500, 'Days a message is kept; 0 = for ever.'),
  attachmentDays: integer(0, 0, 36_500, 'Days an upload is kept; 0 = as long as keepDays says. MaxLeap itself: 7.'),
  attachmentBytesMax: integer(20 * 1024 * 1024, 1024, 1024 ** 3, 'Bytes of one upload.'),
  'maxleap.signMaxAgeMs': integer(
    0,
    0,
    2 ** 52,
    'Reject request signs older or newer than this; 0 = never. Real SDKs reuse one sign for ever.',
  ),
  'maxleap.allowSimpleLogin': flag(true, 'Login by a bare user id (mode 1).'),
  'maxleap.requireMasterKey': list(
    [],
    'Endpoint groups that demand the master key: system, destroy, search, attachment.',
  ),
  'maxleap.autoCreateUsers': flag(
    true,
    'REST calls that name a new user create it, where the documents do not forbid it.',
  ),
  'maxleap.strictMembers': flag(true, 'Adding an unknown user to an existing group or room is an error.'),
  'maxleap.friendHistoryDays': integer(7, 0, 36_500, 'How far back friend history is shown; 0 = all.'),
  'maxleap.groupHistoryDays': integer(7, 0, 36_500, 'How far back group history is shown; 0 = all.'),
  'maxleap.strangerHistoryDays': integer(365, 0, 36_500, 'How far back stranger history is shown; 0 = all.'),
  'maxleap.passengerHistoryDays': integer(365, 0, 36_500, 'How far back passenger history is shown; 0 = all.'),
  'maxleap.censor': flag(false, "Star out the app's sensitive words in what MaxLeap clients say."),
  'maxleap.tsInSeconds': flag(true, 'Read a history cursor below 10^11 as seconds.'),
} as const satisfies Record<string, Spec<unknown>>;

type Widen<T> = T extends Spec<infer V> ? V : never;
export type SettingName = keyof typeof settingSpecs;
export type Settings = { readonly [K in SettingName]: Widen<(typeof settingSpecs)[K]> };

export const defaultSettings: Settings = Object.freeze(
  Object.fromEntries(Object.entries(settingSpecs).map(([name, spec]) => [name, spec.initial])),
) as Settings;

/** What is stored: only the settings that differ from their default, so that a better default reaches old apps. */
export type SettingOverrides = Partial<Settings>;

export const isSettingName = (name: string): name is SettingName => Object.hasOwn(settingSpecs, name);

/** The value if it fits the setting, else a sentence that says what would. */
export function checkSetting(
  name: SettingName,
  value: unknown,
): { ok: true; value: Settings[SettingName] } | { ok: false; problem: string } {
  const spec: Spec<unknown> = settingSpecs[name];
  if (spec.type === 'integer') {
    const { min = 0, max = Number.MAX_SAFE_INTEGER } = spec;
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max)
      return { ok: true, value };
    return { ok: false, problem: `${name} takes a whole number from ${min} to ${max}` };
  }
  if (spec.type === 'boolean') {
    if (typeof value === 'boolean') return { ok: true, value };
    return { ok: false, problem: `${name} takes true or false` };
  }
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return { ok: true, value };
  return { ok: false, problem: `${name} takes a list of words` };
}
