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

/** Lines of one task among several: its name before each. */
export function prefixedLines(taskName: string): LineFormat {
  return (line) => `${taskName} | ${line}`;
}

/** Only the lines that match, in another form. */
export const matchingLines =
  (pattern: RegExp, format: LineFormat): LineFormat =>
  (line) =>
    pattern.test(line) ? format(line) : undefined;

/** Lines as JSON objects: which task, which stream, the text. */
export function jsonLines(taskName: string, stream: string): LineFormat {
  return (line) => JSON.stringify({ task: taskName, stream, line });
}
