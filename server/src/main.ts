// Picks a command, nothing else.
import { runCommand } from './cli/commands.ts';
import { processIo } from './cli/io.ts';
import { environment } from './config.ts';

// Not left to an empty event loop: a library's timer must not keep a stopped server alive, and Node's own clearing up at a
// natural end has been seen to spin for ever.
process.exit(await runCommand(process.argv.slice(2), processIo(environment())));
