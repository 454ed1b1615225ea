/**
 * Reads JSON text without losing digits, and says where text stops being JSON in the words of Mesos.
 */

/** `JSON.parse` passes the source text of primitives to its reviver; TypeScript's declaration does not know yet. */
type SourceReviver = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** Only such a number can exceed 2^53: anything shorter is exact. */
const LONG_DIGITS = /\d{16}/;
const INTEGER = /^-?\d+$/;

/**
 * Parses JSON. Integers beyond ±2^53 come as `bigint`, every other value as from `JSON.parse`.
 *
 * @throws SyntaxError when the text is not JSON
 */
export function parseJson(text: string): unknown {
  if (!LONG_DIGITS.test(text)) return JSON.parse(text);
  return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown);
}

const keepDigits: SourceReviver = (_key, value, context) => {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  return context.source !== undefined && INTEGER.test(context.source) ? BigInt(context.source) : value;
};

const STRING_OR_BARE_WORD = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g;

/** Quotes the words for doubles that are not finite, which Mesos prints bare, so that the text becomes JSON. */
export function quoteInfinity(text: string): string {
  return text.replace(STRING_OR_BARE_WORD, (match) => (match.startsWith('"') ? match : `"${match}"`));
}

/** Mesos repeats the rest whole, however long; an answer as large as the request helps nobody. */
const MAX_REST_CHARACTERS = 1_000;

const shortened = (rest: string): string =>
  rest.length > MAX_REST_CHARACTERS ? `${rest.slice(0, MAX_REST_CHARACTERS)}…` : rest;

/**
 * Why a text is not JSON, as Mesos' parser puts it: `syntax error at line 1 near: …` with the rest of the line, or
 * `Parsed JSON included non-whitespace trailing characters: …`.
 *
 * @param text a text that `JSON.parse` refuses
 */
export function jsonSyntaxError(text: string): string {
  const scanner = new Scanner(text);
  if (scanner.value()) {
    const rest = text.slice(scanner.position).trim();
    if (rest !== '') return `Parsed JSON included non-whitespace trailing characters: ${shortened(rest)}`;
  }
  const line = 1 + (text.slice(0, Math.min(scanner.position, text.length - 1)).match(/\n/g)?.length ?? 0);
  const rest = (text.slice(scanner.position).split('\n', 1)[0] ?? '').replace(/[^ -\uffff]/g, '');
  return `syntax error at line ${line} near: ${shortened(rest)}`;
}

const ESCAPE = /^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;
/** The scanner only explains errors of small depth; deeper text is named by its position at this depth. */
const MAX_DEPTH = 1000;

/** Walks JSON text and stops at the first character that cannot belong to it. */
class Scanner {
  position = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  /** Reads one value; false when the text at {@link position} does not continue it. */
  value(): boolean {
    this.skipSpace();
    const first = this.text[this.position];
    if (first === '{') return this.nested(() => this.object());
    if (first === '[') return this.nested(() => this.array());
    if (first === '"') return this.string();
    for (const word of ['null', 'true', 'false']) if (first === word[0]) return this.word(word);
    return this.number();
  }

  private nested(read: () => boolean): boolean {
    if (this.depth === MAX_DEPTH) return false;
    this.depth += 1;
    this.position += 1;
    const complete = read();
    this.depth -= 1;
    return complete;
  }

  private object(): boolean {
    if (this.expect('}')) return true;
    do {
      this.skipSpace();
      if (this.text[this.position] !== '"' || !this.string() || !this.expect(':') || !this.value()) return false;
    } while (this.expect(','));
    return this.expect('}');
  }

  private array(): boolean {
    if (this.expect(']')) return true;
    do {
      if (!this.value()) return false;
    } while (this.expect(','));
    return this.expect(']');
  }

  private string(): boolean {
    for (this.position += 1; this.position < this.text.length; this.position += 1) {
      const char = this.text.charAt(this.position);
      if (char < ' ') return false;
      if (char === '"') {
        this.position += 1;
        return true;
      }
      if (char === '\\') {
        this.position += 1;
        const escape = ESCAPE.exec(this.text.slice(this.position, this.position + 5));
        if (escape === null) return false;
        this.position += escape[0].length - 1;
      }
    }
    return false;
  }

  private word(word: string): boolean {
    for (const char of word) {
      if (this.text[this.position] !== char) return false;
      this.position += 1;
    }
    return true;
  }

  private number(): boolean {
    const start = this.position;
    while (/[-+.0-9eE]/.test(this.text[this.position] ?? '')) this.position += 1;
    return NUMBER.test(this.text.slice(start, this.position));
  }

  private expect(char: string): boolean {
    this.skipSpace();
    if (this.text[this.position] !== char) return false;
    this.position += 1;
    return true;
  }

  private skipSpace(): void {
    while (/[ \t\r\n]/.test(this.text[this.position] ?? '')) this.position += 1;
  }
}
