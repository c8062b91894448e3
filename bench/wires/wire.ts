// What the load knows of a protocol: how somebody comes in, says something, and what of that is heard.

export type Heard = {
  /** The server has taken the message that was said with this number. */
  acknowledged(number: number): void;
  refused(why: string): void;
  /** Somebody else's message came. */
  delivered(): void;
};

export type Client = {
  /** `to`: whoever or whatever the wire's `target` names; `number` is repeated by the acknowledgement. */
  say(to: string, number: number): void;
  /** What a client does now and then so that it is not taken for gone. */
  beat(): void;
  close(): void;
  readonly closed: boolean;
};

export type Place = {
  readonly port: number;
  /** Characters of a message's text. */
  readonly chars: number;
  /** What else the wire has to know: keys of an app, the kind of target. */
  readonly words: Readonly<Record<string, string>>;
};

/** Comes in as `who`; resolves when logged in. */
export type Wire = (place: Place, who: string, heard: Heard) => Promise<Client>;

/** A number that ends one byte before `end`, in decimal digits from `start` on. */
export function decimal(bytes: Buffer, start: number): number {
  let value = 0;
  for (let at = start; at < bytes.length; at += 1) {
    const digit = (bytes[at] as number) - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return value;
}
