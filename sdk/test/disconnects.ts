// `npm run disconnects -w sdk -- --times 1000 [--seed 7]`: the long form of disconnects.test.ts.
import { parseArgs } from 'node:util';
import { disconnect } from './kit/disconnects.ts';
import { openPlace } from './kit/place.ts';
import { openWeakNetwork } from './kit/weak-network.ts';

const { values } = parseArgs({
  options: { times: { type: 'string', default: '1000' }, seed: { type: 'string', default: String(Date.now() % 1e6) } },
});
const place = await openPlace();
const network = await openWeakNetwork(place.url);
process.stdout.write(`seed ${values.seed}\n`);
try {
  const report = await disconnect(place, network, Number(values.times), Number(values.seed));
  process.stdout.write(`${JSON.stringify(report)}\nevery message exactly once and in order, on both sides\n`);
} finally {
  await network.close();
  await place.close();
}
