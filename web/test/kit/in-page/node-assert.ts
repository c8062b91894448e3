// `node:assert/strict` for a page: as much of it as the SDK's tests use.

type Expected = RegExp | { [name: string]: unknown } | ((error: unknown) => boolean) | undefined;

const shown = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
};

function fail(message: unknown, text: string): never {
  throw new Error(`${message ? `${message}: ` : ''}${text}`);
}

function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a, b] as Record<string, unknown>[] as [Record<string, unknown>, Record<string, unknown>];
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length && names.every((name) => name in right && same(left[name], right[name]))
  );
}

function fits(error: unknown, expected: Expected): boolean {
  if (expected === undefined) return true;
  if (expected instanceof RegExp) return expected.test(String(error));
  if (typeof expected === 'function') return expected(error);
  return Object.entries(expected).every(([name, value]) => {
    const found = (error as Record<string, unknown>)[name];
    return value instanceof RegExp ? value.test(String(found)) : same(found, value);
  });
}

const assert = {
  ok: (value: unknown, message?: unknown) => value || fail(message, `not ok: ${shown(value)}`),
  equal: (a: unknown, b: unknown, message?: unknown) =>
    Object.is(a, b) || fail(message, `${shown(a)} is not ${shown(b)}`),
  notEqual: (a: unknown, b: unknown, message?: unknown) => !Object.is(a, b) || fail(message, `it is ${shown(b)}`),
  deepEqual: (a: unknown, b: unknown, message?: unknown) =>
    same(a, b) || fail(message, `${shown(a)} is not like ${shown(b)}`),
  match: (text: string, pattern: RegExp, message?: unknown) =>
    pattern.test(text) || fail(message, `${text} does not match ${pattern}`),
  throws(work: () => unknown, expected?: Expected): void {
    try {
      work();
    } catch (error) {
      if (!fits(error, expected)) fail('another error', String(error));
      return;
    }
    fail('', 'nothing was thrown');
  },
  async rejects(work: Promise<unknown> | (() => Promise<unknown>), expected?: Expected): Promise<void> {
    try {
      await (typeof work === 'function' ? work() : work);
    } catch (error) {
      if (!fits(error, expected)) fail('another error', String(error));
      return;
    }
    fail('', 'it did not reject');
  },
};

export default Object.assign((value: unknown, message?: unknown) => assert.ok(value, message), assert);
