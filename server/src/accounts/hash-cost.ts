// What a hash costs. Apart from the thread that hashes, whose libraries the server itself does not load.

/**
 * 12 MiB and three passes: about 5 ms of one core. As strong as 19 MiB and two (OWASP names both), in two thirds of the time
 * and half of the page faults, which threads of one process pay for together.
 */
export const cost = { memoryCost: 12_288, timeCost: 3, parallelism: 1 } as const;
