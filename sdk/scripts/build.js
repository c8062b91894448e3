// Builds dist/, or the folder that is named: the ESM core, the ML face on it, the script for a tag, the adapter, and their types.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { minify } from 'terser';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = process.argv[2] ?? join(root, 'dist');

/** Names that never leave a bundle; they are written short. No property that an application sees may be among them. */
const inner = /^(answer|catchUp|hold|quiet|release|restore|resume|said|take|talkAt|tell|tried|withUrls|wording)$/;

/** Bundled by esbuild, made small by terser: what it saves by inlining is a tenth of the whole. */
async function one(entry, name, { iife = false, plugins = [] } = {}) {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'src', entry)],
    bundle: true,
    target: 'es2022',
    format: iife ? 'iife' : 'esm',
    plugins,
    write: false,
    legalComments: 'none',
    logLevel: 'warning',
  });
  const { code } = await minify(outputFiles[0].text, {
    ecma: 2020,
    module: !iife,
    toplevel: true,
    compress: { passes: 3, inline: 1, unsafe_arrows: true },
    mangle: { properties: { regex: inner } },
    format: { ecma: 2020 },
  });
  writeFileSync(join(dist, name), `${code}\n`);
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });

/** The ML face as a module stands on the core's module, so that an application that uses both has one of it. */
const onTheCore = {
  name: 'on-the-core',
  setup: ({ onResolve }) => onResolve({ filter: /^\.\/index\.ts$/ }, () => ({ path: './hongyan.mjs', external: true })),
};

await Promise.all([
  one('index.ts', 'hongyan.mjs'),
  one('ml.ts', 'ml.mjs', { plugins: [onTheCore] }),
  one('wechat.ts', 'wechat.mjs'),
  one('ml-global.ts', 'ML.im.js', { iife: true }),
]);

const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
execFileSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', join(dist, 'types')], {
  stdio: 'inherit',
});

// A declaration names its neighbours as they are published.
for (const name of readdirSync(join(dist, 'types'))) {
  const file = join(dist, 'types', name);
  writeFileSync(file, readFileSync(file, 'utf8').replace(/(['"]\.\/[\w-]+)\.ts(['"])/g, '$1.js$2'));
}
