import { parseLabelFilter } from '../values/pairs.js';

/**
 * Those of a list that `-l` asks for.
 *
 * @param labelsOf what an item has for labels: an agent its attributes
 * @throws UsageError
 */
export function selected<T>(
  items: readonly T[],
  selector: string | undefined,
  labelsOf: (item: T) => Readonly<Record<string, string | number>>,
): T[] {
  if (selector === undefined) return [...items];
  const test = parseLabelFilter(selector);
  return items.filter((item) =>
    test(Object.fromEntries(Object.entries(labelsOf(item)).map(([name, value]) => [name, String(value)]))),
  );
}
