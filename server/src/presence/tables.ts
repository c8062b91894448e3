// What the nodes share about who is online. UNLOGGED: nothing of it is worth a write to the log, and after a crash of
// PostgreSQL the tables are there and empty; nodes notice by the epoch that is gone with them, and enter their sessions
// anew. The tables are no part of the store's migrations: they hold nothing that must be kept.
import type { Client } from './client.ts';

/** What every name begins with. A later form of the tables begins otherwise, so that nodes of two versions never share one. */
const statements = [
  // A node's sessions count until its lease ends. `parted`: it ended in order. `taken_by`: another node is taking them out.
  `create unlogged table if not exists presence_nodes (
     node text collate "C" primary key, lease_until timestamptz not null, parted boolean not null default false,
     taken_by text collate "C", taken_until timestamptz)`,
  // One row: its value is another one after a crash.
  'create unlogged table if not exists presence_epoch (no integer primary key, epoch text not null)',
  // One row for each principal who is online: what enter and leave lock.
  `create unlogged table if not exists presence_people (
     app bigint not null, who text collate "C" not null, to_all boolean not null, primary key (app, who))`,
  `create unlogged table if not exists presence_sessions (
     app bigint not null, who text collate "C" not null, session text collate "C" not null,
     node text collate "C" not null, primary key (app, who, session))`,
  'create index if not exists presence_sessions_node on presence_sessions (node, app, who)',
  `create unlogged table if not exists presence_rooms (
     app bigint not null, room bigint not null, session text collate "C" not null,
     who text collate "C" not null, node text collate "C" not null, primary key (app, room, session))`,
  'create index if not exists presence_rooms_session on presence_rooms (session)',
  'create unlogged table if not exists presence_duties (duty text collate "C" primary key, node text collate "C" not null)',
];

/** Several nodes may start at once: they take turns. */
export async function makeTables(client: Client): Promise<void> {
  const there = await client.all("select 1 where to_regclass('presence_duties') is not null");
  if (there.length > 0) return;
  await client.transaction(async (tx) => {
    await tx.all("select pg_advisory_xact_lock(hashtext('hongyan presence'))");
    for (const statement of statements) await tx.all(statement);
  });
}
