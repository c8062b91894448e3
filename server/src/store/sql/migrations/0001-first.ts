// Everything the three doors need to remember. Small rows that are found by their key live in tables without a rowid;
// what may be long (attributes, contents) has a rowid, so that indexes stay short.
export const tables = [
  'create table counters (name text primary key, value integer not null) without rowid',
  `insert into counters (name, value) values ('apps', 0), ('conversations', 10000000), ('messages', 0), ('order', 0)`,

  `create table apps (
    no integer primary key, id text not null, name text not null, client_key text not null, master_key text not null,
    extra_keys text not null, id_key text not null, hook_key text, overrides text not null,
    created_at integer not null, updated_at integer not null, deleted_at integer)`,
  'create unique index apps_id on apps (id) where deleted_at is null',

  `create table users (
    app integer not null, id text not null, attributes text not null default '{}', profile text not null default '{}',
    kind_no integer, admin integer not null default 0, disabled integer not null default 0, registered integer not null default 1,
    created_at integer not null, profile_at integer not null, seen_at integer not null, primary key (app, id))`,
  'create index users_seen on users (app, seen_at, id)',
  'create index users_created on users (app, created_at, id)',

  `create table accounts (
    app integer not null, id text not null, user_id text not null, username text, password text, phone text, email text,
    kicks integer not null default 0, created_at integer not null, updated_at integer not null, primary key (app, id))`,
  'create unique index accounts_username on accounts (app, username) where username is not null',
  'create unique index accounts_phone on accounts (app, phone) where phone is not null',
  'create index accounts_email on accounts (app, email) where email is not null',
  'create index accounts_user on accounts (app, user_id)',
  `create table providers (
    app integer not null, provider text not null, subject text not null, account text not null, data text,
    primary key (app, provider, subject)) without rowid`,
  'create index providers_account on providers (app, account)',
  `create table tokens (
    app integer not null, token text not null, account text not null, created_at integer not null, expires_at integer,
    primary key (app, token)) without rowid`,
  'create index tokens_account on tokens (app, account)',

  `create table installs (
    app integer not null, id text not null, user_id text not null, platform text, token text, logged_out integer not null default 0,
    bound_at integer not null, n integer not null, primary key (app, id)) without rowid`,
  'create index installs_user on installs (app, user_id, n)',

  `create table passengers (
    app integer not null, id text not null, attributes text not null, created_at integer not null, primary key (app, id))`,

  `create table friends (
    app integer not null, who text not null, other text not null, id text not null, from_user text not null, note text,
    since integer not null, n integer not null, primary key (app, who, other)) without rowid`,
  'create index friends_order on friends (app, who, n)',
  `create table strangers (
    app integer not null, who text not null, other text not null, conv integer not null, first_by text not null,
    since integer not null, primary key (app, who, other)) without rowid`,
  'create index strangers_since on strangers (app, who, since desc, other)',

  `create table facets (
    app integer not null, subject text not null, name text not null, value text not null, id text not null,
    primary key (app, subject, name, value, id)) without rowid`,
];

