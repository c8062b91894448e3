// What accounts need beyond their names: who proved what, codes to phones, and the memory of failed attempts.
export const accounts: readonly string[] = [
  "alter table accounts add column attributes text not null default '{}'",
  'alter table accounts add column phone_verified integer not null default 0',
  'alter table accounts add column email_verified integer not null default 0',
  'alter table accounts add column login_at integer',
  'drop index accounts_email',
  'create unique index accounts_email on accounts (app, email) where email is not null',
  'drop index accounts_user',
  'create unique index accounts_user on accounts (app, user_id)',
  'create index accounts_created on accounts (app, created_at, id)',

  "alter table tokens add column kind text not null default 'session'",
  'alter table tokens add column n integer not null default 0',
  'create index tokens_expiry on tokens (expires_at) where expires_at is not null',

  `create table codes (
    app integer not null, purpose text not null, phone text not null, digest text not null, tries integer not null default 0,
    expires_at integer not null, primary key (app, purpose, phone)) without rowid`,
  'create index codes_expiry on codes (expires_at)',
  // How often something happened of late, and until when it may not happen again.
  `create table throttles (
    app integer not null, key text not null, count integer not null, until integer not null, expires_at integer not null,
    primary key (app, key)) without rowid`,
  'create index throttles_expiry on throttles (expires_at)',
  'create table used (app integer not null, digest text not null, expires_at integer not null, primary key (app, digest)) without rowid',
  'create index used_expiry on used (expires_at)',
];
