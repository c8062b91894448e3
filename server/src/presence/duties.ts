// Who does what one node does for all. A duty is its holder's while his lease holds: heartbeats renew both.
import type { Duties } from '../core/ports/duties.ts';
import type { Client } from './client.ts';
import type { Node } from './node.ts';

const living = 'n.taken_by is null and n.lease_until > now()';

export const dutiesOf = (client: Client, node: Node, mayTake: () => boolean): Duties => ({
  async mine(duty) {
    if (!mayTake()) return false;
    const me = node.name;
    try {
      const [held] = await client.all<{ node: string }>(
        `select d.node from presence_duties d join presence_nodes n on n.node = d.node where d.duty = $1 and ${living}`,
        [duty],
      );
      if (held) return held.node === me;
      const taken = await client.all(
        `insert into presence_duties (duty, node) select $1, n.node from presence_nodes n where n.node = $2 and ${living}
         on conflict (duty) do update set node = excluded.node
         where not exists (select 1 from presence_nodes n where n.node = presence_duties.node and ${living})
         returning node`,
        [duty, me],
      );
      return taken.length > 0;
    } catch {
      // The work itself needs the same database, and says what is wrong with it.
      return false;
    }
  },
});
