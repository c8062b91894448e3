// Every test, or the files that are named. Two files at a time at least: most tests wait for something, and Node's own
// choice on two cores is one at a time. Node 24 was seen to spin for ever in its clearing up at a natural end of a process,
// so each file's process is ended when its tests are.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { runNode24 } from '../server/bin/node24.js';

const given = process.argv.slice(2);
const files =
  given.length > 0 ? given : ['server/src/**/*.test.ts', 'server/test/**/*.test.ts', 'sdk/test/**/*.test.ts'];
process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const atOnce = Math.max(2, availableParallelism() - 1);
runNode24(['--test', '--test-force-exit', `--test-concurrency=${atOnce}`, ...files]);
