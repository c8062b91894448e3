import assert from 'node:assert/strict';
import { test } from 'node:test';
import { translate } from './translate.ts';

test('[CORE-300] a migration is read in PostgreSQL’s words: types, collation, tables without a rowid, counters', () => {
  assert.deepEqual(
    translate("create table t (no integer primary key, a text not null default 'text, integer', b text) without rowid"),
    [`create table t (no bigint primary key, a text collate "C" not null default 'text, integer', b text collate "C")`],
  );
  assert.deepEqual(
    translate('create table counters (name text primary key, value integer not null) without rowid'),
    [],
  );
  assert.deepEqual(translate("insert into counters (name, value) values ('apps', 0), ('conversations', 10000000)"), [
    'create sequence no_apps start with 1 cache 1',
    'create sequence no_conversations start with 10000001 cache 1',
  ]);
  assert.deepEqual(translate("update t set a = 'it''s text' where b is null"), [
    "update t set a = 'it''s text' where b is null",
  ]);
});
