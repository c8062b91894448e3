// The bus's contract on a single node.
import { openLocalBus } from '../../src/bus/local.ts';
import { busContract } from './bus.suite.ts';

busContract('bus of a single node', async () => {
  const bus = openLocalBus();
  return { publisher: bus, listener: bus, close: () => bus.close() };
});
