import type { LogFields, LogLevel } from './logger.js';

/** So many lines are kept, and of those at most so many bytes: some minutes of a busy service, half a day of a quiet one. */
const MAX_LINES = 2_000;
const MAX_BYTES = 1 << 20;

/** A value longer than this tells no more by the rest of it. */
const MAX_LINE_CHARS = 8_192;

/** Credentials in an address: an error of a library may name one. The scheme is bounded, so that a long text is read once. */
const CREDENTIALS = /([a-z][a-z0-9+.-]{0,31}:\/\/)[^\s/@"']+@/gi;

/** A line as it was said. */
export interface LogLine {
  /** Counts the lines of a process, the first is 1. */
  readonly number: number;
  readonly timeMs: number;
  readonly level: Exclude<LogLevel, 'silent'>;
  readonly message: string;
  /** Of the trace in which it was said. */
  readonly traceId?: string;
  /** As JSON, so that nothing said later changes it: an object. */
  readonly fields: string;
}

/** What a process has said last, within a bound: for whoever asks for it over the mesh. Credentials in addresses are masked. */
export class RecentLog {
  private readonly kept: LogLine[] = [];
  private bytes = 0;
  private count = 0;

  constructor(
    private readonly maxLines = MAX_LINES,
    private readonly maxBytes = MAX_BYTES,
  ) {}

  /** @param traceId empty outside of a trace */
  add({ fields, traceId, message, ...line }: Omit<LogLine, 'number' | 'fields'> & { fields: LogFields }): void {
    const said: LogLine = {
      ...line,
      number: ++this.count,
      message: masked(message),
      ...(traceId === undefined || traceId === '' ? {} : { traceId }),
      fields: textOf(fields),
    };
    this.kept.push(said);
    this.bytes += sizeOf(said);
    while (this.kept.length > this.maxLines || this.bytes > this.maxBytes) {
      const oldest = this.kept.shift();
      if (oldest === undefined) return;
      this.bytes -= sizeOf(oldest);
    }
  }

  /** Oldest first. */
  get lines(): readonly LogLine[] {
    return this.kept;
  }
}

/** What cannot be written as JSON is no reason to fail: the line says so in its place. */
function textOf(fields: LogFields): string {
  try {
    const text = masked(JSON.stringify(fields));
    return text.length <= MAX_LINE_CHARS ? text : JSON.stringify({ cut: text.slice(0, MAX_LINE_CHARS) });
  } catch (error) {
    return JSON.stringify({ unreadable: (error as Error).message });
  }
}

const masked = (text: string): string => (text.includes('://') ? text.replace(CREDENTIALS, '$1********@') : text);

const sizeOf = ({ message, fields }: LogLine): number => message.length + fields.length;
