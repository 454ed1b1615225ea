import type { Place } from './list-order.js';

/** A cursor: the place of the last item that was given, and the order in which that is its place. */
export interface Cursor {
  readonly place: Place;
  /** `ListOrder.name`. */
  readonly sort: string;
}

export function cursorText({ rank, key, value }: Place, sort: string): string {
  const more = sort === '' ? [] : [sort, value ?? null];
  return Buffer.from(JSON.stringify([rank, key, ...more])).toString('base64url');
}

/** @returns undefined for what `cursorText` did not write */
export function parseCursor(text: string | readonly string[]): Cursor | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const [rank, key, sort = '', value] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    if (typeof rank !== 'number' || typeof key !== 'string' || typeof sort !== 'string') return undefined;
    const isValue = typeof value === 'string' || typeof value === 'number';
    return { place: { rank, key, ...(isValue ? { value } : {}) }, sort };
  } catch {
    return undefined;
  }
}
