// `npm run import:proof`: an app of the stated size is brought in over the wire and killed at random; then source and copy
// are compared. Ends with 1 when anything differs. A second, undisturbed import says how fast it goes.
import { parseArgs } from 'node:util';
import { type Run, runImport, sumsOf } from './runs.ts';
import { appId, openCopy, openSource, talk } from './source.ts';

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '2000' },
    conversations: { type: 'string', default: '5000' },
    messages: { type: 'string', default: '300000' },
    kills: { type: 'string', default: '20' },
  },
});
const size = {
  users: Number(values.users),
  conversations: Number(values.conversations),
  messages: Number(values.messages),
};
const killsWanted = Number(values.kills);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const round = (value: number): number => Math.round(value * 10) / 10;

const source = await openSource(size);
say(`source: ${size.users} users, ${size.conversations} conversations, ${size.messages} messages; ${process.version}`);
const service = ['--host', source.url, '--rate', '0'];
let failed = false;

function report(name: string, run: Run): Run {
  const { made, changed, same, lost } = sumsOf(run);
  say(
    `${name}: exit ${run.code}, ${round(run.seconds)} s, ${made} new, ${changed} changed, ${same} the same, ${lost} not taken, ${run.rssMb} MB`,
  );
  for (const [stage, counts] of Object.entries(
    (run.last.taken ?? {}) as Record<string, { made: number; seconds: number }>,
  ))
    if (counts.made > 0)
      say(`    ${stage}: ${counts.made} in ${round(counts.seconds)} s, ${Math.round(counts.made / counts.seconds)}/s`);
  if (run.code !== 0) {
    failed = true;
    say(run.output.slice(-2_000));
  }
  return run;
}

function verdict(name: string, run: Run): void {
  const { differing, compared, notTaken } = (run.last.verified ?? {}) as Record<string, unknown>;
  say(
    `${name}: exit ${run.code}, ${round(run.seconds)} s, differing ${differing}; ${JSON.stringify(compared)}; not taken ${JSON.stringify(notTaken)}`,
  );
  if (run.code !== 0) failed = true;
}

const copy = await openCopy();
const other = await openCopy();
try {
  say('— undisturbed');
  report('import', await runImport(['leancloud', appId, ...service], other));
  verdict('verify', await runImport(['verify', appId, ...service], other));
  await other.stop();

  say('— killed');
  let kills = 0;
  for (let n = 0; kills < killsWanted && n < killsWanted * 3; n++) {
    // Some at any moment, most amid the messages: there is most to lose.
    const amid = n % 4 === 0 ? undefined : 'messages';
    const killAfterMs = Math.round(100 + Math.random() * (amid ? 2_000 : 8_000));
    const run = await runImport(['leancloud', appId, ...service], { ...copy, killAfterMs, ...(amid ? { amid } : {}) });
    const stage = /"stage":"([^"]+)"(?!.*"stage")/s.exec(run.output)?.[1] ?? 'before the first';
    if (run.code === null) kills += 1;
    say(
      `    ${run.code === null ? `killed after ${killAfterMs} ms, in ${stage}` : `ended by itself with ${run.code}`}`,
    );
  }
  say(`killed ${kills} times`);
  report('then', await runImport(['leancloud', appId, ...service], copy));
  verdict('verify', await runImport(['verify', appId, ...service], copy));
  for (let n = 1; n < 40; n += 2) await talk(source.call, n * 3);
  report('a second run, after some talk', await runImport(['leancloud', appId, ...service], copy));
  verdict('verify', await runImport(['verify', appId, ...service], copy));
} finally {
  await other.close();
  await copy.close();
  await source.close();
}
say(failed ? 'FAILED' : 'Nothing is missing, nothing is there twice, nothing says anything else.');
process.exitCode = failed ? 1 : 0;
