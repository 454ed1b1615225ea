import { ResourceError } from '../resource.errors.js';
import { compareBytes } from '../values/byte-order.js';
import { formatMilli, type Milli } from '../values/milli.js';
import { parseScalar } from '../text/value-text.js';

/**
 * Entries of a text such as `cpus:1;mem:32`, in its order; blanks around names and in numbers do not count.
 *
 * @returns names with thousandths; zeros and repetitions are left to the caller
 * @throws ResourceError `resources/bad-text` when an entry is no name and non-negative number
 */
export function parseQuantityEntries(text: string): [name: string, milli: Milli][] {
  const entries: [string, Milli][] = [];
  for (const entry of text.split(';')) {
    if (entry.trim() === '') continue;
    const parts = entry.split(':');
    if (parts.length !== 2) throw refuse(`${entry.trim()}: missing or extra ':'`);
    const name = (parts[0] as string).trim();
    if (name === '') throw refuse(`${entry.trim()}: empty name`);
    if (/[()[\]{}<>]/.test(name)) throw refuse(`${name}: a quantity has no role and no suffix`);
    entries.push([name, parseScalar(parts[1] as string, (fault, value) => refuse(`${name}: ${fault}: ${value}`))]);
  }
  return entries;
}

/** `cpus:1; mem:32`, names in byte order. */
export function formatQuantityEntries(entries: Iterable<readonly [string, Milli]>): string {
  return [...entries]
    .toSorted(([a], [b]) => compareBytes(a, b))
    .map(([name, milli]) => `${name}:${formatMilli(milli)}`)
    .join('; ');
}

function refuse(message: string): ResourceError {
  return new ResourceError('resources/bad-text', message);
}
