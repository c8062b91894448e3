// Makes what the published package carries: dist/ with the compiled program (Node strips no types under node_modules) and
// the built demo page, and copies of the root's README and LICENSE. Plain JavaScript: packing runs on whatever Node npm runs on.
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packageDir = fileURLToPath(new URL('..', import.meta.url));
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

rmSync(join(packageDir, 'dist'), { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
  cwd: packageDir,
  stdio: ['ignore', 2, 2],
});
if (status !== 0) process.exit(status ?? 1);

const prepared = spawnSync(process.execPath, [join(packageDir, '../scripts/prepare.js')], { stdio: ['ignore', 2, 2] });
if (prepared.status !== 0) process.exit(prepared.status ?? 1);
cpSync(join(packageDir, '../web/dist'), join(packageDir, 'dist/web'), {
  recursive: true,
  filter: (path) => !path.endsWith('.built-from'),
});
for (const name of ['README.md', 'LICENSE']) copyFileSync(join(packageDir, '..', name), join(packageDir, name));
