import { openLocalPresence } from '../../src/realtime/presence-local.ts';
import { presenceContract } from './presence.suite.ts';

presenceContract('a single node', async () => {
  const presence = openLocalPresence();
  return { presence, app: 1, close: () => presence.close() };
});
