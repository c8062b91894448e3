// One operation as OpenAPI shows it: a door says what its parameters are called and what its errors look like.
import type { FastifySchema } from 'fastify';
import { type TSchema, Type } from 'typebox';

export type OperationWords = {
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
export type Parameters = Readonly<Record<string, readonly [description: string, example: string]>>;

/** The schema of a route; `url` names the path's parameters. */
export type Describe = (url: string, words: OperationWords) => FastifySchema;

export function openDescribe({
  parameters,
  problem,
}: {
  readonly parameters: Parameters;
  readonly problem: TSchema;
}): Describe {
  const parameter = (name: string): TSchema => {
    const [description, example] = parameters[name] ?? [name, name];
    return Type.String({ description, examples: [example] });
  };
  return (url, { tag, summary, description, query, body, answers }) => {
    const names = [...url.matchAll(/:([a-z]+)/gi)].map(([, name]) => name as string);
    return {
      tags: [tag],
      summary,
      ...(description === undefined ? {} : { description }),
      ...(names.length > 0
        ? { params: Type.Object(Object.fromEntries(names.map((name) => [name, parameter(name)]))) }
        : {}),
      ...(query ? { querystring: Type.Object(query) } : {}),
      ...(body ? { body } : {}),
      response: { ...answers, '4XX': problem },
    };
  };
}
