// What is remembered of devices between their sessions (the tag that one holds, the room that one sat in), and of each
// person up to when the services' words to everybody have reached him.
export const devices: readonly string[] = [
  `create table device_tags (app integer not null, who text not null, tag text not null, device text not null, at integer not null,
    primary key (app, who, tag)) without rowid`,
  `create table device_rooms (app integer not null, who text not null, device text not null, room integer not null,
    at integer not null, lost integer not null, primary key (app, who, device)) without rowid`,
  'create index device_rooms_by_age on device_rooms (at)',
  `create table broadcast_marks (app integer not null, who text not null, ts integer not null,
    primary key (app, who)) without rowid`,
];
