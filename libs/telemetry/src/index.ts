export { activeTrace, beginTrace, runInTrace } from './active-context.js';
export { type CancelTimer, type Clock, SystemClock, systemClock, type TimerClock } from './clock.js';
export { FakeClock } from './fake-clock.js';
export {
  createLogger,
  LOG_LEVELS,
  type LogFields,
  type Logger,
  type LoggerOptions,
  type LogLevel,
  silentLogger,
} from './logger.js';
export { Metrics } from './metrics.js';
export { formatTraceparent, newTrace, parseTraceparent, type TraceContext } from './trace-context.js';
