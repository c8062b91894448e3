// JSON lines on stderr, a child per area: `log.child({ area: 'http' })`. Standard output stays free for people.
import { type Logger, pino } from 'pino';
import type { Log } from './core/ports/log.ts';

/** `destination`: anything that takes lines; absent: stderr, written without holding up the loop, flushed at exit. */
export function openLog(options: { level: string; destination?: { write(line: string): void } }): Log {
  const destination = options.destination ?? pino.destination({ fd: 2, sync: false });
  return asLog(
    pino(
      {
        level: options.level,
        base: undefined,
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        // An `error` field keeps its stack and its cause; without a serializer it would print as {}.
        serializers: { error: pino.stdSerializers.errWithCause, err: pino.stdSerializers.errWithCause },
      },
      destination,
    ),
  );
}

function asLog(logger: Logger): Log {
  return {
    error: (fields, sentence) => logger.error(fields, sentence),
    warn: (fields, sentence) => logger.warn(fields, sentence),
    info: (fields, sentence) => logger.info(fields, sentence),
    debug: (fields, sentence) => logger.debug(fields, sentence),
    child: (fields) => asLog(logger.child(fields)),
  };
}
