// Several requests in one: each is made as if it had come alone, in order, with the credentials of the whole.
import type { FastifyInstance, FastifyRequest, InjectOptions } from 'fastify';
import { ImError } from '../../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { parseJson } from '../../../http/json.ts';
import { answer, paramsIn } from './conventions.ts';
import { missing } from './params.ts';

const requestsMax = 100;
const methods = ['GET', 'POST', 'PUT', 'DELETE'] as const;
const paths = /^\/1\.[12]\/(?!batch\b)/;
/** What belongs to the whole request. */
const own = ['content-length', 'content-type', 'transfer-encoding', 'connection', 'accept-encoding', 'expect'];

export function batchRoutes(door: FastifyInstance): void {
  for (const path of ['/1.1/batch', '/1.1/batch/save'])
    door.post(path, async (request, reply) => {
      const wanted = paramsIn(request).requests;
      if (!Array.isArray(wanted)) throw missing('requests');
      if (wanted.length > requestsMax)
        throw new ImError('invalid-argument', `requests takes at most ${requestsMax}.`, { max: requestsMax });
      const answers: JsonObject[] = [];
      for (const one of wanted) answers.push(await perform(request, one));
      return answer(reply, answers);
    });
}

async function perform(whole: FastifyRequest, wanted: Json): Promise<JsonObject> {
  const { method = 'GET', path, body, params } = isJsonObject(wanted) ? wanted : {};
  const verb = methods.find((one) => one === String(method).toUpperCase());
  if (verb === undefined || typeof path !== 'string' || !paths.test(path))
    return { error: { code: 107, error: 'Malformed request in a batch.' } };
  const headers = Object.fromEntries(Object.entries(whole.headers).filter(([name]) => !own.includes(name)));
  const query = isJsonObject(params) ? queryOf(params) : '';
  const options: InjectOptions = {
    method: verb,
    url: `${path}${query === '' ? '' : `${path.includes('?') ? '&' : '?'}${query}`}`,
    headers,
    remoteAddress: whole.ip,
    ...(isJsonObject(body) ? { payload: JSON.stringify(body) } : {}),
  };
  const { statusCode, payload } = await whole.server.inject(options);
  const said: Json = payload === '' ? {} : parseJson(payload);
  return statusCode < 400 ? { success: said } : { error: said };
}

const queryOf = (params: JsonObject): string =>
  new URLSearchParams(
    Object.entries(params).map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  ).toString();
