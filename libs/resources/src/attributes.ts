import { ResourceError } from './resource.errors.js';
import { isPlainDecimal, parseRanges, withoutBlanks } from './text/value-text.js';
import type { Range } from './values/ranges.js';

/** The v1 `Attribute` document: a fact about an agent, by form a scalar, ranges or text. */
export interface AttributeJson {
  name: string;
  type: 'SCALAR' | 'RANGES' | 'TEXT';
  scalar?: { value: number };
  ranges?: { range: { begin: number; end: number }[] };
  text?: { value: string };
}

/**
 * Attributes from text: `rack:a;gen:2`, entries separated by `;` or a newline, split at the first `:`.
 *
 * A plain number is a scalar, `[a-b,…]` ranges, anything else text without its blanks. Order and repetitions are kept.
 *
 * @throws ResourceError `resources/bad-text`: a name or value missing, bad ranges, a set
 */
export function parseAttributes(text: string): AttributeJson[] {
  return text
    .split(/[;\n]/)
    .filter((entry) => entry.trim() !== '')
    .map(parseAttribute);
}

function parseAttribute(entry: string): AttributeJson {
  const colon = entry.indexOf(':');
  const name = entry.slice(0, Math.max(colon, 0)).trim();
  const value = withoutBlanks(entry.slice(colon + 1));
  if (name === '' || value === '') throw refuse(`Invalid attribute key:value pair '${entry.trim()}'`);
  if (isPlainDecimal(value)) return { name, type: 'SCALAR', scalar: { value: Number(value) } };
  if (value.startsWith('{')) throw refuse(`Bad type for attribute ${name}: a set is not supported: ${value}`);
  if (!value.startsWith('[')) return { name, type: 'TEXT', text: { value } };
  const ranges = parseRanges(value, (fault, text) => refuse(`Bad value for attribute ${name}: ${fault}: ${text}`));
  return { name, type: 'RANGES', ranges: { range: ranges.map(copy) } };
}

function copy({ begin, end }: Range): { begin: number; end: number } {
  return { begin, end };
}

function refuse(message: string): ResourceError {
  return new ResourceError('resources/bad-text', message);
}
