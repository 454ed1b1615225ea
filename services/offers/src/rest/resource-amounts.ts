import { type ResourceAmounts, resourceAmounts } from '@tranche/contracts';
import { doubleToNumber, type Resource } from '@tranche/mesos-api';
import { normalizeRanges } from '@tranche/resources';

/** Sums of the well-known resources of some documents, whatever their reservations. */
export function amountsOf(documents: Iterable<Resource>): ResourceAmounts {
  const milli: Record<string, number> = {};
  const ports: { begin: number; end: number }[] = [];
  for (const { name, scalar, ranges } of documents) {
    if (scalar !== undefined) milli[name] = (milli[name] ?? 0) + Math.round(doubleToNumber(scalar.value) * 1000);
    if (name !== 'ports') continue;
    for (const { begin, end } of ranges?.range ?? []) ports.push({ begin: Number(begin), end: Number(end) });
  }
  return resourceAmounts((name) => milli[name] ?? 0, normalizeRanges(ports));
}
