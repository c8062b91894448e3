// Users of other apps, and conversations that are shown in several apps.
export const guests: readonly string[] = [
  // Number of the app that a guest belongs to; null: a user of this app.
  'alter table users add column home integer',
  'create index users_home on users (home, id) where home is not null',
  // `settled`: when its home had changed last as far as the twin knows (info_at).
  `create table twins (
    app integer not null, conv integer not null, home integer not null, home_conv integer not null,
    settled integer not null default 0, primary key (app, conv)) without rowid`,
  'create unique index twins_home on twins (home, home_conv, app)',
];
