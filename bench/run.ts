// Load scenarios, each compared within one run. docs/performance.md says how to read them.
//
//   npm run bench [-- <scenario>… | quick] [--data <folder>] [--rounds <n>] [--json]

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openPage, type Page } from './kit/page.ts';
import { full, quick, type Scale } from './kit/scale.ts';
import { direct } from './scenarios/direct.ts';
import { fanout } from './scenarios/fanout.ts';
import { growth } from './scenarios/growth.ts';
import { history } from './scenarios/history.ts';
import { idle } from './scenarios/idle.ts';
import { nodes } from './scenarios/nodes.ts';
import { rest } from './scenarios/rest.ts';

const scenarios: Record<string, (page: Page, scale: Scale) => Promise<void>> = {
  direct,
  fanout,
  idle,
  history,
  rest,
  nodes,
  growth,
};
/** A regression shows in these; the others take their time. */
const quickNames = ['direct', 'fanout', 'idle', 'history'];

const method = `How it was measured. Servers run as processes of their own, each on a fresh folder; the load is another process: bare TCP
connections, every client frame masked with four random bytes. Figures are per CPU-second of the server: user and system time
of all its threads, and of everything it started (a database's too), from /proc. The servers of a table take turns in one
run; a figure is the median over the rounds, its spread from the least to the most, and the quotient of two servers is taken
round by round. "load" is what the load process took of one core: near 1 it, and not the server, was the limit of what came
per second. Texts have 200 bytes. Everything stays on this machine's loopback. Absolute figures are this machine's alone:
compare within a table.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string' }, rounds: { type: 'string' }, json: { type: 'boolean' } },
});
if (process.platform !== 'linux') throw new Error('CPU is read from /proc: this benchmark runs on Linux only');
const isQuick = positionals.includes('quick');
const wanted = positionals.filter((name) => name !== 'quick');
for (const name of wanted)
  if (!Object.hasOwn(scenarios, name)) throw new Error(`${name}: ${Object.keys(scenarios).join(', ')}, quick`);
const scale: Scale = { ...(isQuick ? quick : full), data: values.data };
const rounds = values.rounds === undefined ? scale.rounds : Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1 || rounds > 50) throw new Error('--rounds takes a number from 1 to 50');
install();
const page = openPage(isQuick || values.json === true);
page.say(`# Hongyan's benchmark\n\n${method}`);
page.say(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${new Date().toISOString().slice(0, 10)}, ${rounds} rounds.`,
);
for (const name of wanted.length > 0 ? wanted : isQuick ? quickNames : Object.keys(scenarios)) {
  const started = performance.now();
  try {
    await scenarios[name]?.(page, { ...scale, rounds });
  } catch (error) {
    // What was measured before is worth its page.
    process.exitCode = 1;
    process.stderr.write(`${name} was broken off: ${(error as Error).message}\n`);
  }
  process.stderr.write(`${name}: ${((performance.now() - started) / 1_000).toFixed(0)} s\n`);
}
if (isQuick || values.json) process.stdout.write(`${JSON.stringify(Object.fromEntries(page.notes), null, 2)}\n`);

/** The bench's own packages, when they are missing. */
function install(): void {
  const here = fileURLToPath(new URL('./', import.meta.url));
  if (existsSync(`${here}node_modules/socket.io`)) return;
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: here,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) process.stderr.write('bench: its packages could not be installed; socket.io is left out\n');
}
