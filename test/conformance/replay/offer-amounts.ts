import type { Offer, Resource } from '@tranche/mesos-api';

/** How much offers hold together, by resource and whether it is reserved or a volume: `cpus 3.9, cpus reserved 0.1, disk 20000`. */
export function amountsOf(offers: readonly Offer[]): string {
  const resources = offers.flatMap((offer) => offer.resources ?? []);
  const kinds = Map.groupBy(resources, kindOf);
  return [...kinds]
    .map(([kind, parts]) => `${kind} ${Math.round(sum(parts) * 1000) / 1000}`)
    .toSorted()
    .join(', ');
}

function kindOf({ name, role = '*', reservation, reservations = [], disk }: Resource): string {
  const isReserved = role !== '*' || reservation !== undefined || reservations.length > 0;
  return name + (isReserved ? ' reserved' : '') + (disk?.persistence === undefined ? '' : ' volume');
}

const sum = (parts: readonly Resource[]): number => parts.reduce((total, part) => total + sizeOf(part), 0);

function sizeOf({ scalar, ranges }: Resource): number {
  const ports = (ranges?.range ?? []).map(({ begin, end }) => Number(end) - Number(begin) + 1);
  return scalar === undefined ? ports.reduce((total, count) => total + count, 0) : Number(scalar.value);
}
