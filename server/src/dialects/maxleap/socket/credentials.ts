// The `auth` value of the handshake query: a JSON object, percent-encoded by most clients and mangled by some.
import { ImError } from '../../../core/errors.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { parseJson } from '../../../http/json.ts';

/** Throws `invalid-argument` when there is no readable object. `rawQuery` is the query as it came on the wire, without `?`. */
export function readAuth(rawQuery: string): JsonObject {
  const text = new URLSearchParams(rawQuery).get('auth');
  const auth = (text === null ? undefined : tryJson(text)) ?? tryJson(repaired(rawQuery));
  if (auth === undefined)
    throw new ImError('invalid-argument', 'auth must be a JSON object', {
      purpose: 'login',
      what: 'auth',
      why: 'syntax',
    });
  return auth;
}

/** Old SDKs split the JSON at an `&` inside a value; the parameters they made of it still stand between auth and EIO. */
function repaired(rawQuery: string): string {
  const from = rawQuery.startsWith('auth=') ? 0 : rawQuery.indexOf('&auth=') + 1;
  const to = rawQuery.indexOf('&EIO=', from);
  try {
    return decodeURIComponent(rawQuery.slice(from + 'auth='.length, to < 0 ? undefined : to));
  } catch {
    return '';
  }
}

function tryJson(text: string): JsonObject | undefined {
  try {
    const value = parseJson(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
