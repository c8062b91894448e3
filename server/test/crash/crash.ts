// `npm run crash -- --rounds 20`: prints what each round counted; ends with 1 when anything acknowledged is missing,
// doubled or out of order.
import { parseArgs } from 'node:util';
import { crashRounds } from './rounds.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1 || rounds > 1_000)
  throw new Error('--rounds takes a number from 1 to 1000');

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const column = (value: string | number): string => String(value).padStart(13);
const row = (...cells: (string | number)[]): void => say(cells.map(column).join(''));

row('round', 'killed at ms', 'sent', 'acknowledged', 'stored', 'faults');
const results = await crashRounds(rounds, (round, number) => {
  row(number, round.killedAfterMs, round.sent, round.acknowledged, round.stored, round.faults.length);
  for (const fault of round.faults.slice(0, 10)) say(`    ${fault}`);
});
const sum = (pick: (round: (typeof results)[number]) => number): number =>
  results.reduce((total, one) => total + pick(one), 0);
const faults = sum((round) => round.faults.length);
row(
  'all',
  '',
  sum((round) => round.sent),
  sum((round) => round.acknowledged),
  sum((round) => round.stored),
  faults,
);
say(faults === 0 ? 'Every acknowledged message is there once, in order.' : 'The server did not keep its word.');
process.exitCode = faults === 0 ? 0 : 1;
