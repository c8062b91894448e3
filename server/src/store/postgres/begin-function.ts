const take = `
  foreach key in array shared loop
    perform pg_advisory_xact_lock_shared(key);
  end loop;`;
const takeAlone = `
  foreach key in array exclusive loop
    perform pg_advisory_xact_lock(key);
  end loop;
  return (extract(epoch from clock_timestamp()) * 1000)::bigint;`;

/**
 * The first statement of every write: takes its locks, in the order given, which is the same for everybody, and answers
 * the database's clock. What comes after it sees everything that those before it have committed.
 *
 * The second one is for changes of members: where the conversation is found by its members (a pair, a unique set), its
 * claim may move to another or end, and whoever looks for it by the claim has to wait: then the app is had alone.
 * Nothing but an import makes a conversation one of those later.
 */
export const beginFunctions: readonly string[] = [
  `create or replace function hongyan_begin(shared bigint[], exclusive bigint[]) returns bigint language plpgsql volatile as $$
declare
  key bigint;
begin ${take} ${takeAlone}
end $$`,
  `create or replace function hongyan_begin(shared bigint[], exclusive bigint[], app_key bigint, in_app bigint, conv bigint)
  returns bigint language plpgsql volatile as $$
declare
  key bigint;
begin ${take}
  if exists (select 1 from conversations c where c.app = in_app and c.no = conv and (c.kind = 'direct' or c.unique_set = 1)) then
    perform pg_advisory_xact_lock(app_key);
  else
    perform pg_advisory_xact_lock_shared(app_key);
  end if; ${takeAlone}
end $$`,
];
