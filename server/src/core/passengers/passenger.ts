// A passenger is a temporary identity with attributes: it talks with users, and is nobody's friend or member.
import type { JsonObject } from '../json.ts';

export type Passenger = { readonly id: string; readonly attributes: JsonObject; readonly createdAt: number };

export interface PassengerReads {
  byId(app: number, id: string): Promise<Passenger | undefined>;
}

export interface PassengerWrites {
  /** Creates the passenger, or merges the attributes when the id exists. Throws `too-long`. */
  put(app: number, id: string, attributes: JsonObject, now: number): Promise<void>;
}
