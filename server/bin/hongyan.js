#!/usr/bin/env node
// The `hongyan` command: the compiled program when there is one (the published package), else the sources.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isNewEnough, runNode24 } from './node24.js';

const source = new URL('../src/main.ts', import.meta.url);
const program = existsSync(source) ? source : new URL('../dist/main.js', import.meta.url);
if (isNewEnough) await import(program.href);
else runNode24(['--disable-warning=ExperimentalWarning', fileURLToPath(program), ...process.argv.slice(2)]);
