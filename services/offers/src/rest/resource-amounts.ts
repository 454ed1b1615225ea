import type { ResourceAmounts } from '@tranche/contracts';
import { doubleToNumber, type Resource } from '@tranche/mesos-api';
import { normalizeRanges } from '@tranche/resources';

const MIB = 1 << 20;

/** Sums of the well-known resources of some documents, whatever their reservations. */
export function amountsOf(documents: Iterable<Resource>): ResourceAmounts {
  const milli: Record<string, number> = { cpus: 0, gpus: 0, mem: 0, disk: 0 };
  const ports: { begin: number; end: number }[] = [];
  for (const { name, scalar, ranges } of documents) {
    if (scalar !== undefined) milli[name] = (milli[name] ?? 0) + Math.round(doubleToNumber(scalar.value) * 1000);
    if (name !== 'ports') continue;
    for (const { begin, end } of ranges?.range ?? []) ports.push({ begin: Number(begin), end: Number(end) });
  }
  const { cpus = 0, gpus = 0, mem = 0, disk = 0 } = milli;
  return {
    cpus: cpus / 1000,
    gpus: gpus / 1000,
    memBytes: Math.round((mem / 1000) * MIB),
    diskBytes: Math.round((disk / 1000) * MIB),
    ports: normalizeRanges(ports).map(({ begin, end }) => ({ begin, end })),
  };
}