export const talk = [
  `create table conversations (
    no integer primary key, app integer not null, id text not null, kind text not null, name text, description text, avatar text,
    open integer not null default 0, attributes text not null default '{}', columns text not null default '{}',
    creator text, owner text, member_max integer, keeps integer not null default 1, pair_talk integer not null default 0,
    created_at integer not null, updated_at integer not null, info_at integer not null, expires_at integer, deleted_at integer)`,
  'create unique index conversations_id on conversations (app, id)',
  'create index conversations_created on conversations (app, kind, created_at, id) where deleted_at is null',
  'create index conversations_expiry on conversations (expires_at) where expires_at is not null and deleted_at is null',
  // What every message moves, apart from what a conversation is: a few bytes a row, so a commit touches few pages.
  `create table heads (
    no integer primary key, app integer not null, ts integer not null default 0, prev_ts integer not null default 0,
    last_ts integer not null default 0, members integer not null default 0, cleared_ts integer not null default 0)`,
  'create index heads_app on heads (app)',
  `create table claims (
    app integer not null, claim text not null, conv integer not null, primary key (app, claim)) without rowid`,
  'create index claims_conv on claims (app, conv)',
  `create table erasures (
    app integer not null, conv integer not null, due_at integer not null, primary key (app, conv)) without rowid`,
  'create index erasures_due on erasures (due_at, app, conv)',

  `create table members (
    app integer not null, conv integer not null, who text not null, kind text not null, role text not null,
    listed integer not null, shield integer not null default 0, joined_at integer not null, since integer not null,
    n integer not null, primary key (app, conv, who)) without rowid`,
  'create index members_order on members (app, conv, n)',
  'create index members_who on members (app, who, kind, n)',
  `create table cards (
    app integer not null, conv integer not null, who text not null, attributes text not null, primary key (app, conv, who))`,
  `create table silences (
    app integer not null, conv integer not null, who text not null, until integer, sticky integer not null default 0,
    by_key text, since integer not null, primary key (app, conv, who)) without rowid`,
  `create table blocks (
    app integer not null, by_key text not null, target text not null, since integer not null,
    primary key (app, by_key, target)) without rowid`,
  'create index blocks_target on blocks (app, target)',
  `create table quiets (
    app integer not null, who text not null, target text not null, since integer not null,
    primary key (app, who, target)) without rowid`,
  'create index quiets_target on quiets (app, target)',
  `create table hides (
    app integer not null, conv integer not null, who text not null, ts integer not null,
    primary key (app, conv, who, ts)) without rowid`,
  `create table marks (
    app integer not null, who text not null, conv integer not null, read_ts integer not null default 0,
    read_at integer not null default 0, delivered_ts integer not null default 0, delivered_at integer not null default 0,
    hidden_ts integer not null default 0, moved_at integer not null default 0, primary key (app, who, conv)) without rowid`,
  'create index marks_conv on marks (app, conv)',

  `create table messages (
    no integer primary key, app integer not null, conv integer not null, ts integer not null, sub integer not null default 0,
    sender text not null, sender_kind text not null, kind text not null, content text not null, original text,
    flags integer not null default 0, mentions text, push text, ref text, digest text, edited_ts integer,
    delivered_at integer, foreign_id text)`,
  'create unique index messages_place on messages (app, conv, ts, sub)',
  'create unique index messages_ref on messages (app, conv, sender, ref) where ref is not null',
  'create index messages_age on messages (app, ts)',
  'create index messages_edited on messages (app, conv, edited_ts) where edited_ts is not null',
  'create unique index messages_foreign on messages (app, conv, foreign_id) where foreign_id is not null',
];

export const rest = [
  `create table notices (
    app integer not null, topic text not null, ts integer not null, n integer not null, kind text not null, body text not null,
    primary key (app, topic, ts, n))`,
  'create index notices_age on notices (app, ts)',
  `create table outbox (
    no integer primary key, app integer not null, kind text not null, body text not null, due_at integer not null,
    lease_by text, lease_until integer, attempts integer not null default 0, created_at integer not null)`,
  'create index outbox_due on outbox (due_at, no)',
  'create index outbox_app on outbox (app)',
  `create table broadcasts (
    no integer primary key, app integer not null, conv integer not null, sender text not null, content text not null,
    original text, push text, created_at integer not null, valid_until integer)`,
  'create index broadcasts_conv on broadcasts (app, conv, created_at)',
  `create table upstream (
    no integer primary key, app integer not null, conv integer not null, who text not null, content text not null,
    original text, created_at integer not null)`,
  'create index upstream_conv on upstream (app, conv, created_at)',
  `create table words (
    app integer not null, word text not null, n integer not null, created_at integer not null,
    primary key (app, word)) without rowid`,
  `create table media (
    path text primary key, app integer not null, type text not null, bytes integer not null, name text not null,
    width integer, height integer, thumb text, crc32 integer, created_at integer not null) without rowid`,
  'create index media_age on media (app, created_at, path)',
];

export const first: readonly string[] = [...tables, ...talk, ...rest];
