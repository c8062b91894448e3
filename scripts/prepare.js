// Builds what browsers need, the SDK and then the page on it, when it is missing or older than its sources. Plain
// JavaScript, for npm runs it on whatever Node there is; with nothing to do it is over in milliseconds.
//   node scripts/prepare.js            builds what is missing or stale (npm's `prepare`)
//   node scripts/prepare.js --missing  builds only what is missing (before `npm start`)
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const inRoot = (...names) => join(root, ...names);
const onlyMissing = process.argv.includes('--missing');

const parts = [
  {
    dir: 'sdk',
    made: 'dist/hongyan.mjs',
    sources: ['sdk'],
    tool: 'esbuild',
    build: () => [inRoot('sdk/scripts/build.js')],
  },
  {
    dir: 'web',
    made: 'dist/index.html',
    sources: ['sdk', 'web'],
    tool: 'vite',
    build: () => [
      join(dirname(createRequire(inRoot('web/package.json')).resolve('vite/package.json')), 'bin/vite.js'),
      'build',
    ],
  },
];

/** Tests and prose change nothing that is built. */
const skipped = /^(node_modules|dist|test|.*\.md)$/;

function filesBelow(dir) {
  return readdirSync(dir, { withFileTypes: true })
    .filter(({ name }) => !skipped.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(dir, entry.name)) : [join(dir, entry.name)]));
}

/** One line for everything that is built from these folders. */
function fingerprint(dirs) {
  const hash = createHash('sha256');
  for (const path of dirs.flatMap((dir) => filesBelow(inRoot(dir)))) {
    hash.update(`${path.slice(root.length)}\n`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

const hasTool = (dir, tool) => {
  try {
    createRequire(inRoot(dir, 'package.json')).resolve(`${tool}/package.json`);
    return true;
  } catch {
    return false;
  }
};

for (const { dir, made, sources, tool, build } of parts) {
  const stamp = inRoot(dir, 'dist/.built-from');
  const isMade = existsSync(inRoot(dir, made));
  if (isMade && onlyMissing) continue;
  const now = fingerprint(sources);
  if (isMade && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) continue;
  if (!hasTool(dir, tool)) {
    // An installation without development packages serves the API; the page is then a plain one.
    console.error(`${dir}/ is not built: ${tool} is not installed`);
    continue;
  }
  const { status } = spawnSync(process.execPath, build(), { cwd: inRoot(dir), stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) {
    console.error(`${dir}/ could not be built`);
    process.exit(status ?? 1);
  }
  writeFileSync(stamp, now);
}
