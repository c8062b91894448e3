// Conversations that were made as the one of their member set say so themselves: their claim may move on to another.
export const uniqueSets: readonly string[] = [
  'alter table conversations add column unique_set integer not null default 0',
  "update conversations set unique_set = 1 where kind = 'direct'",
];
