// The shapes of everything that is said on /chat, as schemas. What the server sends has these keys and no others; what a
// client sends may have more.
import { type TProperties, type TSchema, Type } from 'typebox';

const exact = (properties: TProperties, description?: string) =>
  Type.Object(properties, { additionalProperties: false, ...(description === undefined ? {} : { description }) });
const open = (properties: TProperties, description?: string) =>
  Type.Object(properties, description === undefined ? {} : { description });
const ts = (description: string) => Type.Integer({ minimum: 0, description: `${description}, Unix milliseconds` });
const optional = Type.Optional;

const id = Type.String({ minLength: 1, maxLength: 128 });
const placeType = Type.Integer({
  minimum: 0,
  maximum: 4,
  description: '0 friend, 1 group, 2 room, 3 passenger, 4 stranger',
});
const words = {
  content: exact(
    { media: Type.Integer({ minimum: 0 }), body: Type.String() },
    'media: 0 text, 1 image, 2 audio, 3 video',
  ),
  remark: optional(Type.String({ description: 'Free text; of an image, the URL of its thumbnail' })),
};
const ends = {
  from: exact({ id, type: placeType, gid: optional(Type.String({ description: 'The group or room' })) }, 'Who'),
  to: exact({ id, type: placeType }, 'Where'),
};
const prev = optional(
  ts('Extension: the place in the conversation before this one; 0 where there is none or it is not known'),
);
const editedTs = ts('The place of the change in the conversation');

export const auth = open(
  {
    app: Type.String({ description: 'The AppId' }),
    sign: Type.String({ description: 'md5(<Unix milliseconds> + <key>),<the same milliseconds>' }),
    client: optional(Type.String({ description: 'A user, by its id' })),
    passenger: optional(open({ id: optional(id) }, 'A passenger: an id and attributes, or attributes alone')),
    install: optional(Type.String({ description: 'A device, for push' })),
    notifyAll: optional(
      Type.Boolean({ description: 'Everybody is told of this user’s coming and going, not friends alone' }),
    ),
    ext: optional(Type.Literal(1, { description: 'Hear of extensions' })),
  },
  'The value of `auth` in the handshake’s query, as JSON',
);

const to = open({ id: Type.String({ minLength: 1 }), type: optional(placeType) }, 'Where; without a type, a friend');
const said = open(
  {
    media: optional(Type.Integer({ minimum: 0 })),
    body: Type.Unknown({ description: 'The text, or the URL of a file' }),
  },
  'What is said; at most 32 KiB',
);
const remark = optional(Type.String({ maxLength: 4096 }));

const failure = open(
  { success: Type.Literal(false), error: Type.Integer({ minimum: 5001, maximum: 5012 }), errorMessage: Type.String() },
  'What went wrong',
);
const answer = (properties: TProperties): TSchema =>
  Type.Union([exact({ success: Type.Literal(true), ...properties }), failure]);

export type EventShape = {
  readonly summary: string;
  readonly payload: TSchema;
  /** No part of MaxLeap's protocol. */
  readonly extension?: true;
  /** Of the Socket.IO callback. */
  readonly answer?: TSchema;
};
type Shapes = Readonly<Record<string, EventShape>>;

/** What clients send. */
export const heardEvents = {
  say: {
    summary: 'Say something',
    payload: open({
      to,
      content: said,
      remark,
      push: optional(Type.Unknown({ description: 'How a push for the absent looks' })),
      ack: optional(Type.Integer({ description: 'A number that the event `ack` repeats' })),
      ref: optional(
        Type.String({ minLength: 1, maxLength: 128, description: 'Extension: by it a repeated message is recognised' }),
      ),
    }),
    answer: answer({ ts: ts('When it was said'), prev }),
  },
  typing: { summary: 'I am writing', extension: true, payload: open({ to }), answer: answer({}) },
  read: {
    summary: 'I have read up to here',
    extension: true,
    payload: open({ to, ts: ts('The message') }),
    answer: answer({ ts: ts('Where the mark is now') }),
  },
  edit: {
    summary: 'Change my message',
    extension: true,
    payload: open({ to, ts: ts('The message'), content: said, remark }),
    answer: answer({ ts: ts('The message'), editedTs, prev }),
  },
  recall: {
    summary: 'Take my message back',
    extension: true,
    payload: open({ to, ts: ts('The message') }),
    answer: answer({ ts: ts('The message'), editedTs, prev }),
  },
} satisfies Shapes;

const user = Type.String({ description: 'The id of a user' });
const moved = { ...ends, ts: ts('The message'), editedTs, prev };
const gathering = { group: optional(Type.String()), room: optional(Type.String()) };

/** What the server sends. */
export const toldEvents: Shapes = {
  login: {
    summary: 'The answer to the handshake',
    payload: Type.Union([
      open({
        success: Type.Literal(true),
        id,
        ts: optional(ts('Extension: when the session began')),
        session: optional(Type.String({ description: 'Extension: lets in again who logged in by a secret' })),
      }),
      failure,
    ]),
  },
  message: { summary: 'Somebody said something', payload: exact({ ...ends, ...words, ts: ts('When'), prev }) },
  yourself: {
    summary: 'The same user said something elsewhere',
    payload: exact({
      ...ends,
      ...words,
      ts: ts('When'),
      prev,
      ref: optional(Type.String({ description: 'Extension' })),
    }),
  },
  ack: { summary: 'A `say` that carried `ack` is kept', payload: exact({ ack: Type.Integer(), ts: ts('When') }) },
  sys: { summary: 'The application said something', payload: exact({ ...words, ts: ts('When') }) },
  online: { summary: 'A friend is here', payload: user },
  offline: { summary: 'A friend is gone', payload: user },
  online_x: { summary: 'Somebody who wants all to know is here', payload: user },
  offline_x: { summary: 'Somebody who wants all to know is gone', payload: user },
  typing: { summary: 'Somebody is writing', extension: true, payload: exact(ends) },
  read: {
    summary: 'Somebody has read up to here',
    extension: true,
    payload: exact({ ...ends, ts: ts('The message') }),
  },
  edited: { summary: 'A message was changed', extension: true, payload: exact({ ...moved, ...words }) },
  recalled: { summary: 'A message was taken back', extension: true, payload: exact(moved) },
  members: {
    summary: 'Members came or went, or a group or room is gone',
    extension: true,
    payload: Type.Union([
      exact({ ...gathering, added: Type.Array(user), ts: ts('When'), prev }),
      exact({ ...gathering, removed: Type.Array(user), ts: ts('When'), prev }),
      exact({ ...gathering, deleted: Type.Literal(true) }),
    ]),
  },
  friends: {
    summary: 'A friendship began or ended',
    extension: true,
    payload: exact({ id: user, added: Type.Boolean() }),
  },
};
