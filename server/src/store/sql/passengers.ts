// Passengers: temporary identities in a name space of their own.
import { applyAttributes, assertAttributes } from '../../core/attributes.ts';
import type { JsonObject } from '../../core/json.ts';
import type { PassengerReads, PassengerWrites } from '../../core/passengers/passenger.ts';
import type { SliceReads, SliceWrites } from './slice.ts';

type PassengerRow = { id: string; attributes: string; created_at: number };

export const passengerReads: SliceReads<PassengerReads> = {
  async byId(db, app, id) {
    const row = await db.one<PassengerRow>(
      'select id, attributes, created_at from passengers where app = ? and id = ?',
      app,
      id,
    );
    return row && { id: row.id, attributes: JSON.parse(row.attributes) as JsonObject, createdAt: row.created_at };
  },
};

export const passengerWrites: SliceWrites<PassengerWrites> = {
  async put(tx, app, id, attributes, now) {
    assertAttributes(attributes);
    const fresh = await tx.run(
      'insert into passengers (app, id, attributes, created_at) values (?, ?, ?, ?) on conflict do nothing',
      app,
      id,
      JSON.stringify(attributes),
      now,
    );
    if (fresh > 0 || Object.keys(attributes).length === 0) return;
    const row = await tx.one<{ attributes: string }>(
      'select attributes from passengers where app = ? and id = ?',
      app,
      id,
    );
    const after = applyAttributes(JSON.parse(row?.attributes ?? '{}') as JsonObject, {
      mode: 'merge',
      values: attributes,
    });
    await tx.run('update passengers set attributes = ? where app = ? and id = ?', JSON.stringify(after), app, id);
  },
};
