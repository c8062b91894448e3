// Columns that a client or a back-end sets, as a change of the core's conversation. A value may be an operator object,
// and a dotted key addresses inside an object.
import type { ConversationChange, FieldStep } from '../../core/conversations/conversation.ts';
import { ImError } from '../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';

/** What the server alone writes; in a request such keys are ignored. */
const ownColumns = new Set([
  'objectId',
  'createdAt',
  'updatedAt',
  'lm',
  'uniqueId',
  'unique',
  'tr',
  'sys',
  'c',
  'm',
  'mu',
  'conv_type',
]);
const columnName = /^[A-Za-z][A-Za-z0-9_]*$/;

export type NewColumns = {
  readonly name: string | null;
  readonly attributes: JsonObject;
  readonly columns: JsonObject;
};

const wrong = (what: string, why: 'type' | 'syntax' = 'type'): ImError =>
  new ImError('invalid-argument', `Field set to incorrect type: ${what}.`, { what, why });

/** Columns of a new conversation: `name`, `attr`, and everything else under its own name. */
export function newColumns(given: JsonObject): NewColumns {
  const columns: JsonObject = {};
  let name: string | null = null;
  let attributes: JsonObject = {};
  for (const [key, value] of Object.entries(given)) {
    if (value === null || ownColumns.has(key)) continue;
    if (key === 'name') {
      if (typeof value !== 'string') throw wrong(key);
      name = value;
    } else if (key === 'attr') {
      if (!isJsonObject(value)) throw wrong(key);
      attributes = value;
    } else {
      assertColumn(key);
      columns[key] = value;
    }
  }
  return { name, attributes, columns };
}

/** Throws `invalid-argument` for bad names and operators. Keys of the server's own are ignored. */
export function changeOf(given: JsonObject): ConversationChange {
  let change: ConversationChange = {};
  const steps: FieldStep[] = [];
  for (const [key, value] of Object.entries(given)) {
    const [column = '', ...path] = key.split('.');
    if (ownColumns.has(column)) continue;
    assertColumn(column);
    if (path.includes('')) throw wrong(key, 'syntax');
    if (column === 'name' && path.length === 0) change = { ...change, name: nameOf(value) };
    else if (column === 'attr' && path.length === 0) change = { ...change, attributes: attributesOf(value) };
    else if (column === 'attr') steps.push(stepOf('attributes', path, value));
    else steps.push(stepOf('columns', [column, ...path], value));
  }
  return steps.length > 0 ? { ...change, steps } : change;
}

export function assertColumn(name: string): void {
  if (!columnName.test(name))
    throw new ImError('invalid-argument', 'Invalid key name. Keys are letters, digits and _, a letter first.', {
      what: 'key',
      why: 'syntax',
    });
}

const operatorOf = (value: Json): string | undefined =>
  isJsonObject(value) && typeof value.__op === 'string' ? value.__op : undefined;

function nameOf(value: Json): string | null {
  if (value === null || operatorOf(value) === 'Delete') return null;
  if (typeof value !== 'string') throw wrong('name');
  return value;
}

function attributesOf(value: Json): { mode: 'replace'; values: JsonObject } {
  if (value === null || operatorOf(value) === 'Delete') return { mode: 'replace', values: {} };
  if (!isJsonObject(value) || operatorOf(value) !== undefined) throw wrong('attr');
  return { mode: 'replace', values: value };
}

export function stepOf(part: FieldStep['in'], path: readonly string[], value: Json): FieldStep {
  const at = { in: part, path };
  const operator = operatorOf(value);
  if (operator === undefined || !isJsonObject(value)) return { ...at, do: 'set', value };
  switch (operator) {
    case 'Delete':
      return { ...at, do: 'unset' };
    case 'Add':
      return { ...at, do: 'add', values: objectsOf(value) };
    case 'AddUnique':
      return { ...at, do: 'add-unique', values: objectsOf(value) };
    case 'Remove':
      return { ...at, do: 'remove', values: objectsOf(value) };
    case 'Increment':
      return { ...at, do: 'increment', by: numberOf(value.amount ?? 1) };
    case 'Decrement':
      return { ...at, do: 'increment', by: -numberOf(value.amount ?? 1) };
    case 'BitAnd':
      return { ...at, do: 'bit-and', by: numberOf(value.value) };
    case 'BitOr':
      return { ...at, do: 'bit-or', by: numberOf(value.value) };
    case 'BitXor':
      return { ...at, do: 'bit-xor', by: numberOf(value.value) };
    default:
      throw wrong(`${path.join('.')}.__op`);
  }
}

/** A step as a request writes it. */
export function operationOf(step: FieldStep): Json {
  switch (step.do) {
    case 'set':
      return step.value;
    case 'unset':
      return { __op: 'Delete' };
    case 'add':
      return { __op: 'Add', objects: [...step.values] };
    case 'add-unique':
      return { __op: 'AddUnique', objects: [...step.values] };
    case 'remove':
      return { __op: 'Remove', objects: [...step.values] };
    case 'increment':
      return { __op: 'Increment', amount: step.by };
    case 'bit-and':
      return { __op: 'BitAnd', value: step.by };
    case 'bit-or':
      return { __op: 'BitOr', value: step.by };
    case 'bit-xor':
      return { __op: 'BitXor', value: step.by };
    default:
      return step satisfies never;
  }
}

function objectsOf({ objects }: JsonObject): Json[] {
  if (!Array.isArray(objects)) throw wrong('objects');
  return objects;
}

function numberOf(value: Json | undefined): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong('amount');
  return value;
}
