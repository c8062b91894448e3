// The numbered migrations are written in SQLite's words; this is how PostgreSQL reads them.

/** `insert into counters … values ('messages', 0), …`: here each is a sequence, so that no row is everybody's. */
function sequences(statement: string): string[] {
  return [...statement.matchAll(/\('(\w+)', (\d+)\)/g)].map(
    ([, name, value]) => `create sequence no_${name} start with ${Number(value) + 1} cache 1`,
  );
}

/** One statement of a migration, as none or several. Texts in quotes are left alone. */
export function translate(statement: string): string[] {
  if (/^\s*create table counters\b/.test(statement)) return [];
  if (/^\s*insert into counters\b/.test(statement)) return sequences(statement);
  const parts = statement.split(/('(?:[^']|'')*')/);
  const translated = parts.map((part, n) => (n % 2 === 1 ? part : words(part)));
  return [translated.join('')];
}

const words = (sql: string): string =>
  sql
    .replace(/\binteger\b/g, 'bigint')
    // Order and equality of bytes, as in SQLite, whatever the database's language.
    .replace(/\btext\b/g, 'text collate "C"')
    .replace(/\s*\bwithout rowid\b/g, '');
