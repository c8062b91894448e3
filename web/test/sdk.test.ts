// The SDK's own tests, in a page: every documented function of both faces, against a real server.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import type { Outcome } from './kit/in-page/node-test.ts';
import { openStage, type Stage } from './kit/stage.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The test and everything it imports, with what stands in for Node's parts; what only Node can do is left out. */
async function bundle(file: string): Promise<string> {
  const entry = `import '${at(`../../sdk/test/${file}`)}';
    import { runAll } from '${at('./kit/in-page/node-test.ts')}';
    globalThis.hongyanRun = runAll;`;
  const result = (await build({
    configFile: false,
    logLevel: 'error',
    resolve: {
      alias: {
        'node:test': at('./kit/in-page/node-test.ts'),
        'node:assert/strict': at('./kit/in-page/node-assert.ts'),
      },
    },
    plugins: [
      {
        name: 'in-page',
        enforce: 'pre',
        resolveId: (id) =>
          id === 'in-page' ? '\0in-page' : id.endsWith('server/test/kit/world.ts') ? { id, external: true } : undefined,
        load: (id) => (id === '\0in-page' ? entry : undefined),
      },
    ],
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      // The SDK's package says that its modules do nothing by themselves; its tests do.
      rollupOptions: { treeshake: false, input: 'in-page', output: { format: 'iife', entryFileNames: 'tests.js' } },
    },
  })) as Rolldown.RolldownOutput;
  return result.output[0].code;
}

describe('the SDK in a page', () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });
  after(() => stage?.close());

  for (const file of ['modern.test.ts', 'ml.test.ts']) {
    it(`passes ${file}`, async () => {
      const { appId, key } = (await (await fetch(`${stage.server.base}/demo.json`)).json()) as Record<string, string>;
      const context = await stage.browser.newContext({ bypassCSP: true });
      const page = await context.newPage();
      await page.goto(`${stage.server.base}/healthz`);
      await page.evaluate(
        (given) => {
          Object.assign(globalThis, { hongyanTest: given });
        },
        { url: stage.server.base, appId, key },
      );
      await page.evaluate(await bundle(file));
      const outcomes = await page.evaluate(() =>
        (globalThis as unknown as { hongyanRun(): Promise<Outcome[]> }).hongyanRun(),
      );
      assert.ok(outcomes.length > 0);
      assert.deepEqual(
        outcomes.filter(({ error }) => error),
        [],
      );
      await context.close();
    });
  }
});
