// Steps on free facts: what they make of a value. Pure; the store runs them under the conversation's lock.
import { isDeepStrictEqual } from 'node:util';
import { ImError } from '../errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { FieldStep } from './conversation.ts';

export type FreeFacts = { readonly attributes: JsonObject; readonly columns: JsonObject };

/** New maps; those given stay as they are. Throws `invalid-argument` (why: type) for a step that does not fit. */
export function applySteps(facts: FreeFacts, steps: readonly FieldStep[]): FreeFacts {
  const after = { attributes: structuredClone(facts.attributes), columns: structuredClone(facts.columns) };
  for (const step of steps) applyStep(after[step.in], step);
  return after;
}

function applyStep(map: JsonObject, step: FieldStep): void {
  const { holder, name } = find(map, step);
  if (holder === undefined) return;
  const before = Object.hasOwn(holder, name) ? holder[name] : undefined;
  switch (step.do) {
    case 'set':
      put(holder, name, step.value);
      break;
    case 'unset':
      delete holder[name];
      break;
    case 'add':
      put(holder, name, [...arrayOf(before, step), ...step.values]);
      break;
    case 'add-unique': {
      const array = arrayOf(before, step);
      const fresh = step.values.filter(
        (value, i) => ![...array, ...step.values.slice(0, i)].some((one) => isDeepStrictEqual(one, value)),
      );
      put(holder, name, [...array, ...fresh]);
      break;
    }
    case 'remove':
      put(
        holder,
        name,
        arrayOf(before, step).filter((one) => !step.values.some((value) => isDeepStrictEqual(one, value))),
      );
      break;
    case 'increment':
      put(holder, name, numberOf(before, step) + step.by);
      break;
    case 'bit-and':
      put(holder, name, numberOf(before, step) & step.by);
      break;
    case 'bit-or':
      put(holder, name, numberOf(before, step) | step.by);
      break;
    case 'bit-xor':
      put(holder, name, numberOf(before, step) ^ step.by);
      break;
    default:
      step satisfies never;
  }
}

/** The object that holds the last name of the path; made on the way, unless there is nothing to take away there. */
function find(map: JsonObject, step: FieldStep): { holder?: JsonObject; name: string } {
  const name = step.path.at(-1) ?? '';
  if (step.path.length === 0 || step.path.some((part) => part === ''))
    throw unfit(step, 'a name in the path is empty', 'syntax');
  let holder = map;
  for (const part of step.path.slice(0, -1)) {
    const next = Object.hasOwn(holder, part) ? holder[part] : undefined;
    if (next === undefined || next === null) {
      if (step.do === 'unset') return { name };
      const made: JsonObject = {};
      put(holder, part, made);
      holder = made;
    } else if (isJsonObject(next)) holder = next;
    else throw unfit(step, 'the path leads through a value that is no object');
  }
  return { holder, name };
}

/** Own properties only: `__proto__` is a name like any other. */
function put(holder: JsonObject, name: string, value: Json): void {
  Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
}

function arrayOf(value: Json | undefined, step: FieldStep): Json[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw unfit(step, 'there is no array');
  return value;
}

function numberOf(value: Json | undefined, step: FieldStep): number {
  if (value === undefined || value === null) return 0;
  if (typeof value !== 'number') throw unfit(step, 'there is no number');
  return value;
}

const unfit = (step: FieldStep, why: string, kind: 'type' | 'syntax' = 'type'): ImError =>
  new ImError('invalid-argument', `${step.do} on ${step.path.join('.')}: ${why}`, {
    what: step.path.join('.'),
    why: kind,
  });
