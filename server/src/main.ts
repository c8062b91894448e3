// Picks a command, nothing else.
import { runCommand } from './cli/commands.ts';
import { processIo } from './cli/io.ts';
import { environment } from './config.ts';

process.exitCode = await runCommand(process.argv.slice(2), processIo(environment()));
