// Since when the sessions of a user are worth nothing: what he shows from before lets him in no more.
export const sentAway: readonly string[] = ['alter table users add column sent_away_at integer not null default 0'];
