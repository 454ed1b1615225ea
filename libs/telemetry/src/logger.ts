import { pino } from 'pino';
import { activeTrace } from './active-context.js';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Object ids and other facts of a log line, never glued into its text. */
export type LogFields = Readonly<Record<string, unknown>>;

/** One structured line a call. Secrets and environments of tasks are never passed to it. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /**
   * A line for each of many things that happen all the time. It is only written, and its fields are only made where it is; it is not kept, nor exported.
   * Absent: there are no such lines.
   */
  readonly each?: (level: 'debug' | 'info', message: string, fields: () => LogFields) => void;
  /** Absent for a logger whose level is not its own. */
  readonly dial?: LogDial;
}

/** What a logger says from, while it runs. */
export interface LogDial {
  current(): LogLevel;
  set(level: LogLevel): void;
}

export interface LoggerOptions {
  readonly service: string;
  readonly level: LogLevel;
  /** `json`: one object a line; `pretty`: for a terminal. */
  readonly format: 'json' | 'pretty';
  /** Gets each line with its newline. Default: standard error. */
  readonly write?: (line: string) => void;
}

/** A logger for one service; `time, level, service, msg, traceId, spanId` and the given fields on each line. */
export function createLogger(options: LoggerOptions): Logger {
  const write = options.write ?? ((line: string): void => void process.stderr.write(line));
  const sink = options.format === 'pretty' ? { write: (line: string) => write(prettyLine(line)) } : { write };
  const target = pino(
    {
      level: options.level,
      base: { service: options.service },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    sink,
  );
  const log =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}): void => {
      if (!target.isLevelEnabled(level)) return;
      const trace = activeTrace();
      target[level]({ ...(trace ? { traceId: trace.traceId, spanId: trace.spanId } : {}), ...plain(fields) }, message);
    };
  const dial: LogDial = {
    current: () => target.level as LogLevel,
    set: (level) => {
      target.level = level;
    },
  };
  return {
    ...{ debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    each: (level, message, fields) => {
      if (target.isLevelEnabled(level)) log(level)(message, fields());
    },
    dial,
  };
}

/** For tests and for parts that shall not speak. */
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  // Says nothing: that is its purpose.
}

/** Errors become their message, code and stack; pino would only print those under the key `err`. */
function plain(fields: LogFields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      value instanceof Error
        ? { message: value.message, code: (value as { code?: unknown }).code, stack: value.stack }
        : value,
    ]),
  );
}

function prettyLine(line: string): string {
  const { time, level, service, msg, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const fields = Object.entries(rest)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
  const clock = String(time).slice(11, 23);
  return `${clock} ${String(level).padEnd(5)} ${String(service).padEnd(9)} ${String(msg)}${fields === '' ? '' : `  ${fields}`}\n`;
}
