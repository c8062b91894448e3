// What is there at once where it is remembered. A promise costs more than most of what is asked for on the way of a
// message, so nobody waits a turn for what is known.
export type Soon<T> = T | Promise<T>;

/** `next` of the value: now, or when it is there. */
export const soon = <T, R>(value: Soon<T>, next: (value: T) => Soon<R>): Soon<R> =>
  value instanceof Promise ? value.then(next) : next(value);
