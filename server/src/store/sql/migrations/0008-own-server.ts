// What an application's own server is still to be told of what clients said to services; what else an application keeps
// with a file and with a device.
export const ownServer: readonly string[] = [
  'alter table upstream add column told integer not null default 1',
  'create index upstream_untold on upstream (app, no) where told = 0',
  'alter table media add column attributes text',
  'alter table installs add column attributes text',
];
