// `node:test` for a page: as much of it as the SDK's tests use. Tests are collected, then run one after the other.

type Body = (t: { test: typeof test }) => unknown;
export type Outcome = { name: string; error?: string };

const tests: { name: string; body: Body }[] = [];
const firsts: (() => unknown)[] = [];
const lasts: (() => unknown)[] = [];
const outcomes: Outcome[] = [];
let isRunning = false;

async function run(name: string, body: Body): Promise<void> {
  const within = async (inner: string, innerBody: Body) => run(`${name} › ${inner}`, innerBody);
  try {
    await body({ test: within as typeof test });
    outcomes.push({ name });
  } catch (error) {
    outcomes.push({ name, error: String((error as Error)?.stack ?? error) });
  }
}

export async function test(name: string, body: Body): Promise<void> {
  if (isRunning) return run(name, body);
  tests.push({ name, body });
}

export const before = (body: () => unknown): unknown => firsts.push(body);
export const after = (body: () => unknown): unknown => lasts.push(body);

/** Runs what was collected. */
export async function runAll(): Promise<Outcome[]> {
  isRunning = true;
  for (const first of firsts) await first();
  for (const { name, body } of tests) await run(name, body);
  for (const last of lasts) await last();
  return outcomes;
}
