/** One replica of a service, and which partitions it works on. */
export interface Share {
  readonly replicaId: string;
  readonly owned: readonly number[];
}

/**
 * Which partition a replica shall give up so that the work is shared more evenly; undefined: none now.
 *
 * One at a time and one replica at a time: who has most, of several the first by id, when somebody has at least two fewer. Nobody gives up
 * anything while a partition has no owner, the broker is just giving it to somebody, or while it has two: one of them has died, and what it
 * last said is not true any more.
 *
 * @param own of the replica that asks
 * @param others that live, by what they last said
 * @param count of partitions
 */
export function surplusOf(own: Share, others: readonly Share[], count: number): number | undefined {
  const all = [own, ...others];
  const claims = all.flatMap(({ owned }) => owned);
  if (claims.length !== count || new Set(claims).size < count) return undefined;
  const sizes = all.map(({ owned }) => owned.length);
  const most = Math.max(...sizes);
  if (own.owned.length < most || most - Math.min(...sizes) < 2) return undefined;
  const [first] = all
    .filter(({ owned }) => owned.length === most)
    .map(({ replicaId }) => replicaId)
    .toSorted();
  return first === own.replicaId ? Math.max(...own.owned) : undefined;
}
