import { activeTrace } from './active-context.js';
import type { LogFields, Logger } from './logger.js';
import type { Tracer } from './tracing/tracer.js';

const NO_TRACE = { traceId: '', spanId: '' };

/**
 * A logger whose lines are also kept with the spans of their trace, and exported, whatever the level at which it writes.
 *
 * Details (`debug`) are only written.
 */
export function recordedLogger(logger: Logger, tracer: Tracer): Logger {
  if (!tracer.isOn) return logger;
  const recorded =
    (level: 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}): void => {
      logger[level](message, fields);
      const { traceId, spanId } = activeTrace() ?? NO_TRACE;
      tracer.log({ traceId, spanId, timeMs: Date.now(), level, message, fields: plainFields(fields) });
    };
  return {
    debug: (message, fields) => logger.debug(message, fields),
    info: recorded('info'),
    warn: recorded('warn'),
    error: recorded('error'),
    ...(logger.dial === undefined ? {} : { dial: logger.dial }),
  };
}

/** As they are shown: an error is its message. */
const plainFields = (fields: LogFields): LogFields =>
  Object.values(fields).some((value) => value instanceof Error)
    ? Object.fromEntries(
        Object.entries(fields).map(([key, value]) => [key, value instanceof Error ? value.message : value]),
      )
    : fields;
