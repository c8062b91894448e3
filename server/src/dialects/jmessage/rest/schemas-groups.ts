// Shapes of groups and chat rooms.
import { Type } from 'typebox';
import { maybe, page, profile, record, text, time } from './schemas.ts';

const groupProperties = {
  gid: Type.Integer(),
  owner_username: Type.String(),
  name: Type.String(),
  group_name: Type.String({ description: 'The same under its key of 2015' }),
  members_username: Type.Array(Type.String(), { description: 'Everybody but the owner, in the order of joining' }),
  desc: Type.String(),
  group_desc: Type.String({ description: 'The same under its key of 2015' }),
  avatar: maybe(Type.String()),
  appkey: Type.String(),
  MaxMemberCount: Type.Integer(),
  level: Type.Integer({ description: 'By how many people fit: 1 up to 40, 2 up to 100, 3 up to 200, 4 above' }),
  flag: Type.Integer({ description: '1 private, 2 public' }),
  mtime: time('Last change of facts, owner or members'),
  ctime: time('Creation'),
};
export const group = record(groupProperties, 'A group');
export const groups = Type.Array(group, { description: 'Groups, by gid' });
export const groupsOrNumbers = Type.Array(Type.Union([Type.Integer(), group]), { description: 'By gid' });
export const crossGroups = Type.Array(record({ ...groupProperties, max_member_count: Type.Integer() }, 'A group'), {
  description: 'Groups, by gid',
});
export const groupPage = page('groups', Type.Union([Type.Integer(), group]));

const name = text('1 to 64 bytes, one line', 'hikers');
const desc = text('At most 250 bytes');
export const newGroup = record(
  {
    owner_username: text('A user or an admin', 'tom'),
    name: maybe(name),
    group_name: maybe(text('What `name` was called in 2015')),
    desc: maybe(desc),
    group_desc: maybe(text('What `desc` was called in 2015')),
    members_username: maybe(Type.Array(Type.String())),
    avatar: maybe(text('A media_id')),
    flag: maybe(Type.Integer({ description: '1 private, 2 public' })),
    MaxMemberCount: maybe(Type.Integer({ description: 'Brought into the bounds of the app' })),
  },
  'A new group',
  { owner_username: 'tom', name: 'hikers', members_username: ['annie'], desc: 'on Sundays' },
);
export const groupChange = record(
  { name: maybe(name), desc: maybe(desc), avatar: maybe(Type.String()) },
  'What changes; owner and members do not',
  { name: 'climbers', desc: 'on Saturdays' },
);

export const memberChange = record(
  { add: maybe(Type.Array(Type.String())), remove: maybe(Type.Array(Type.String())) },
  'Who comes and who goes; at least one of the two',
  { add: ['eddie'], remove: ['annie'] },
);
export const members = Type.Array(
  record(
    {
      username: Type.String(),
      flag: Type.Integer({ description: '1 the owner, 0 the others' }),
      ctime: time('Joining'),
      appkey: Type.String(),
      ...profile,
    },
    'A member',
  ),
  { description: 'The owner first, then in the order of joining' },
);
export const newOwner = record(
  { username: text('One of the members'), appkey: maybe(Type.String()) },
  'The new owner',
  {
    username: 'annie',
  },
);

export const room = record(
  {
    id: Type.Integer(),
    owner_username: Type.String(),
    appkey: Type.String(),
    name: Type.String(),
    description: Type.String(),
    max_member_count: Type.Integer(),
    total_member_count: Type.Integer({ description: 'The owner counted' }),
    ctime: time('Creation'),
  },
  'A chat room',
);
export const rooms = Type.Array(room, { description: 'Chat rooms' });
export const roomPage = page('rooms', room);
export const newRoom = record(
  {
    name,
    owner_username: text('A user or an admin'),
    description: maybe(desc),
    members_username: maybe(Type.Array(Type.String())),
  },
  'A new chat room',
  { name: 'lobby', owner_username: 'tom', members_username: ['annie'], description: 'come in' },
);
export const madeRoom = record({ chatroom_id: Type.Integer() }, 'Made');
export const roomChange = record(
  { owner_username: maybe(text('One who is in')), name: maybe(name), description: maybe(desc) },
  'What changes',
  { name: 'hall', description: 'come in' },
);
export const roomNumbers = Type.Array(Type.Integer(), { examples: [[10000002]] });
export const roomMemberPage = page(
  'users',
  record(
    {
      username: Type.String(),
      flag: Type.Integer({ description: '1: may not speak' }),
      room_ctime: time('Joining'),
      ctime: time('Creation of the user'),
      mtime: time('Last change of the profile'),
    },
    'Somebody in the room',
  ),
);

const appkey = text('The app; the own one, or one that the settings allow');
const changeItem = record({ appkey, ...memberChange.properties }, 'A change of members');
/** `example`: an app's id, which the document cannot know; the own one is meant where it is left out. */
export const crossMembers = Type.Union([Type.Array(changeItem), changeItem], { examples: [[{ add: ['eddie'] }]] });
