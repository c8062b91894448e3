// One operation as OpenAPI shows it. Parameters are described, not checked: the conventions of this door say how odd
// values are read.
import { type TSchema, Type } from 'typebox';
import { type Describe, openDescribe, type Parameters } from '../../../http/describe.ts';
import { problem } from './schemas.ts';

const parameters: Parameters = {
  user: ['Id of a user', 'alice'],
  friend: ['Id of another user', 'bob'],
  stranger: ['Id of another user', 'dave'],
  member: ['Id of a user', 'bob'],
  group: ['Id of a group', '7c0ffee0123456789abcdef012345678'],
  room: ['Id of a room', '7c0ffee1123456789abcdef012345678'],
  passenger: ['Id of a passenger', 'visitor1'],
  name: ['Name of the attribute', 'city'],
  install: ['Id of the device', 'device1'],
  target: ['Id of a user or passenger; of a group or room with the flag', 'alice'],
  folder: ['As the URL has it', 'b9d61d4e'],
};

const operation = openDescribe({ parameters, problem });

/** Every parameter of a query may be left out. */
export const describe: Describe = (url, { query, ...words }) =>
  operation(url, query ? { ...words, query: optional(query) } : words);

const optional = (query: Readonly<Record<string, TSchema>>) =>
  Object.fromEntries(Object.entries(query).map(([name, schema]) => [name, Type.Optional(schema)]));

const text = (description: string, example?: string) =>
  Type.String({ description, ...(example ? { examples: [example] } : {}) });

export const historyQuery = {
  ts: text('Only what was said before this moment (Unix milliseconds)'),
  after: text('Only what was said after this moment, and the oldest of it: to catch up'),
  changed: text('Instead: messages that were edited or recalled after this moment, in the order of the changes'),
  limit: text('At most so many, the newest ones; 20 by default, 100 at most', '20'),
};
export const detailQuery = { detail: text('Present: objects instead of ids') };
export const hideQuery = { hide: text('Everything up to this moment; absent: everything so far') };
export const searchQuery = {
  _skip: text('Leave out so many', '0'),
  _limit: text('At most so many; 20 by default, 100 at most', '20'),
  _sort: text('Names, separated by commas; `-` before a name descends', '-ts,id'),
  city: text('Any other name: the attribute of that name must equal the value'),
};
