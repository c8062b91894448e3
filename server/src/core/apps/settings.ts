// What an operator may change per app: one flat table with a default, a range and a sentence for each. Doors find
// their own switches under their name. Defaults make every documented sample of the vendors work.
import { readProviders } from '../accounts/provider.ts';
import { readApns, readFcm, readWebhook, readWebPush } from '../push/keys.ts';
import { readTemplates } from '../push/templates.ts';
import { readAddress } from './address.ts';

type Spec<T> = {
  readonly type: 'integer' | 'boolean' | 'list' | 'choice' | 'zone' | 'json';
  readonly initial: T;
  readonly min?: number;
  readonly max?: number;
  /** Of a choice: what it may be. */
  readonly among?: readonly string[];
  /** Of json: the value as it is kept. Throws an Error whose message says what would fit and never repeats the value. */
  readonly read?: (value: unknown) => T;
  /** Holds keys: never shown, not even to the operator who set it. */
  readonly secret?: true;
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
const choice = <C extends string>(initial: NoInfer<C>, among: readonly C[], doc: string): Spec<C> => ({
  type: 'choice',
  initial,
  among,
  doc,
});
const zone = (initial: string, doc: string): Spec<string> => ({ type: 'zone', initial, doc });
/** A structure; null: not set. */
const json = <T>(read: (value: unknown) => T, doc: string): Spec<T | null> => ({
  type: 'json',
  initial: null,
  read,
  doc,
});
const secret = <T>(spec: Spec<T>): Spec<T> & { readonly secret: true } => ({ ...spec, secret: true });

export const settingSpecs = {
  groupMembersMax: integer(500, 2, 100_000, 'People in one group, the owner counted. MaxLeap itself: 50.'),
  roomMembersMax: integer(10_000, 2, 1_000_000, 'People in one room. MaxLeap itself: 1000.'),
  deletedKeepDays: integer(
    60,
    0,
    36_500,
    'Days that reports still find what was said in a deleted group or room; 0 = it goes at once.',
  ),
  noticeDays: integer(30, 0, 30, 'Days that changes of conversations are kept for who was away; 0 = they are not.'),
  keepDays: integer(0, 0, 36_500, 'Days a message is kept; 0 = for ever.'),
  attachmentDays: integer(0, 0, 36_500, 'Days an upload is kept; 0 = as long as keepDays says. MaxLeap itself: 7.'),
  attachmentBytesMax: integer(20 * 1024 * 1024, 1024, 1024 ** 3, 'Bytes of one upload.'),
  login: choice(
    'open',
    ['open', 'signed'],
    'Whether a login by a bare user id needs a token that your server signed with the master key.',
  ),
  sessionDays: integer(365, 0, 36_500, 'Days a session token of an account lives; 0 = for ever.'),
  codesPerHourMax: integer(1_000, 0, 1_000_000, 'Codes sent to phones in one hour.'),
  'sms.webhook': secret(json(readWebhook, 'Codes go to your own server, which sends them: { url, secret }.')),
  providers: json(
    readProviders,
    'Third parties that users log in by: { name: { kind: oidc, issuer, audience, keysUrl?, nonce? } or { kind: wechat, qq or weibo, appId, base? } }.',
  ),
  'push.apns': secret(json(readApns, "Apple's push service: { key, keyId, teamId, topic, sandbox? }.")),
  'push.fcm': secret(json(readFcm, "Google's push service: the service account's file.")),
  'push.webpush': secret(json(readWebPush, 'Push to browsers: { publicKey, privateKey, subject, hosts? }.')),
  'push.webhook': secret(json(readWebhook, 'Pushes of every other platform go to your own server: { url, secret }.')),
  'push.templates': json(readTemplates, 'What a push says, by language and kind of content.'),
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
  'maxleap.censor': flag(true, "Star out the app's sensitive words in what MaxLeap clients say."),
  'maxleap.tsInSeconds': flag(true, 'Read a history cursor below 10^11 as seconds.'),
  'leancloud.requireMasterKey': flag(
    false,
    'Conversations, members, mutes and messages over REST need the master key.',
  ),
  'leancloud.answerShape': choice(
    'caller',
    ['caller', 'first', 'newest'],
    'Shapes of REST answers: by the caller (app key: the first documents, master key: the newest), or always one.',
  ),
  'leancloud.signMaxSkewMs': integer(0, 0, 2 ** 52, 'Reject X-LC-Sign older or newer than this; 0 = never.'),
  'leancloud.loginSignature': flag(false, 'Logging in needs a signature made with the master key.'),
  'leancloud.conversationSignature': flag(false, 'Creating conversations and changing members needs a signature.'),
  'leancloud.historySignature': flag(false, 'Reading history over REST with the app key needs a signature.'),
  'leancloud.blacklistSignature': flag(false, 'Changing block lists needs a signature.'),
  'leancloud.messageEdit': flag(true, 'Clients may edit their messages.'),
  'leancloud.messageRecall': flag(true, 'Clients may recall their messages.'),
  'leancloud.memberRoles': flag(false, 'Owners, managers and members have different rights.'),
  'leancloud.blacklist': flag(true, 'Conversations may block clients.'),
  'leancloud.historyDays': integer(180, 0, 36_500, 'How far back history is shown; 0 = all.'),
  'leancloud.rateLimits': flag(false, "LeanCloud's limits of messages and commands per minute."),
  'leancloud.webOrigins': list([], 'Origins of web pages that may open a LeanCloud session; empty = all.'),
  'leancloud.censor': flag(true, "Star out the app's sensitive words in what LeanCloud clients say."),
  'leancloud.hooks': secret(
    json(readWebhook, 'Your own server has a say: POST <url>/1.1/functions/<hook>, with the secret as X-LC-Hook-Key.'),
  ),
  'leancloud.hookNames': list(
    [],
    'The hooks that your server is asked and told, such as _messageReceived; empty = all.',
  ),
  'services.webhook': secret(
    json(readWebhook, 'What clients say to service conversations is told to your own server: { url, secret }.'),
  ),
  'leancloud.hooksMustAnswer': flag(false, 'What your hooks cannot be asked about is refused; else it is allowed.'),
  'jmessage.listShape': choice(
    'auto',
    ['auto', 'ids', 'objects'],
    'What lists hold: names and numbers, objects, or whichever the caller seems to expect.',
  ),
  'jmessage.usernameBytesMin': integer(3, 1, 128, 'Bytes of a user name that is registered. JMessage since 2015: 4.'),
  'jmessage.restUserSend': flag(true, 'REST may send in the name of a user, not of an admin alone.'),
  'jmessage.timezone': zone('Asia/Shanghai', 'The zone of the times that this door shows and reads.'),
  'jmessage.groupsPerUserMax': integer(500, 1, 1_000, 'Groups that one user may be in.'),
  'jmessage.crossApps': list([], 'Ids of the other apps that this app may address.'),
  'jmessage.historyDays': integer(60, 0, 36_500, 'How far back reports show messages; 0 = all.'),
  'jmessage.ratePerMinute': integer(0, 0, 1_000_000, 'Requests a minute, on each node; 0 = no limit.'),
  'jmessage.selfRegister': flag(true, 'Apps of end users may register their users themselves.'),
  'jmessage.refuseWords': flag(true, "Refuse what holds one of the app's sensitive words."),
  'jmessage.callback': json(readAddress, 'Messages are told to your own server: { url }.'),
  'jmessage.eventCallback': json(
    readAddress,
    'Changes of groups, friends and users are told to your own server: { url }.',
  ),
} as const satisfies Record<string, Spec<unknown>>;

type Widen<T> = T extends Spec<infer V> ? V : never;
export type SettingName = keyof typeof settingSpecs;
export type Settings = { readonly [K in SettingName]: Widen<(typeof settingSpecs)[K]> };

export const defaultSettings: Settings = Object.freeze(
  Object.fromEntries(Object.entries(settingSpecs).map(([name, spec]) => [name, spec.initial])),
) as Settings;

/** What is stored: only the settings that differ from their default, so that a better default reaches old apps. */
export type SettingOverrides = Partial<Settings>;

/** As anybody may see them: of a secret only that it is set. */
export const withoutSecrets = (settings: SettingOverrides): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, isSecret(name) && value !== null ? '[secret]' : value]),
  );

const isSecret = (name: string): boolean => isSettingName(name) && 'secret' in settingSpecs[name];

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
  if (spec.type === 'choice') {
    const among: readonly unknown[] = spec.among ?? [];
    if (among.includes(value)) return { ok: true, value: value as Settings[SettingName] };
    return { ok: false, problem: `${name} takes one of ${among.join(', ')}` };
  }
  if (spec.type === 'zone') {
    if (isZone(value)) return { ok: true, value };
    return { ok: false, problem: `${name} takes the name of a time zone, such as Asia/Shanghai or UTC` };
  }
  if (spec.type === 'json') {
    try {
      return { ok: true, value: spec.read?.(value) as Settings[SettingName] };
    } catch (error) {
      return { ok: false, problem: `${name} ${(error as Error).message}` };
    }
  }
  if (spec.type === 'boolean') {
    if (typeof value === 'boolean') return { ok: true, value };
    return { ok: false, problem: `${name} takes true or false` };
  }
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return { ok: true, value };
  return { ok: false, problem: `${name} takes a list of words` };
}

function isZone(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  try {
    Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}
