// Shapes of requests across apps. The examples leave the app out: then the own one is meant.
import { type TProperties, Type } from 'typebox';
import { maybe, quietChange, record, text } from './schemas.ts';

const appkey = maybe(text('The app of those named; the own one, or one that the settings allow'));
/** Some clients send one object where the documents show an array. */
const items = (properties: TProperties, what: string, example: object) => {
  const item = record({ appkey, ...properties }, what);
  return Type.Union([Type.Array(item), item], { examples: [[example]] });
};

export const usernames = (name: string) =>
  items({ usernames: Type.Array(Type.String()) }, 'Names of one app', { usernames: [name] });
export const users = (name: string) =>
  items({ users: Type.Array(Type.String()) }, 'Names of one app', { users: [name] });
export const notes = items(
  { username: Type.String(), note_name: maybe(Type.String()), others: maybe(Type.String()) },
  'A note about a friend',
  { username: 'annie', note_name: 'Ann' },
);
export const quietChanges = items(quietChange.properties, 'What changes', { single: { add: ['mary'] } });
