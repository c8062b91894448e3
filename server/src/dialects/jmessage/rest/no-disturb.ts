// No-disturb: from whom a user wants no notification. What is said reaches him all the same.
import type { FastifyInstance } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { changeQuiets } from '../../../core/quiets/change.ts';
import { conversationSubject, everything, principalSubject, type SubjectKey } from '../../../core/subjects.ts';
import { appOf } from '../caller.ts';
import { badValue } from '../errors.ts';
import { openOwnGroups } from '../groups-of.ts';
import { openAll, openNamed } from '../names.ts';
import { asObject, fieldOf, flagOf, namesIn, numbersIn, objectOf } from './body.ts';
import { done, on } from './conventions.ts';
import { describe } from './describe.ts';
import { segment } from './query.ts';
import * as shapes from './schemas.ts';

const url = '/v1/users/:username/nodisturb';

export type QuietWish = {
  readonly people: { readonly add: readonly string[]; readonly remove: readonly string[] };
  readonly groups: { readonly add: readonly number[]; readonly remove: readonly number[] };
  readonly everything?: boolean;
};

export function noDisturbRoutes(door: FastifyInstance, core: Core): void {
  const schema = describe(url, {
    tag: 'No-disturb',
    summary: 'Change from whom a user wants no notification',
    description: 'The whole request is carried out, or nothing of it.',
    body: shapes.quietChange,
    answers: { 204: shapes.nothing },
  });
  door.post(url, { schema, config: on('quiet') }, async (request, reply) => {
    const app = appOf(request);
    const wish = readWish(objectOf(request));
    const { id } = await openNamed(core, app, segment(request, 'username'));
    await changeNoDisturb(core, app, id, wish.everything, await ownSubjects(core, app, id, wish));
    return done(reply);
  });
}

/** Throws `invalid-argument` when nothing is wished for. */
export function readWish(body: JsonObject): QuietWish {
  const single = fieldOf(body, 'single');
  const group = fieldOf(body, 'group');
  const all = flagOf(body, 'global');
  const people = single === undefined ? {} : asObject(single, 'single');
  const groups = group === undefined ? {} : asObject(group, 'group');
  const wish: QuietWish = {
    people: { add: namesIn(people.add, 'single.add'), remove: namesIn(people.remove, 'single.remove') },
    groups: { add: numbersIn(groups.add, 'group.add'), remove: numbersIn(groups.remove, 'group.remove') },
    ...(all === undefined ? {} : { everything: all }),
  };
  const lists = [wish.people.add, wish.people.remove, wish.groups.add, wish.groups.remove];
  if (all === undefined && lists.every(({ length }) => length === 0))
    throw badValue('single, group or global is needed', 'body');
  return wish;
}

/** What shall be quiet, and what no longer. */
export type QuietChange = { readonly add: SubjectKey[]; readonly remove: SubjectKey[] };

/** `who` exists. Throws `user-not-found`, `conversation-not-found`, `not-a-member`. */
export async function ownSubjects(core: Core, app: App, who: string, { people, groups }: QuietWish) {
  await openAll(core, app, [...people.add, ...people.remove]);
  await openOwnGroups(core, app, who, [...groups.add, ...groups.remove]);
  return {
    add: [...people.add.map(principalSubject), ...groups.add.map(conversationSubject)],
    remove: [...people.remove.map(principalSubject), ...groups.remove.map(conversationSubject)],
  };
}

/**
 * Turning everything off or on is no error when it is so already, unlike the rest of a request. Whoever does the same at
 * the same moment may come in between: then it is looked at once more. Throws `already`, `absent`.
 */
export async function changeNoDisturb(
  core: Core,
  app: App,
  who: string,
  wanted: boolean | undefined,
  { add, remove }: QuietChange,
  again = true,
): Promise<void> {
  const is = wanted === undefined || (await core.store.quiets.of(app.no, who)).includes(everything);
  const change = {
    add: wanted === true && !is ? [...add, everything] : add,
    remove: wanted === false && is ? [...remove, everything] : remove,
    strict: true,
  };
  try {
    await changeQuiets(core, app, who, change);
  } catch (error) {
    if (!again || !(error instanceof ImError) || error.details.kind !== 'everything') throw error;
    await changeNoDisturb(core, app, who, wanted, { add, remove }, false);
  }
}
