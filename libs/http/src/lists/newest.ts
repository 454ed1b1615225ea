/**
 * The newest time that entries of a list tell, however many they are: spread over arguments, more than some 120,000 would not fit.
 *
 * @param at of an entry, ISO 8601; undefined where it has none
 * @returns milliseconds since the epoch; 0 of none
 */
export const newestMs = <T>(entries: readonly T[], at: (entry: T) => string | undefined): number =>
  entries.reduce((newest, entry) => Math.max(newest, Date.parse(at(entry) ?? '') || 0), 0);
