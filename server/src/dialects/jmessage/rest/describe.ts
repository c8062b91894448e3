// One operation as OpenAPI shows it. What requests hold is described, not checked: the conventions of this door say how
// odd values are read.
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
  username: ['Name of a user', 'tom'],
  other: ['Name of another user', 'annie'],
  gid: ['Number of a group', '10000001'],
  room: ['Number of a chat room', '10000002'],
  msgid: ['Number of a message', '1'],
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
    ...(query ? { querystring: Type.Object(query) } : {}),
    ...(body ? { body } : {}),
    response: { ...answers, '4XX': problem },
  };
}

const word = (description: string, example: string) => Type.Optional(Type.String({ description, examples: [example] }));

export const pageQuery = {
  start: word('Leave out so many', '0'),
  count: word('At most so many; 100 by default, 500 at most', '100'),
};
/** A yes or no in the query. */
export const yesQuery = (name: string, description: string) => ({ [name]: word(description, 'false') });
