#!/usr/bin/env node
// Runs Node 24 with the given arguments: this Node itself when it is new enough, else the official binary that an
// optional dependency brought along. Plain JavaScript in old syntax, because an old Node has to be able to read it.
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const MAJOR_NEEDED = 24;

/** True when the Node that runs this file is new enough. */
export const isNewEnough = Number(process.versions.node.split('.')[0]) >= MAJOR_NEEDED;

/** Path of a Node that is new enough, or null when none is installed for this platform. */
export function node24Path() {
  if (isNewEnough) return process.execPath;
  const names = [
    `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
    `node-bin-${process.platform}-${process.arch}`,
  ];
  const require = createRequire(import.meta.url);
  for (const name of names) {
    for (const file of [`${name}/bin/node`, `${name}/bin/node.exe`]) {
      try {
        return require.resolve(file);
      } catch {
        // The next candidate; the last failure is told by the caller.
      }
    }
  }
  return null;
}

/** Runs Node 24 with `args` in a child, hands signals on to it, and ends as it ended. */
export function runNode24(args) {
  const node = node24Path();
  if (node === null) {
    process.stderr.write(
      `hongyan needs Node >= ${MAJOR_NEEDED}; this is ${process.version}, and no binary for ${process.platform}-${process.arch} was installed along with it.\n` +
        `Install Node ${MAJOR_NEEDED} or newer from https://nodejs.org and start again.\n`,
    );
    process.exit(1);
  }
  const child = spawn(node, args, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`could not run ${node}: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  runNode24(process.argv.slice(2));
}
