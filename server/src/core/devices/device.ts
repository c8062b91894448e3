// What is remembered of a device between its sessions, so that it outlives a lost connection, a restart and a change of
// node: which tag it holds, and which room it sat in.
import type { PrincipalKey } from '../ids.ts';

export interface DeviceReads {
  /** The device that took the tag last and has not given it back. */
  tagHolder(app: number, who: PrincipalKey, tag: string): Promise<string | undefined>;
  /**
   * The room that the device sits in: its session was lost at `lostSince` or later, or is not known to have ended and took
   * its seat at `seatedSince` or later. Unix milliseconds.
   */
  seat(
    app: number,
    who: PrincipalKey,
    device: string,
    since: { readonly lostSince: number; readonly seatedSince: number },
  ): Promise<number | undefined>;
}

export interface DeviceWrites {
  /** Whoever held it holds it no more. */
  takeTag(app: number, who: PrincipalKey, tag: string, device: string, now: number): Promise<void>;
  /** Nothing happens where another device has taken it. */
  giveTag(app: number, who: PrincipalKey, tag: string, device: string): Promise<void>;
  /** A device sits in one room. */
  takeSeat(app: number, who: PrincipalKey, device: string, room: number, now: number): Promise<void>;
  /** By its own will. */
  leaveSeat(app: number, who: PrincipalKey, device: string): Promise<void>;
  /** Its connection was lost; it keeps the seat for a while. */
  loseSeat(app: number, who: PrincipalKey, device: string, now: number): Promise<void>;
  /** Removes up to `rows` seats of any app that were taken or lost before `before`. */
  expireSeats(before: number, rows: number): Promise<{ done: boolean; removed: number }>;
}
