// Who is online, over all nodes. A session belongs to the node that entered it: that node alone lets it leave and attend.
import type { PrincipalKey } from '../ids.ts';

/** What a node's end, or its return, did to one principal. Told to exactly one node. */
export type Moved = {
  readonly app: number;
  readonly who: PrincipalKey;
  /** `gone`: these sessions ended with their node. `back`: they had been taken for ended, and were not. */
  readonly how: 'gone' | 'back';
  readonly sessions: readonly string[];
  /** It was the principal's last, or is his first again. */
  readonly turned: boolean;
  readonly toAll: boolean;
};

export type Left = {
  readonly last: boolean;
  /** Some session of the online period that ends now wanted everybody to be told. */
  readonly toAll: boolean;
  /** This node is stopping: the session counts for some seconds more, and whoever takes it out then tells of it. */
  readonly held?: boolean;
};

export interface Presence {
  /**
   * `first`: nobody of this principal was online before. Exact: no two concurrent calls both hear true.
   * `toAll`: this session wants everybody to be told of its coming and going, not friends alone.
   * Throws `unavailable` when too much waits.
   */
  enter(app: number, who: PrincipalKey, session: string, toAll: boolean): Promise<{ first: boolean }>;
  /** `last`: nobody of this principal is online any more. Leaving twice is `last: false`. */
  leave(app: number, who: PrincipalKey, session: string): Promise<Left>;
  /** Live sessions of a principal. */
  count(app: number, who: PrincipalKey): Promise<number>;
  /** Those of `who` that are online. */
  online(app: number, who: readonly PrincipalKey[]): Promise<Set<PrincipalKey>>;
  /** Principals of the app that are online. */
  countOnline(app: number): Promise<number>;
  /** The session takes part in a room for as long as it lives. False: it did already, or lives no more. */
  attend(app: number, room: number, session: string, who: PrincipalKey): Promise<boolean>;
  /** False: it did not take part. */
  unattend(app: number, room: number, session: string): Promise<boolean>;
  /** People whose sessions take part in a room: how many, and up to `limit` of them. */
  attendees(app: number, room: number, limit: number): Promise<{ total: number; who: PrincipalKey[] }>;
  /** Rooms that a session of this node takes part in; `leave` ends them. */
  attending(app: number, session: string): Promise<number[]>;
  /** Called once at start. */
  onMoved(listener: (moved: readonly Moved[]) => Promise<void>): void;
  /** This node is about to stop: its sessions are told to go elsewhere, and those who do shall not seem to have left. */
  retire(): void;
  close(): Promise<void>;
}
