// JSON from outside: bounded in depth before anything walks it, and free of keys that reach into prototypes.
import { ImError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { limits } from '../core/limits.ts';

/** Throws `invalid-argument`: `syntax` when it is no JSON, is nested deeper than the limit, or holds a `__proto__` key. */
export function parseJson(text: string): Json {
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (depthOf(plain, limits.jsonDepthMax) > limits.jsonDepthMax) {
    throw new ImError('invalid-argument', `JSON is nested deeper than ${limits.jsonDepthMax} levels`, {
      what: 'json',
      why: 'syntax',
    });
  }
  let value: Json;
  try {
    value = JSON.parse(plain);
  } catch {
    throw new ImError('invalid-argument', 'not valid JSON', { what: 'json', why: 'syntax' });
  }
  // The key can be written with escapes; only texts that may hold it are walked.
  if ((plain.includes('__proto__') || plain.includes('\\u')) && holdsProto(value)) {
    throw new ImError('invalid-argument', 'JSON must not hold a key named __proto__', { what: 'json', why: 'syntax' });
  }
  return value;
}

const quote = 0x22;
const backslash = 0x5c;

/** Deepest nesting, or more than `enough` as soon as that is exceeded. Brackets inside strings do not count. */
function depthOf(text: string, enough: number): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (quoted) {
      if (code === backslash) i++;
      else if (code === quote) quoted = false;
    } else if (code === quote) quoted = true;
    else if (code === 0x7b || code === 0x5b) {
      deepest = Math.max(deepest, ++depth);
      if (deepest > enough) return deepest;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return deepest;
}

/** Recursion is safe here: the depth was checked before. */
function holdsProto(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsProto);
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(holdsProto);
}
