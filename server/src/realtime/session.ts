// One logged-in live connection, whatever door it came through.
import { randomUUID } from 'node:crypto';
import type { CoreEvent, SessionEndedEvent } from '../core/events.ts';
import type { PrincipalKey } from '../core/ids.ts';
import { limits } from '../core/limits.ts';
import type { DoorName } from '../core/messages/message.ts';
import type { Topic } from '../core/ports/bus.ts';

/** Whom a packet is for. */
export type Listener = {
  readonly id: string;
  readonly who: PrincipalKey;
  /** It asked for what its door says beyond the vendor's protocol; nobody else hears of that. */
  readonly ext: boolean;
};

/** How a door puts an event on its wire. */
export interface Door<Packet> {
  readonly name: DoorName;
  /**
   * Called once per event, however many listen. The answer picks the packet for one listener (undefined: that one is
   * not told); packets are built at most once each. undefined: the door has no word for this event.
   */
  prepare(event: CoreEvent): ((listener: Listener) => Packet | undefined) | undefined;
}

/** A session as the hub and the fan-out see it: its door alone knows what its packets are. */
export interface AnySession extends Listener {
  readonly app: number;
  readonly topics: Set<Topic>;
  readonly door: Door<unknown>;
  /** What its device calls itself, where its door knows such a thing: one device at a time is logged in by a tag. */
  readonly tagged?: { readonly tag: string; readonly device: string };
  send(packet: unknown): void;
  /** `reason`: what the application says of it. */
  end(why: SessionEndReason, reason?: string): void;
}

export type SessionEndReason = SessionEndedEvent['why'] | 'slow';

type State<Packet> =
  | { readonly phase: 'opening'; readonly held: Packet[] }
  | { readonly phase: 'open' }
  | { readonly phase: 'closed' };

/** One for all sessions: it is looked at for every packet of every listener. */
const opened = { phase: 'open' } as const;
const ended = { phase: 'closed' } as const;

/** Where packets are queued. */
export interface Sink<Packet> {
  send(packet: Packet): void;
}

export class Session<Packet> implements AnySession {
  readonly id = randomUUID();
  readonly topics = new Set<Topic>();
  readonly app: number;
  readonly who: PrincipalKey;
  readonly door: Door<Packet>;
  readonly ext: boolean;
  readonly tagged: AnySession['tagged'];
  readonly #to: Sink<Packet>;
  readonly #end: (why: SessionEndReason, reason?: string) => void;
  #state: State<Packet> = { phase: 'opening', held: [] };

  constructor(options: {
    app: number;
    who: PrincipalKey;
    door: Door<Packet>;
    ext?: boolean;
    tagged?: AnySession['tagged'];
    /** Its connection. */
    to: Sink<Packet>;
    /** Ends the connection in the door's own way. */
    end: (why: SessionEndReason, reason?: string) => void;
  }) {
    this.app = options.app;
    this.who = options.who;
    this.door = options.door;
    this.ext = options.ext ?? false;
    this.tagged = options.tagged;
    this.#to = options.to;
    this.#end = options.end;
  }

  /** While the session is opening events are held back, so that the door's greeting comes first and nothing is missed. */
  send(packet: Packet): void {
    const state = this.#state;
    switch (state.phase) {
      case 'open':
        this.#to.send(packet);
        break;
      case 'opening':
        if (state.held.length < limits.heldEventsMax) state.held.push(packet);
        else this.end('slow');
        break;
      case 'closed':
        break;
      default:
        state satisfies never;
    }
  }

  /** The greeting is queued: what was held follows it. */
  open(): void {
    if (this.#state.phase !== 'opening') return;
    const { held } = this.#state;
    this.#state = opened;
    for (const packet of held) this.#to.send(packet);
  }

  end(why: SessionEndReason, reason?: string): void {
    if (this.#state.phase === 'closed') return;
    this.#state = ended;
    this.#end(why, reason);
  }

  /** The connection is gone already; nothing more is written. */
  closed(): void {
    this.#state = ended;
  }
}
