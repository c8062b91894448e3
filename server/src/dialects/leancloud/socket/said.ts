// What one event is to one listener of this door.
import { type Command, encodeCommand } from './frames.ts';
import { type Packet, packet } from './packets.ts';

/** Bits by which a session says what it understands. */
export const bits = {
  patches: 0x01,
  temporaries: 0x02,
  transientAcks: 0x08,
  partialResults: 0x20,
  groupReceipts: 0x40,
} as const;

/** Something that the store has to be asked about before the listener can be told. */
export type Look =
  | { readonly about: 'unread'; readonly cid: string }
  /** Somebody read up to `ts`, or received these of the listener's messages. */
  | { readonly about: 'read'; readonly cid: string; readonly by: string; readonly ts: number; readonly at: number }
  | {
      readonly about: 'delivered';
      readonly cid: string;
      readonly by: string;
      readonly ids: readonly string[];
      readonly at: number;
    };

export type Said = {
  readonly packets: readonly Packet[];
  /** Bits without which the session is not told. */
  readonly needs?: number;
  readonly look?: Look;
  /** Dropped when the listener's queue is fuller than this, 0 … 1. */
  readonly unlessFuller?: number;
  /** Told when this is done. */
  readonly after?: Promise<unknown>;
  /** Of a message: its place, by which it is recognised among what was caught up with. */
  readonly at?: { readonly conversation: number; readonly ts: number };
};

/** A packet that is built when the first listener needs it, and encoded once. */
export function once(make: () => Command): () => Packet {
  let built: Packet | undefined;
  return () => {
    built ??= packet({ service: 2, ...make() });
    return built;
  };
}

/** Bytes of the command as it stands: for tests and bounds. */
export const sizeOf = (command: Command): number => encodeCommand(command).length;
