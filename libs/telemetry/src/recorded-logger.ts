import { activeTrace } from './active-context.js';
import type { LogFields, Logger } from './logger.js';
import { RecentLog } from './recent-log.js';
import type { Tracer } from './tracing/tracer.js';

const NO_TRACE = { traceId: '', spanId: '' };

/**
 * A logger whose lines are also kept: the last ones, those of a trace with its spans, and exported, whatever the level at which it writes.
 *
 * Details (`debug`) are only written, and kept among the last ones while they are asked for.
 */
export function recordedLogger(logger: Logger, tracer: Tracer): Logger & { readonly recent: RecentLog } {
  const recent = new RecentLog();
  const recorded =
    (level: 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}): void => {
      logger[level](message, fields);
      const { traceId, spanId } = activeTrace() ?? NO_TRACE;
      const line = { traceId, timeMs: Date.now(), level, message, fields: plainFields(fields) };
      recent.add(line);
      if (tracer.isOn) tracer.log({ ...line, spanId });
    };
  return {
    debug: (message, fields = {}) => {
      logger.debug(message, fields);
      if (logger.dial?.current() !== 'debug') return;
      const { traceId } = activeTrace() ?? NO_TRACE;
      recent.add({ traceId, timeMs: Date.now(), level: 'debug', message, fields: plainFields(fields) });
    },
    info: recorded('info'),
    warn: recorded('warn'),
    error: recorded('error'),
    ...(logger.each === undefined ? {} : { each: logger.each }),
    ...(logger.dial === undefined ? {} : { dial: logger.dial }),
    recent,
  };
}

/** As they are shown: an error is its message. */
const plainFields = (fields: LogFields): LogFields =>
  Object.values(fields).some((value) => value instanceof Error)
    ? Object.fromEntries(
        Object.entries(fields).map(([key, value]) => [key, value instanceof Error ? value.message : value]),
      )
    : fields;
