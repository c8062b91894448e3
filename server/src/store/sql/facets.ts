// The search index of attributes: one row for each text that an attribute answers to (core/attributes.ts, facetsOf).
import { facetsOf } from '../../core/attributes.ts';
import type { ConversationKind } from '../../core/conversations/conversation.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Tx } from './db.ts';

export type FacetSubject = 'user' | 'group' | 'room';

/** Conversations that can be searched for by their attributes. */
export const subjectOf = (kind: ConversationKind): 'group' | 'room' | undefined =>
  kind === 'group' || kind === 'room' ? kind : undefined;

/** What is searched for in a conversation: its name, under `name`, together with its attributes. */
export const searchable = (name: string | null, attributes: JsonObject): JsonObject =>
  name === null ? attributes : { ...attributes, name };

/** Moves the index from one map to the other; an empty map stands for "not there". Only what differs is written. */
export async function moveFacets(
  tx: Tx,
  app: number,
  subject: FacetSubject,
  id: string,
  before: JsonObject,
  after: JsonObject,
): Promise<void> {
  const old = keyed(before);
  const next = keyed(after);
  for (const [key, facet] of old) {
    if (next.has(key)) continue;
    await tx.run(
      'delete from facets where app = ? and subject = ? and name = ? and value = ? and id = ?',
      app,
      subject,
      facet.name,
      facet.value,
      id,
    );
  }
  for (const [key, facet] of next) {
    if (old.has(key)) continue;
    await tx.run(
      'insert into facets (app, subject, name, value, id) values (?, ?, ?, ?, ?) on conflict do nothing',
      app,
      subject,
      facet.name,
      facet.value,
      id,
    );
  }
}

const keyed = (values: JsonObject) =>
  new Map(facetsOf(values).map((facet) => [JSON.stringify([facet.name, facet.value]), facet]));
