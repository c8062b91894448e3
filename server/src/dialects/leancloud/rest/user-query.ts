// Users by query, for the application alone: who may see everybody's name and address is not for a client to say.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Account } from '../../../core/accounts/account.ts';
import type { App } from '../../../core/apps/app.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { limits } from '../../../core/limits.ts';
import { byOrder, compileWhere, parseOrder, type Row } from '../where.ts';
import { answer, callerOf, paramsIn } from './conventions.ts';
import { flagOf, given, integerOf, limitOf, objectOf, optionalText } from './params.ts';
import { chosen } from './rows-chosen.ts';
import { userRow } from './user-rows.ts';

const stepRows = 500;

export const classMaster = async (request: FastifyRequest): Promise<void> => {
  if (!callerOf(request).master)
    throw new ImError('forbidden', 'Forbidden to read/write by class permissions', { what: 'class' });
};

export function userQueryRoutes(door: FastifyInstance, core: Core): void {
  for (const path of ['/1.1/users', '/1.1/classes/_User'])
    door.get(path, { onRequest: classMaster }, async (request, reply) =>
      answer(reply, await query(core, callerOf(request).app, paramsIn(request))),
    );
}

async function query(core: Core, app: App, params: JsonObject): Promise<JsonObject> {
  const where = objectOf(params, 'where') ?? {};
  const test = compileWhere(where);
  const found: { account: Account; row: Row }[] = [];
  for (const account of await accountsFor(core, app, where)) {
    const row = await plainRow(core, app, account);
    if (test(row)) found.push({ account, row });
  }
  const order = byOrder(parseOrder(optionalText(params, 'order') ?? 'createdAt'));
  found.sort((a, b) => order(a.row, b.row));
  const skip = Math.max(0, integerOf(params, 'skip') ?? 0);
  const none = flagOf(params, 'count') && Number(given(params, 'limit') ?? 1) === 0;
  const limit = none ? 0 : limitOf(params, 100, 1_000);
  const page = found.slice(skip, skip + limit);
  const results = await Promise.all(
    page.map(async ({ account }) => chosen(await userRow(core, app, account, true), params)),
  );
  return { results, ...(flagOf(params, 'count') ? { count: found.length } : {}) };
}

/** Who is named is looked up; else everybody is looked at, up to a bound. */
async function accountsFor({ store }: Core, app: App, where: JsonObject): Promise<Account[]> {
  const { objectId, username, email, mobilePhoneNumber: phone } = where;
  const one = async (found: Promise<Account | undefined>) => [await found].filter((account) => account !== undefined);
  if (typeof objectId === 'string') return one(store.accounts.byUser(app.no, objectId));
  if (typeof username === 'string') return one(store.accounts.byUsername(app.no, username));
  if (typeof email === 'string') return one(store.accounts.byEmail(app.no, email));
  if (typeof phone === 'string') return one(store.accounts.byPhone(app.no, phone));
  const all: Account[] = [];
  while (all.length < limits.queryScanMax) {
    const step = await store.accounts.list(app.no, { skip: all.length, limit: stepRows });
    all.push(...step);
    if (step.length < stepRows) break;
  }
  return all;
}

/** Without third parties: these are looked up for the page alone. */
async function plainRow(core: Core, app: App, account: Account): Promise<Row> {
  const { email, phone } = account;
  return {
    ...(await userRow(core, app, account, false)),
    ...(email === null ? {} : { email }),
    ...(phone === null ? {} : { mobilePhoneNumber: phone }),
  };
}
