// Devices say what they are and speak; the outbox knows lanes, so that one slow push service holds up nobody else.
export const push: readonly string[] = [
  'alter table installs add column language text',
  'alter table installs add column app_version text',
  'create index installs_token on installs (app, token) where token is not null',

  'drop table outbox',
  // A job without a lane waits for its parts to be done; a part names its whole, the device it is for, and whose that is.
  `create table outbox (
    no integer primary key, app integer not null, kind text not null, lane text, body text, parent integer, device text, who text,
    cursor text, due_at integer not null, lease_by text, attempts integer not null default 0, created_at integer not null)`,
  'create index outbox_lane on outbox (lane, due_at, no) where lane is not null',
  'create unique index outbox_device on outbox (parent, device) where parent is not null',
  'create index outbox_app on outbox (app)',
];
