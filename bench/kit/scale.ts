// How much is measured: all of it, or what shows a regression within two minutes.

export type Scale = {
  readonly pairs: number;
  readonly rounds: number;
  readonly warmMs: number;
  readonly windowMs: number;
  /** Servers of others take part, and the doors that are measured once in a while. */
  readonly peers: boolean;
  readonly sessions: number;
  /** After logins, before memory is looked at. */
  readonly settleMs: number;
  /** Stored messages, conversations and users of the history. */
  readonly messages: number;
  readonly conversations: number;
  readonly users: number;
  /** Requests for each kind of page; a fifth of it for what costs more. */
  readonly asks: number;
  /** A folder where the history is kept for the next run; undefined: made anew, and removed. */
  readonly data: string | undefined;
};

export const full: Omit<Scale, 'data'> = {
  pairs: 500,
  rounds: 5,
  warmMs: 500,
  windowMs: 1_500,
  peers: true,
  sessions: 10_000,
  settleMs: 15_000,
  messages: 10_000_000,
  conversations: 10_000,
  users: 1_000_000,
  asks: 1_500,
};

export const quick: Omit<Scale, 'data'> = {
  pairs: 200,
  rounds: 3,
  warmMs: 200,
  windowMs: 450,
  peers: false,
  sessions: 3_000,
  settleMs: 2_000,
  messages: 100_000,
  conversations: 1_000,
  users: 20_000,
  asks: 500,
};
