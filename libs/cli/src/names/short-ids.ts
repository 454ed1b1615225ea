/** An id that a cluster gave: its own id (a UUID), then a kind and number of the thing. */
const CLUSTER_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}-(.+)$/;

/** What is printed at least, where a beginning is printed. */
const MIN_LENGTH = 8;

/**
 * Shortens ids to what is unique among them and can be typed back.
 *
 * Ids of agents, frameworks and offers share the cluster's id as their beginning, so their ends are shown (`S0`, `0003`, `O12`);
 * of others the beginning, at least 8 characters.
 *
 * @param ids those among which the short ones are unique
 * @returns short form by id
 */
export function shortIds(ids: readonly string[]): Map<string, string> {
  const distinct = [...new Set(ids)].sort();
  const ends = countBy(distinct.map(endOf));
  return new Map(
    distinct.map((id, index) => {
      const end = endOf(id);
      const isUniqueEnd = end !== undefined && ends.get(end) === 1;
      return [id, isUniqueEnd ? end : uniqueStart(id, distinct[index - 1], distinct[index + 1])];
    }),
  );
}

/** True when `text` is this id, its beginning, or its end after the cluster's id. */
export function isShortOf(text: string, id: string): boolean {
  return text !== '' && (id.startsWith(text) || endOf(id) === text);
}

function endOf(id: string): string | undefined {
  return CLUSTER_ID.exec(id)?.[1];
}

/** Its neighbours in sorted order are the ids that share the longest beginning. */
function uniqueStart(id: string, ...neighbours: (string | undefined)[]): string {
  const shared = Math.max(...neighbours.map((other) => (other === undefined ? 0 : sharedLength(id, other))));
  const length = Math.max(MIN_LENGTH, shared + 1);
  return id.slice(0, length);
}

function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

function countBy(values: readonly (string | undefined)[]): Map<string | undefined, number> {
  const counts = new Map<string | undefined, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
