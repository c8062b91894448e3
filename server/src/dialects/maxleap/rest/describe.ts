// One operation as OpenAPI shows it. Parameters are described, not checked: the conventions of this door say how odd
// values are read.
import type { FastifySchema } from 'fastify';
import { type TSchema, Type } from 'typebox';
import { problem } from './schemas.ts';

type Words = {
  readonly tag: string;
  /** A short line; `description` adds what it does not say. */
  readonly summary: string;
  readonly description?: string;
  readonly query?: Readonly<Record<string, TSchema>>;
  readonly body?: TSchema;
  /** Answers by status: one that succeeds. */
  readonly answers: Readonly<Record<number, TSchema>>;
};

/** What the parameters of paths name, and somebody to try it with. */
const parameters: Readonly<Record<string, readonly [description: string, example: string]>> = {
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

const parameter = (name: string): TSchema => {
  const [description, example] = parameters[name] ?? [name, name];
  return Type.String({ description, examples: [example] });
};

const segments = (url: string) => [...url.matchAll(/:([a-z]+)/gi)].map(([, name]) => name as string);

/** The schema of a route; `url` names the path's parameters. */
export function describe(url: string, { tag, summary, description, query, body, answers }: Words): FastifySchema {
  const names = segments(url);
  const params = Object.fromEntries(names.map((name) => [name, parameter(name)]));
  return {
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(names.length > 0 ? { params: Type.Object(params) } : {}),
    ...(query ? { querystring: Type.Object(optional(query)) } : {}),
    ...(body ? { body } : {}),
    response: { ...answers, '4XX': problem },
  };
}

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
