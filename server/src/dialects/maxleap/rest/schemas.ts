// The documented shapes, as schemas: bodies are checked against theirs, and OpenAPI is printed from all of them.
// Unknown keys are always allowed: more may be sent, and more may be answered.
import { type TProperties, type TSchema, Type } from 'typebox';

const text = (description: string, ...examples: string[]) =>
  Type.String({ description, ...(examples.length > 0 ? { examples } : {}) });
const moment = (description: string) => Type.Integer({ description: `${description}, Unix milliseconds` });
const record = (properties: TProperties, description: string, example?: unknown) =>
  Type.Object(properties, { description, ...(example === undefined ? {} : { examples: [example] }) });

export const attributeMap = Type.Record(Type.String(), Type.Unknown(), { description: 'Free JSON, at most 64 KiB' });
const ids = (description: string) => Type.Array(Type.String(), { description });
/** Nested arrays are taken too, and flattened. */
const idList = Type.Array(Type.Unknown(), { description: 'Ids; nested arrays are flattened' });

export const content = record(
  {
    media: Type.Optional(
      Type.Integer({ minimum: 0, description: '0 text (default), 1 image, 2 audio, 3 video, others yours' }),
    ),
    body: Type.Unknown({ description: 'The text, or the URL of the file; at most 32 KiB' }),
  },
  'What is said',
);
const shownContent = record({ media: Type.Integer(), body: Type.String() }, 'What is said');

export const chatRecord = record(
  {
    speaker: text('Who said it: a user or a passenger'),
    content: shownContent,
    ts: moment('When'),
    remark: Type.Optional(Type.String()),
    edited: Type.Optional(moment('When it was edited last')),
  },
  'One message of a history',
);
const change = record(
  {
    speaker: text('Who said it'),
    ts: moment('When it was said'),
    edited: moment('When it was changed'),
    content: Type.Optional(shownContent),
    remark: Type.Optional(Type.String()),
    recalled: Type.Optional(Type.Literal(true)),
  },
  'One message that was edited or recalled',
);
export const records = Type.Union([Type.Array(chatRecord), Type.Array(change)], {
  description: 'Oldest first; with `changed`, in the order of the changes',
});

export const friendship = record(
  {
    id: Type.String({ pattern: '^[0-9a-f]{16}$' }),
    from: text('Who joined first'),
    to: Type.String(),
    ns: text('The AppId'),
    ts: moment('Since when'),
    online: Type.Optional(Type.Boolean({ description: 'Whether the second user of the path is online' })),
  },
  'A friendship',
);
export const friendships = Type.Array(friendship, { description: 'In the order of the request' });

const kind = Type.Optional(Type.Integer({ description: 'A number that the application gave' }));
export const userDetail = record(
  {
    id: Type.String(),
    ts: moment('Last login or change of attributes'),
    online: Type.Boolean(),
    sessions: Type.Integer({ description: 'Live connections' }),
    installs: ids('Devices bound to the user'),
    friends: ids('Friends'),
    groups: ids('Groups'),
    rooms: ids('Rooms'),
    attributes: attributeMap,
    type: kind,
  },
  'Everything about a user',
);
export const userOutlines = Type.Array(
  record(
    { id: Type.String(), online: Type.Boolean(), ts: moment('Last change'), attributes: attributeMap, type: kind },
    'A user',
  ),
  { description: 'Those that meet every filter' },
);

const listOf = (detail: TSchema) =>
  Type.Union([Type.Array(Type.String()), Type.Array(detail)], { description: 'Ids; with `detail`, objects' });
export const friendList = listOf(
  record({ id: Type.String(), online: Type.Boolean(), recent: Type.Optional(chatRecord), type: kind }, 'A friend'),
);
export const stranger = record(
  { id: Type.String(), online: Type.Boolean(), recent: Type.Optional(chatRecord), ts: moment('First contact') },
  'Somebody the user talked with without being friends',
);
export const strangerDetail = record(
  { ...stranger.properties, from: text('Who spoke first'), to: Type.String() },
  'A stranger relation',
);
export const strangerList = listOf(stranger);

