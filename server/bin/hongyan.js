#!/usr/bin/env node
// The `hongyan` command: the compiled program when there is one (the published package), else the sources.
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import { isNewEnough, runNode24 } from './node24.js';

const source = new URL('../src/main.ts', import.meta.url);
const program = existsSync(source) ? source : new URL('../dist/main.js', import.meta.url);
if (isNewEnough) {
  // Stripping types and compiling is half of a start: what was compiled is kept for the next one, beside the program and so
  // in nobody else's reach (a folder for temporary files would not be). Where it cannot be written, Node does without it.
  const { directory } = module.enableCompileCache(
    fileURLToPath(new URL('../node_modules/.cache/compiled/', import.meta.url)),
  );
  // Threads, that of the store's writer above all, know of it by this only.
  if (directory) process.env.NODE_COMPILE_CACHE ??= directory;
  await import(program.href);
} else {
  runNode24(['--disable-warning=ExperimentalWarning', fileURLToPath(import.meta.url), ...process.argv.slice(2)]);
}
