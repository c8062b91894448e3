// Attribute maps: free JSON objects that applications hang on users, groups, rooms, passengers and members.
import { ImError } from './errors.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { limits } from './limits.ts';

/** How an attribute map changes. `merge` replaces top-level keys as a whole; nested objects are not merged. */
export type AttributesChange =
  | { readonly mode: 'merge'; readonly values: JsonObject }
  | { readonly mode: 'replace'; readonly values: JsonObject }
  | { readonly mode: 'remove'; readonly name: string };

/** The map after the change. Throws `too-long` when it would be larger than the limit. */
export function applyAttributes(before: JsonObject, change: AttributesChange): JsonObject {
  const after =
    change.mode === 'merge'
      ? { ...before, ...change.values }
      : change.mode === 'replace'
        ? { ...change.values }
        : without(before, change.name);
  if (change.mode !== 'remove') assertAttributes(after);
  return after;
}

export function assertAttributes(values: unknown): asserts values is JsonObject {
  if (!isJsonObject(values))
    throw new ImError('invalid-argument', 'attributes must be a JSON object', { what: 'attributes', why: 'type' });
  for (const name of Object.keys(values)) {
    if (name === '')
      throw new ImError('invalid-argument', 'an attribute needs a name', { what: 'attributes', why: 'syntax' });
    if (name.length > limits.attributeNameCharsMax) {
      throw new ImError('too-long', `an attribute's name is longer than ${limits.attributeNameCharsMax} characters`, {
        what: 'attribute name',
        max: limits.attributeNameCharsMax,
      });
    }
  }
  if (Buffer.byteLength(JSON.stringify(values)) > limits.attributesBytesMax) {
    throw new ImError('too-long', `attributes are larger than ${limits.attributesBytesMax} bytes`, {
      what: 'attributes',
      max: limits.attributesBytesMax,
    });
  }
}

function without(before: JsonObject, name: string): JsonObject {
  const after = { ...before };
  delete after[name];
  return after;
}

/** One attribute. Throws `attribute-not-found`; never reaches into the prototype. */
export function attributeOf(values: JsonObject, name: string): Json {
  if (!Object.hasOwn(values, name)) throw new ImError('attribute-not-found', 'there is no attribute of that name');
  return values[name] as Json;
}

/** What equality search finds: the texts a value answers to. A number or boolean by its JSON text, an array by any element. */
export function facetTexts(value: Json): string[] {
  const scalars = Array.isArray(value) ? value.slice(0, limits.facetElementsMax) : [value];
  const texts = new Set<string>();
  for (const scalar of scalars) {
    const text =
      typeof scalar === 'string'
        ? scalar
        : typeof scalar === 'number' || typeof scalar === 'boolean'
          ? JSON.stringify(scalar)
          : undefined;
    if (text !== undefined && text.length <= limits.facetCharsMax) texts.add(text);
  }
  return [...texts];
}

/** The rows of the search index for one map. Names that begin with `_` are stored but cannot be searched for. */
export function facetsOf(values: JsonObject): { name: string; value: string }[] {
  return Object.entries(values)
    .filter(([name]) => !name.startsWith('_'))
    .flatMap(([name, value]) => facetTexts(value).map((text) => ({ name, value: text })));
}
