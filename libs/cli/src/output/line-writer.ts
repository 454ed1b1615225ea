import { StringDecoder } from 'node:string_decoder';
import type { TextOutput } from '../cli-io.js';

/** A line, without its newline, in the form in which it is printed; undefined: not at all. */
export type LineFormat = (line: string) => string | undefined;

/** Writes bytes line by line in another form. Lines are written whole: those of two sources never mix. */
export class LineWriter implements TextOutput {
  readonly #decoder = new StringDecoder('utf8');
  #partial = '';

  constructor(
    private readonly output: TextOutput,
    private readonly format: LineFormat,
  ) {}

  write(data: string | Uint8Array): boolean {
    const text = typeof data === 'string' ? data : this.#decoder.write(Buffer.from(data));
    const lines = `${this.#partial}${text}`.split('\n');
    this.#partial = lines.pop() ?? '';
    const shown = lines.map((line) => this.formatted(line)).join('');
    return shown === '' || this.output.write(shown);
  }

  drained(): Promise<unknown> {
    return this.output.drained?.() ?? Promise.resolve();
  }

  /** Writes a last line that has no newline, with one. */
  end(): void {
    const rest = this.#partial + this.#decoder.end();
    this.#partial = '';
    const last = rest === '' ? '' : this.formatted(rest);
    if (last !== '') this.output.write(last);
  }

  private formatted(line: string): string {
    const text = this.format(line);
    return text === undefined ? '' : `${text}\n`;
  }
}

/** Tells when each line was written. Every line has to be told to it, in order: it counts their bytes. */
export interface LineStamps {
  next(line: string): string;
}

/** Lines as they are, with their times before them, and the name of their task where there are several. */
export function plainLines(taskName: string, stamps?: LineStamps): LineFormat {
  const prefix = taskName === '' ? '' : `${taskName} | `;
  return (line) => (stamps === undefined ? `${prefix}${line}` : `${prefix}${stamps.next(line)} ${line}`);
}

/** Only the lines that match, in another form. @param stamps are told of the others */
export const matchingLines =
  (pattern: RegExp, format: LineFormat, stamps?: LineStamps): LineFormat =>
  (line) => {
    if (pattern.test(line)) return format(line);
    stamps?.next(line);
    return undefined;
  };

/** Leaves out the rest of the line in whose middle the copy begins. @param stamps are told of it */
export function withoutFirst(format: LineFormat, stamps?: LineStamps): LineFormat {
  let isFirst = true;
  return (line) => {
    if (!isFirst) return format(line);
    isFirst = false;
    stamps?.next(line);
    return undefined;
  };
}

/** Lines as JSON objects: which task, which stream, the text, and when it was written if that is asked for. */
export function jsonLines(taskName: string, stream: string, stamps?: LineStamps): LineFormat {
  return (line) => JSON.stringify({ task: taskName, stream, ...(stamps && { at: stamps.next(line) }), line });
}
