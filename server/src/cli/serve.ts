import { constants } from 'node:os';
import { type Config, readConfig } from '../config.ts';
import { type RunningServer, startServer } from '../server.ts';
import { greeting } from './greeting.ts';
import { type Io, OperatorError } from './io.ts';
import { readOptions, words } from './options.ts';

/** What is not closed by then is abandoned, and the exit code says so. */
const stopMsMax = 9_000;

/** Serves until a signal comes. */
export async function serve(args: readonly string[], io: Io): Promise<number> {
  words(readOptions(args, {}).positionals);
  const config = readConfig(io.env);
  const asked = stopSignal();
  const server = await startServer(config).catch((error: unknown) => {
    throw startProblem(error, config);
  });
  for (const line of await greeting(server, config, io)) io.out(line);
  await asked;
  return stopWithin(server, io);
}

/** Listens for the whole life of the process: a second signal, as a terminal sends to a whole group, changes nothing. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
}

async function stopWithin(server: RunningServer, io: Io): Promise<number> {
  const deadline = setTimeout(() => {
    io.err(`hongyan serve: not everything was closed within ${stopMsMax / 1000} s`);
    process.exit(1);
  }, stopMsMax);
  await server.stop();
  clearTimeout(deadline);
  return 0;
}

function startProblem(error: unknown, config: Config): unknown {
  const { code, message, path } = error as NodeJS.ErrnoException;
  const at = `${config.host}:${config.port}`;
  if (code === 'EADDRINUSE') return new OperatorError(`${at} is in use: stop what listens there, or set HONGYAN_PORT`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new OperatorError(`this machine has no address ${config.host}: set HONGYAN_HOST`);
  if (code === 'EACCES' && path === undefined)
    return new OperatorError(`listening on ${at} is not allowed: choose a HONGYAN_PORT above 1023`);
  if (code !== undefined && Object.hasOwn(constants.errno, code)) return new OperatorError(message);
  if (code?.startsWith('ERR_OSSL') || message.startsWith('another server')) return new OperatorError(message);
  return error;
}
