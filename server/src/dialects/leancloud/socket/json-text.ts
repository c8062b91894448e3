// JSON that stands as a text inside a frame.
import { ImError } from '../../../core/errors.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { parseJson } from '../../../http/json.ts';

/** Throws `invalid-argument` (what) unless it is an object. */
export function objectIn(text: string, what: string): JsonObject {
  try {
    const value = parseJson(text);
    if (isJsonObject(value)) return value;
  } catch {
    // Said below.
  }
  throw new ImError('invalid-argument', `${what} is no JSON object`, { what, why: 'syntax' });
}
