// How far an import has come, written with the rows that it stands for, and what it could not take.
export const imports: readonly string[] = [
  `create table imports (
    app integer not null, source text not null, what text not null, state text not null, updated_at integer not null,
    primary key (app, source, what)) without rowid`,
  `create table losses (
    app integer not null, source text not null, what text not null, id text not null, reason text not null, detail text,
    noted_at integer not null, primary key (app, source, what, id)) without rowid`,
];
