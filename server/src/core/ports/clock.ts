// Time is a port, so that nothing has to sleep to test a window or an age.
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
