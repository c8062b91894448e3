// Installations of an application, as the vendor's push SDKs keep them: a device whose channels name a client is that
// client's, and is told by push what he misses.
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import { applySteps } from '../../../core/conversations/steps.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { isPassenger } from '../../../core/ids.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import { limits } from '../../../core/limits.ts';
import type { Registered } from '../../../core/push/install.ts';
import { registerInstall } from '../../../core/push/register.ts';
import { assertColumn, stepOf } from '../changes.ts';
import { iso } from '../rows.ts';
import type { Row } from '../where.ts';
import { answer, callerOf, masterOnly, paramsIn, segment } from './conventions.ts';
import { flagOf, missing, optionalText } from './params.ts';
import { chosenRows } from './small-classes.ts';
import { classMaster } from './user-query.ts';

const clientCharsMax = 64;
const own = new Set(['objectId', 'createdAt', 'updatedAt', 'where', 'fetchWhenSave', 'new', 'ACL', 'valid']);

export function installationRoutes(door: FastifyInstance, core: Core): void {
  for (const base of ['/1.1/installations', '/1.1/classes/_Installation']) {
    door.post(base, async (request, reply) => {
      const { app } = callerOf(request);
      const row = await save(core, app, undefined, columnsAfter({}, paramsIn(request)));
      reply.header('Location', `${base}/${row.objectId}`);
      const whole = flagOf(paramsIn(request), 'fetchWhenSave') || flagOf(paramsIn(request), 'new');
      return answer(reply, whole ? row : { objectId: row.objectId, createdAt: row.createdAt }, 201);
    });
    door.put(`${base}/:id`, async (request, reply) => {
      const { app } = callerOf(request);
      const before = await open(core, request);
      const row = await save(core, app, before, columnsAfter(columnsOf(before), paramsIn(request)));
      return answer(reply, { updatedAt: row.updatedAt, objectId: row.objectId });
    });
    door.get(`${base}/:id`, async (request, reply) => answer(reply, rowOf(await open(core, request))));
    door.get(base, { onRequest: classMaster }, async (request, reply) => {
      const page = { skip: 0, limit: limits.queryScanMax };
      const all = await core.store.installs.registered(callerOf(request).app.no, page);
      return answer(reply, chosenRows(all.map(rowOf), paramsIn(request), '-createdAt'));
    });
    door.delete(`${base}/:id`, { onRequest: masterOnly }, async (request, reply) => {
      const { install, token } = await open(core, request);
      await core.store.installs.forget(callerOf(request).app.no, install, token);
      return answer(reply, {});
    });
  }
}

async function open({ store }: Core, request: FastifyRequest): Promise<Registered> {
  const ids = [segment(request, 'id')];
  const [found] = await store.installs.registered(callerOf(request).app.no, { ids, skip: 0, limit: 1 });
  if (!found) throw new ImError('relation-not-found', "Class or object doesn't exists.");
  return found;
}

/** Whatever a device was registered through: its columns as this door has them. */
function columnsOf({ platform, token, who, attributes }: Registered): JsonObject {
  return {
    deviceType: platform,
    ...(token === '' ? {} : { deviceToken: token }),
    ...(who === null ? {} : { channels: [who] }),
    ...attributes,
  };
}

function rowOf(install: Registered): Row {
  const at = iso(install.boundAt);
  return { ...columnsOf(install), objectId: install.install, valid: true, createdAt: at, updatedAt: at };
}

function columnsAfter(before: JsonObject, given: JsonObject): JsonObject {
  const steps = Object.entries(given).flatMap(([key, value]) => {
    const path = key.split('.');
    const [column = ''] = path;
    if (own.has(column) || column.startsWith('_')) return [];
    assertColumn(column);
    return [stepOf('attributes', path, value)];
  });
  return applySteps({ attributes: before, columns: {} }, steps).attributes;
}

/** One device is one row: by its installation's id, else by its token. */
async function save(core: Core, app: App, before: Registered | undefined, columns: JsonObject): Promise<Row> {
  const platform = optionalText(columns, 'deviceType')?.toLowerCase();
  if (!platform) throw missing('deviceType');
  const name = optionalText(columns, 'installationId') ?? optionalText(columns, 'deviceToken');
  const token = optionalText(columns, 'deviceToken') ?? optionalText(columns, 'registrationId') ?? name;
  if (!name || !token) throw missing('deviceToken');
  const install = before?.install ?? createHash('sha256').update(`${app.id}/${name}`).digest('hex').slice(0, 24);
  const who = await clientAmong(core, app, columns.channels);
  const registration = { install, platform, token, language: null, appVersion: null, attributes: columns };
  await registerInstall(core, app, who, registration, 'create-any');
  return rowOf({ install, who, platform, token, attributes: columns, boundAt: core.clock.now() });
}

/** The channel that names a client whom the app knows, the last one; else the last; null: none. */
async function clientAmong({ store }: Core, app: App, channels: Json | undefined): Promise<string | null> {
  if (!Array.isArray(channels)) return null;
  const names = channels.filter((one): one is string => typeof one === 'string').filter(couldBeClient);
  const known = new Set(await store.users.existing(app.no, names));
  return names.findLast((one) => known.has(one)) ?? names.at(-1) ?? null;
}

const couldBeClient = (name: string): boolean => name !== '' && name.length <= clientCharsMax && !isPassenger(name);
