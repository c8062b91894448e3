// A slice of the port as functions over an engine: every call takes the database, or the write in progress, first.
import type { Db, Tx } from './db.ts';

type Over<D, Slice> = {
  readonly [M in keyof Slice]: Slice[M] extends (...args: infer A) => infer R ? (db: D, ...args: A) => R : never;
};
export type SliceReads<Slice> = Over<Db, Slice>;
export type SliceWrites<Slice> = Over<Tx, Slice>;
