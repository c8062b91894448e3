// Shapes of messages, reports, statistics and files.
import { Type } from 'typebox';
import { maybe, page, record, text } from './schemas.ts';

const targetType = text('single, group or chatroom', 'single');
const messageType = text('text, image, voice, file, video, location or custom', 'text');
const body = Type.Record(Type.String(), Type.Unknown(), {
  description: 'By `msg_type`; at most 4096 bytes of JSON. `extras` may hold free JSON.',
});

export const newMessage = record(
  {
    version: Type.Integer({ description: '1' }),
    target_type: targetType,
    target_id: text('A username, a gid, or the number of a room'),
    target_appkey: maybe(text('The app of the target; the own one where it is left out')),
    target_name: maybe(Type.String()),
    from_type: text('admin or user'),
    from_id: Type.String(),
    from_name: maybe(Type.String()),
    create_time: maybe(Type.Integer({ description: 'Seconds; kept as it is' })),
    msg_type: messageType,
    msg_body: body,
    no_offline: maybe(Type.Boolean({ description: 'True: who is away is neither told nor reminded' })),
    no_notification: maybe(Type.Boolean({ description: 'True: no push' })),
    notification: maybe(record({ title: maybe(Type.String()), alert: maybe(Type.String()) }, 'What a push says')),
  },
  'A message',
  {
    version: 1,
    target_type: 'single',
    target_id: 'annie',
    from_type: 'admin',
    from_id: 'boss',
    msg_type: 'text',
    msg_body: { text: 'hello', extras: { colour: 'red' } },
  },
);
export const sent = record(
  { msg_id: Type.Integer(), msg_ctime: Type.Integer({ description: 'Unix milliseconds' }) },
  'Sent',
);

export const message = record(
  {
    target_type: targetType,
    target_id: Type.String(),
    target_name: Type.String(),
    target_appkey: Type.String(),
    from_type: Type.String(),
    from_id: Type.String(),
    from_name: Type.String(),
    from_appkey: Type.String(),
    from_platform: Type.String(),
    msg_type: messageType,
    msg_body: body,
    create_time: Type.Integer({ description: 'Seconds' }),
    version: Type.Integer(),
    msgid: Type.Integer(),
    msg_ctime: Type.Integer({ description: 'Milliseconds' }),
    msg_level: Type.Integer({ description: '0: inside one app' }),
    set_from_name: Type.Integer(),
    no_offline: Type.Boolean(),
    no_notification: Type.Boolean(),
  },
  'A message as it is kept; a retracted one is an empty text',
);
export const messagePage = page('messages', message);
export const messageCursorPage = record(
  {
    total: Type.Integer({ description: 'In the whole range' }),
    cursor: maybe(text('Of the next page, for two minutes; absent on the last one')),
    count: Type.Integer({ description: 'Items in this answer' }),
    messages: Type.Array(message),
  },
  'A page of a report',
);

const statisticTime = text('In the zone of the app');
export const userStatistics = Type.Array(
  record(
    {
      date: statisticTime,
      active_users: Type.Integer(),
      total_users: Type.Integer(),
      send_msg_users: Type.Integer(),
      new_users: Type.Integer(),
    },
    'A day',
  ),
  { description: 'A row for every day' },
);
export const groupStatistics = Type.Array(
  record(
    { date: statisticTime, active_group: Type.Integer(), total_group: Type.Integer(), new_group: Type.Integer() },
    'A day',
  ),
  { description: 'A row for every day' },
);
const byType = record(
  { txt_msg: Type.Integer(), image_msg: Type.Integer(), voice_msg: Type.Integer(), other_msg: Type.Integer() },
  'By type',
);
export const messageStatistics = record(
  {
    send_msg_stat: Type.Array(
      record(
        { time: statisticTime, group_send_msg: Type.Integer(), single_send_msg: Type.Integer() },
        'An hour, a day or a month',
      ),
    ),
    group_msg_stat: byType,
    single_msg_stat: byType,
  },
  'What was said in groups and rooms, and between two',
);

export const media = record(
  {
    media_id: Type.String(),
    media_crc32: Type.Integer(),
    fsize: Type.Integer({ description: 'Bytes' }),
    hash: Type.String(),
    width: maybe(Type.Integer({ description: 'Of a picture' })),
    height: maybe(Type.Integer({ description: 'Of a picture' })),
    format: maybe(text('Of a picture or a voice')),
    fname: maybe(text('Of a file')),
  },
  'The file as messages name it',
);
export const mediaUrl = record({ url: Type.String() }, 'Where the file is, for anybody');
