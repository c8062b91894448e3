// The bus carries announcements between nodes, and on one node between those who cause and those who listen. It is a
// hint: at most once, in publishing order per publisher. The store is the truth; who missed something asks it.
import type { CoreEvent } from '../events.ts';
import type { PrincipalKey } from '../ids.ts';

export type Topic = string;

/** Direct talk, announcements, presence of friends, and what concerns one principal. */
export const userTopic = (app: number, who: PrincipalKey): Topic => `${app}/u/${who}`;
/** One group, room or service. */
export const conversationTopic = (app: number, no: number): Topic => `${app}/c/${no}`;
/** Everybody of the app who is online. */
export const appTopic = (app: number): Topic => `${app}/a`;

export type BusListener = (event: CoreEvent, topics: readonly Topic[]) => void;

/** Words that name what a node may remember (core/forgetting.ts). */
export type Note = readonly (string | number)[];

export interface Bus {
  /** Never delivers in the caller's own tick: the answer to the caller is queued first. Never throws. */
  publish(event: CoreEvent, topics: readonly Topic[]): void;
  /** Events whose topics somebody here wants. Called once at start. */
  onEvent(listener: BusListener): void;
  /** Interest, counted by the hub: a node hears a topic only while it wants it. Resolves when it is in force. */
  want(topic: Topic): Promise<void>;
  unwant(topic: Topic): void;
  /**
   * To every other node: what it remembers under these words is old. They hear it before anything that is published here
   * afterwards. Never throws.
   */
  tell(note: Note): void;
  /** Notes of other nodes. */
  onNote(listener: (note: Note) => void): void;
  /**
   * Announcements or notes may have been missed: nothing that is remembered can be relied on. `here`: by this node, whatever
   * they were; otherwise another node could not tell its own for a while.
   */
  onGap(listener: (where: 'here' | 'elsewhere') => void): void;
  /** `alone`: there are no other nodes. `opening`: they have not been reached since the start; `away`: they were. */
  state(): 'alone' | 'opening' | 'connected' | 'away';
  /** What was published is on its way when this resolves, or given up. */
  close(): Promise<void>;
}