const common = {
  id: Type.String(),
  members: ids('Members, in the order of joining'),
  attributes: attributeMap,
  ts: moment('Creation'),
  name: Type.Optional(Type.String()),
};
export const group = record({ ...common, owner: Type.String() }, 'A group');
export const room = record(common, 'A room');
export const groups = Type.Array(group, { description: 'Those that meet every filter' });
export const rooms = Type.Array(room, { description: 'Those that meet every filter' });
export const groupList = listOf(
  record({ ...group.properties, recent: Type.Optional(chatRecord) }, 'A group with its newest message'),
);
export const roomList = listOf(room);
export const talks = Type.Array(
  record(
    {
      to: record(
        { id: Type.String(), type: Type.Integer({ description: '0 friend, 1 group, 3 passenger, 4 stranger' }) },
        'As in `say`',
      ),
      name: Type.Optional(text('Of a group')),
      recent: Type.Optional(chatRecord),
      unread: Type.Integer({ minimum: 0, maximum: 100, description: '100: or more' }),
      mentioned: Type.Optional(Type.Literal(true)),
      readTs: moment('Up to where the user has read'),
      peerReadTs: Type.Optional(moment('Up to where the other one has read')),
      ts: moment('Its place in the list'),
      head: moment('The newest `ts` of the conversation, edits counted'),
    },
    'A direct talk or a group',
  ),
  { description: 'Newest first' },
);
export const readMarks = Type.Record(Type.String(), Type.Integer(), {
  description: 'Up to where each member has read; members who have read nothing are left out',
});
export const newId = Type.String({ description: 'The new id, as a JSON string' });

const listed = Type.Optional(idList);
const named = Type.Optional(Type.String({ description: 'Becomes the attribute `name`' }));
export const groupBody = record(
  { owner: Type.String(), members: listed, name: named, attributes: Type.Optional(attributeMap) },
  'A new group',
  { owner: 'alice', members: ['bob'], name: 'Hikers' },
);
export const groupChange = record(
  { owner: Type.Optional(Type.String()), members: listed, name: named },
  'What changes',
  { name: 'Walkers' },
);
export const roomBody = record(
  { members: listed, name: named, attributes: Type.Optional(attributeMap) },
  'A new room',
  {
    name: 'Lobby',
    members: ['alice', 'bob'],
  },
);
export const roomChange = record({ members: listed, name: named }, 'What changes', { name: 'Hall' });
export const membersBody = Type.Union([Type.Object({ members: listed }), idList], {
  description: '`{"members": […]}`, or the array itself',
  examples: [{ members: ['carol'] }],
});
export const friendsBody = Type.Union([Type.Object({ friends: idList }), idList], {
  examples: [{ friends: ['bob', 'carol'] }],
});
export const attributesBody = Type.Record(Type.String(), Type.Unknown(), { examples: [{ city: 'Shanghai', age: 46 }] });
export const kindBody = record({ type: Type.Optional(Type.Integer()) }, 'Empty: the answer is the detail', { type: 3 });
export const passengerBody = record(
  { id: Type.Optional(Type.String()) },
  'Attributes, optionally with an id of your choosing',
  {
    id: 'visitor1',
    name: 'Visitor',
    age: 28,
  },
);
export const installsBody = record({ installs: listed }, 'Devices to unbind', { installs: ['device1'] });
export const installBody = record(
  {
    platform: text('`ios`, `android`, `web`, or a name of your own, which only your webhook knows', 'ios'),
    token: Type.Union([Type.String(), Type.Object({})], {
      description: "What the platform's push service calls the device; of a browser its push subscription",
    }),
    language: Type.Optional(text('In which pushes speak to it', 'zh-CN')),
    appVersion: Type.Optional(text('Of the application', '1.2.0')),
  },
  'A device that can be pushed to',
  { platform: 'android', token: 'fRx7cK-registration-token', language: 'en' },
);
export const systemBody = record(
  { content, remark: Type.Optional(Type.Unknown()), push: Type.Optional(Type.Unknown()) },
  'A system message',
  {
    content: { media: 0, body: 'Maintenance at noon' },
  },
);

export const empty = Type.Object({}, { description: 'Done' });
export const nothing = Type.Null({ description: 'Done, no body' });
export const problem = record(
  { errorCode: Type.Integer({ minimum: 5001, maximum: 5012 }), errorMessage: Type.String() },
  'What went wrong',
);
