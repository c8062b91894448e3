// The documented shapes, as schemas: OpenAPI is printed from them. Unknown keys are always allowed: more may be sent, and
// more may be answered.
import { type TProperties, type TSchema, Type } from 'typebox';

export const text = (description: string, ...examples: string[]) =>
  Type.String({ description, ...(examples.length > 0 ? { examples } : {}) });
export const record = (properties: TProperties, description: string, example?: unknown) =>
  Type.Object(properties, { description, ...(example === undefined ? {} : { examples: [example] }) });
export const maybe = <S extends TSchema>(schema: S) => Type.Optional(schema);
/** `yyyy-MM-dd HH:mm:ss` in the zone of the app. */
export const time = (description: string) =>
  Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d$', description });

export const problem = record(
  { error: Type.Object({ code: Type.Integer(), message: Type.String() }) },
  'What went wrong',
);
export const nothing = Type.Null({ description: 'Done, no body' });
export const empty = Type.Object({}, { description: 'Done' });

export const profile = {
  nickname: maybe(text('At most 64 bytes, one line')),
  avatar: maybe(text('A media_id, at most 255 bytes')),
  birthday: maybe(text('`yyyy-MM-dd`; a time behind it is left off')),
  gender: maybe(Type.Integer({ minimum: 0, maximum: 2, description: '0 unknown, 1 male, 2 female' })),
  signature: maybe(text('At most 250 bytes')),
  region: maybe(text('At most 250 bytes')),
  address: maybe(text('At most 250 bytes')),
  extras: maybe(Type.Record(Type.String(), Type.Unknown(), { description: 'Free JSON, at most 512 bytes' })),
  star: maybe(Type.Integer({ minimum: 0 })),
};

export const userProperties = {
  username: Type.String(),
  appkey: Type.String(),
  ...profile,
  mtime: time('Last change of the profile'),
  ctime: time('Creation'),
};
export const user = record(userProperties, 'A user; what was never said of him is left out');
export const users = Type.Array(user, { description: 'Users' });

const paged = {
  total: Type.Integer(),
  start: Type.Integer(),
  count: Type.Integer({ description: 'Items in this answer' }),
};
export const page = (name: string, items: TSchema) =>
  record({ ...paged, [name]: Type.Array(items) }, 'A page of a list');
export const userPage = page('users', Type.Union([Type.String(), user]));
export const adminPage = page('users', user);

const username = text('3 to 128 bytes: letters, digits, _ . - @; begins with a letter or digit', 'wang_li');
const password = text('4 to 128 bytes', 'pw-1234');
export const newUser = record({ username, password, ...profile }, 'A new user', {
  username: 'boss2',
  password: 'pw-1234',
});
export const newUsers = Type.Array(newUser, {
  minItems: 1,
  maxItems: 500,
  examples: [[{ username: 'wang_li', password: 'pw-1234', nickname: 'Li' }]],
});
export const registered = Type.Array(
  record({ username: Type.String(), error: maybe(problem.properties.error as TSchema) }, 'One of those asked for'),
  { description: 'In the order of the request' },
);
export const named = record({ username: Type.String() }, 'Done');

export const profileChange = record(profile, 'What changes', { nickname: 'Tommy', birthday: '1990-01-24' });
export const newPassword = record({ new_password: password }, 'The new password', { new_password: '654321' });
export const names = (...example: string[]) =>
  Type.Array(Type.String(), { description: 'Names of users', examples: [example] });

const state = { login: Type.Boolean({ description: 'Has not logged out' }), online: Type.Boolean() };
export const onlineState = record(state, 'Whether a user is online');
const devices = Type.Array(record({ ...state, platform: text('a Android, i iOS, j web, w Windows') }, 'A device'));
export const onlineStates = Type.Array(
  record(
    { username: Type.String(), devices, statuscode: maybe(Type.Integer()), statusmsg: maybe(Type.String()) },
    'A user',
  ),
  { description: 'In the order of the request' },
);

export const friends = Type.Array(
  record({ ...userProperties, note_name: maybe(Type.String()), others: maybe(Type.String()) }, 'A friend'),
  { description: 'Friends, in the order of joining' },
);
const note = record(
  {
    username: Type.String(),
    note_name: maybe(text('At most 64 bytes, one line')),
    others: maybe(text('At most 250 bytes')),
  },
  'A note about a friend',
);
export const notes = Type.Union([Type.Array(note), note], {
  examples: [[{ username: 'annie', note_name: 'Ann', others: 'from school' }]],
});

const people = record({ add: maybe(Type.Array(Type.String())), remove: maybe(Type.Array(Type.String())) }, 'Users');
const gids = record({ add: maybe(Type.Array(Type.Integer())), remove: maybe(Type.Array(Type.Integer())) }, 'Groups');
export const quietChange = record(
  { single: maybe(people), group: maybe(gids), global: maybe(Type.Integer({ minimum: 0, maximum: 1 })) },
  'What changes; at least one part',
  { single: { add: ['annie'] }, global: 1 },
);
export const shieldChange = record(gids.properties, 'What changes', { add: [10000001] });

export const wordList = Type.Array(text('1 to 10 characters'), { examples: [['spam']] });
export const wordChange = record({ old_word: Type.String(), new_word: Type.String() }, 'One word for another', {
  old_word: 'spam',
  new_word: 'scam',
});
export const oneWord = record({ word: Type.String() }, 'A word', { word: 'scam' });
export const wordPage = record(
  {
    start: Type.Integer(),
    count: Type.Integer(),
    total: Type.Integer(),
    words: Type.Array(record({ name: Type.String(), itime: time('When it was added') }, 'A word')),
  },
  'A page of the list',
);
export const status = record({ status: Type.Integer({ minimum: 0, maximum: 1 }) }, '1 on, 0 off', { status: 1 });
