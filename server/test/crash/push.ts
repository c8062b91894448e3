// `npm run crash:push -- --times 100`: kills a server that is pushing, so many times, and prints what each round counted;
// ends with 1 when a push that was owed never came.
import { parseArgs } from 'node:util';
import { type PushRound, pushRounds } from './push-rounds.ts';

const { values } = parseArgs({ options: { times: { type: 'string', default: '3' } } });
const times = Number(values.times);
if (!Number.isInteger(times) || times < 1 || times > 1_000) throw new Error('--times takes a number from 1 to 1000');

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const row = (...cells: (string | number)[]): void => say(cells.map((cell) => String(cell).padStart(14)).join(''));

row('round', 'killed at ms', 'acknowledged', 'owed', 'open at death', 'came twice', 'faults');
const rounds = await pushRounds(times, (round, number) => {
  const { killedAfterMs, acknowledged, owed, openAtDeath, doubled, faults } = round;
  row(number, killedAfterMs, acknowledged, owed, openAtDeath, doubled, faults.length);
  for (const fault of faults.slice(0, 10)) say(`    ${fault}`);
});
const sum = (pick: (round: PushRound) => number): number => rounds.reduce((total, one) => total + pick(one), 0);
const faults = sum((one) => one.faults.length);
row(
  'all',
  '',
  sum((one) => one.acknowledged),
  sum((one) => one.owed),
  sum((one) => one.openAtDeath),
  sum((one) => one.doubled),
  faults,
);
say(faults === 0 ? 'Every push that was owed has come.' : 'The server did not keep its word.');
process.exitCode = faults === 0 ? 0 : 1;
