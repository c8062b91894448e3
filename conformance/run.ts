// Runs every conformance test and fails when one of them does. Words after the command narrow it down to the test files
// whose path contains one of them: `node server/bin/node24.js conformance/run.ts socket-io`.
import { globSync } from 'node:fs';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const wanted = process.argv.slice(2);
const files = globSync('**/*.test.ts', { cwd: import.meta.dirname, exclude: ['**/node_modules/**'] })
  .filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)))
  .sort()
  .map((file) => `${import.meta.dirname}/${file}`);

if (files.length === 0) {
  process.stderr.write('no conformance test has such a name\n');
  process.exitCode = 1;
} else {
  // One file at a time: the suites start servers and kill them, and small machines would make them wait for each other.
  run({ files, concurrency: 1, forceExit: true })
    .on('test:fail', () => {
      process.exitCode = 1;
    })
    .compose(new spec())
    .pipe(process.stdout);
}
