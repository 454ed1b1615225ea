import { identityKey, type Range, type Resource, Resources } from '@tranche/resources';

/** How often each integer or item is held: an integer by the differences at the bounds of its ranges. */
interface Count {
  /** Gives everything but the value. */
  readonly sample: Resource;
  readonly steps: Map<number, number>;
  readonly items: Map<string, number>;
}

/**
 * What is held over several agents, as one sum from which parts can be taken away again.
 *
 * Ports of two agents may have the same numbers: the sum shows such a number once and keeps it until both have let go, which a
 * difference of unions could not.
 */
export class ResourceSum {
  private scalars = Resources.EMPTY;
  /** Ranges and sets by their identity. */
  private readonly counts = new Map<string, Count>();
  private total: Resources | undefined = Resources.EMPTY;

  get resources(): Resources {
    this.total ??= this.scalars.plus(Resources.of(Array.from(this.counts.values(), heldOf)));
    return this.total;
  }

  get isEmpty(): boolean {
    return this.scalars.isEmpty && this.counts.size === 0;
  }

  add(resources: Resources): void {
    this.change(resources, 1);
    this.scalars = this.scalars.plus(scalarsOf(resources));
  }

  /** Takes away what was added before. */
  remove(resources: Resources): void {
    this.change(resources, -1);
    this.scalars = this.scalars.minus(scalarsOf(resources));
  }

  private change(resources: Resources, by: 1 | -1): void {
    this.total = undefined;
    for (const resource of resources) {
      if (resource.value.kind === 'scalar') continue;
      const key = identityKey(resource);
      const count = this.counts.get(key) ?? { sample: resource, steps: new Map(), items: new Map() };
      countValue(count, resource, by);
      if (count.steps.size + count.items.size === 0) this.counts.delete(key);
      else this.counts.set(key, count);
    }
  }
}

const scalarsOf = (resources: Resources): Resources => resources.filter(({ value }) => value.kind === 'scalar');

function countValue({ steps, items }: Count, { value }: Resource, by: 1 | -1): void {
  if (value.kind === 'ranges') {
    for (const { begin, end } of value.ranges) {
      step(steps, begin, by);
      step(steps, end + 1, -by);
    }
  } else if (value.kind === 'set') {
    for (const item of value.items) step(items, item, by);
  }
}

function step<K>(counts: Map<K, number>, key: K, by: number): void {
  const sum = (counts.get(key) ?? 0) + by;
  if (sum === 0) counts.delete(key);
  else counts.set(key, sum);
}

const heldOf = ({ sample, steps, items }: Count): Resource => ({
  ...sample,
  value:
    sample.value.kind === 'set'
      ? { kind: 'set', items: [...items.keys()] }
      : { kind: 'ranges', ranges: rangesOf(steps) },
});

/** The ranges in which the steps, added up from below, are above zero. */
function rangesOf(steps: ReadonlyMap<number, number>): Range[] {
  const ranges: Range[] = [];
  let depth = 0;
  let begin = 0;
  for (const [at, by] of [...steps].toSorted(([a], [b]) => a - b)) {
    if (depth === 0) begin = at;
    depth += by;
    if (depth === 0) ranges.push({ begin, end: at - 1 });
  }
  return ranges;
}
