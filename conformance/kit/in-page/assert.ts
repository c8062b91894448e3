// As much of Node's strict assertions as the cases use, for a browser.
const shown = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
};

function fail(message: string): never {
  throw new Error(message);
}

/** By structure: two pages' objects have different classes of the same name. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [keysA, keysB] = [Object.keys(a), Object.keys(b)];
  if (keysA.length !== keysB.length) return false;
  return keysA.every((key) => Object.hasOwn(b, key) && same(Reflect.get(a, key), Reflect.get(b, key)));
}

type Expected = RegExp | ((error: unknown) => boolean);

const nothing = Symbol('nothing was refused');

function fits(error: unknown, expected: Expected | undefined): void {
  if (error === nothing) fail('nothing was refused');
  if (expected === undefined) return;
  const good = expected instanceof RegExp ? expected.test(String(error)) : expected(error);
  if (!good) fail(`the wrong refusal: ${error}`);
}

const assert = {
  ok: (value: unknown, message = `not true: ${shown(value)}`): void => void (value || fail(message)),
  equal: (a: unknown, b: unknown): void => void (Object.is(a, b) || fail(`${shown(a)} is not ${shown(b)}`)),
  notEqual: (a: unknown, b: unknown): void => void (!Object.is(a, b) || fail(`${shown(a)} twice`)),
  deepEqual: (a: unknown, b: unknown): void => void (same(a, b) || fail(`${shown(a)} is not ${shown(b)}`)),
  match: (text: string, form: RegExp): void => void (form.test(text) || fail(`${text} does not match ${form}`)),
  throws(run: () => unknown, expected?: Expected): void {
    let thrown: unknown = nothing;
    try {
      run();
    } catch (error) {
      thrown = error;
    }
    fits(thrown, expected);
  },
  async rejects(promise: Promise<unknown>, expected?: Expected): Promise<void> {
    const refused = await promise.then(
      () => nothing,
      (error: unknown) => error,
    );
    fits(refused, expected);
  },
};

export default assert;
