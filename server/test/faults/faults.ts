// `npm run faults -- --minutes 10 [--seed 7]`: the long form of faults.test.ts. Needs the programs of PostgreSQL and NATS.
import { parseArgs } from 'node:util';
import { faults } from './run.ts';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string', default: String(Date.now() % 1e6) } },
});
const report = await faults({
  seconds: Math.min(60, Number(values.minutes)) * 60,
  seed: Number(values.seed),
  tell: (line) => process.stdout.write(`${line}\n`),
});
const { violations, ...figures } = report;
process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
for (const one of violations.slice(0, 50)) process.stdout.write(`WRONG: ${one}\n`);
process.stdout.write(
  violations.length === 0
    ? 'every acknowledged message is stored once, and everybody saw each message once and in order\n'
    : `${violations.length} violations\n`,
);
process.exit(violations.length === 0 ? 0 : 1);
