// A log that says nothing, for parts that are tested without a server.
import type { Log } from '../../src/core/ports/log.ts';

const nothing = (): void => {};

export const quietLog: Log = { error: nothing, warn: nothing, info: nothing, debug: nothing, child: () => quietLog };
