import type { Resource, ValueRange } from '@tranche/mesos-api';

/** What one task asks for. Sizes in mebibytes, as Mesos counts them; `ports` is how many, any will do. */
export interface TaskNeeds {
  cpus?: number;
  memMb?: number;
  diskMb?: number;
  gpus?: number;
  ports?: number;
}

/** One resource that does not suffice. */
export interface Shortage {
  /** As in `TaskNeeds`. */
  need: keyof TaskNeeds;
  asked: number;
  available: number;
}

/** Parts of an offer for one task, and what remains; or everything that is missing. */
export type Taken = { ok: true; taken: Resource[]; left: Resource[] } | { ok: false; missing: Shortage[] };

const SCALARS = { cpus: 'cpus', memMb: 'mem', diskMb: 'disk', gpus: 'gpus' } as const;
type ScalarNeed = keyof typeof SCALARS;
const SCALAR_NEEDS = Object.keys(SCALARS) as ScalarNeed[];

/**
 * Cuts what a task needs out of offered resources. Reserved parts are used before unreserved ones, so that what is left suits
 * everybody; reservation, allocation and provider of each part are kept, so that the result can stand in a `TaskInfo` as it is.
 * Persistent volumes, shared and revocable resources are left alone: who wants those chooses them itself.
 *
 * @param resources `offer.resources`, or `left` of a cut before
 * @returns new arrays; `resources` is not changed
 */
export function takeResources(resources: readonly Resource[], needs: TaskNeeds): Taken {
  const missing = shortages(resources, needs);
  if (missing.length > 0) return { ok: false, missing };
  const taken: Resource[] = [];
  let left: readonly Resource[] = resources;
  for (const need of SCALAR_NEEDS) {
    left = cutScalar(left, SCALARS[need], toThousandths(needs[need] ?? 0), taken);
  }
  left = cutPorts(left, needs.ports ?? 0, taken);
  return { ok: true, taken, left: [...left] };
}

/** True when one task with these needs can be launched from the offer. */
export function fits(offer: { resources?: Resource[] }, needs: TaskNeeds): boolean {
  return shortages(offer.resources ?? [], needs).length === 0;
}

/** Sums of what `takeResources` may use. */
export function amountsOf(resources: readonly Resource[]): Required<TaskNeeds> {
  const amounts = { cpus: 0, memMb: 0, diskMb: 0, gpus: 0, ports: countPorts(resources.filter(isPlain)) };
  for (const need of SCALAR_NEEDS) {
    const usable = resources.filter((resource) => resource.name === SCALARS[need] && isPlain(resource));
    amounts[need] =
      usable.reduce((sum, resource) => sum + toThousandths(Number(resource.scalar?.value ?? 0)), 0) / 1000;
  }
  return amounts;
}

/** Every port of the `ports` entries, ascending within each. */
export function portsOf(resources: readonly Resource[]): number[] {
  return resources.filter((resource) => resource.name === 'ports').flatMap((resource) => listPorts(rangesOf(resource)));
}

function shortages(resources: readonly Resource[], needs: TaskNeeds): Shortage[] {
  const available = amountsOf(resources);
  const names = Object.keys(available) as (keyof TaskNeeds)[];
  return names
    .map((need) => ({ need, asked: needs[need] ?? 0, available: available[need] }))
    .filter(({ asked, available }) => toThousandths(asked) > toThousandths(available));
}

/** Moves `amount` thousandths of one resource to `taken`; there is enough. */
function cutScalar(resources: readonly Resource[], name: string, amount: number, taken: Resource[]): Resource[] {
  const left: Resource[] = [];
  let wanted = amount;
  for (const resource of reservedFirst(resources)) {
    const has = toThousandths(Number(resource.scalar?.value ?? 0));
    const cut = resource.name === name && isPlain(resource) ? Math.min(has, wanted) : 0;
    wanted -= cut;
    if (cut > 0) taken.push({ ...resource, scalar: { value: cut / 1000 } });
    if (cut === 0) left.push(resource);
    else if (cut < has) left.push({ ...resource, scalar: { value: (has - cut) / 1000 } });
  }
  return left;
}

/** Moves `count` ports to `taken`, the lowest of each entry first; there are enough. */
function cutPorts(resources: readonly Resource[], count: number, taken: Resource[]): Resource[] {
  const left: Resource[] = [];
  let wanted = count;
  for (const resource of reservedFirst(resources)) {
    const usable = wanted > 0 && resource.name === 'ports' && isPlain(resource);
    if (!usable) {
      left.push(resource);
      continue;
    }
    const { cut, rest } = cutRanges(rangesOf(resource), wanted);
    wanted -= sizeOf(cut);
    taken.push({ ...resource, ranges: { range: cut } });
    if (rest.length > 0) left.push({ ...resource, ranges: { range: rest } });
  }
  return left;
}

function cutRanges(ranges: readonly PortRange[], count: number): { cut: PortRange[]; rest: PortRange[] } {
  const cut: PortRange[] = [];
  const rest: PortRange[] = [];
  let wanted = count;
  for (const { begin, end } of ranges) {
    const size = Math.min(wanted, end - begin + 1);
    wanted -= size;
    if (size > 0) cut.push({ begin, end: begin + size - 1 });
    if (begin + size <= end) rest.push({ begin: begin + size, end });
  }
  return { cut, rest };
}

type PortRange = { begin: number; end: number };

function rangesOf(resource: Resource): PortRange[] {
  return (resource.ranges?.range ?? []).map(({ begin, end }: ValueRange) => ({
    begin: Number(begin),
    end: Number(end),
  }));
}

function countPorts(resources: readonly Resource[]): number {
  return sizeOf(resources.filter((resource) => resource.name === 'ports').flatMap(rangesOf));
}

function sizeOf(ranges: readonly PortRange[]): number {
  return ranges.reduce((sum, { begin, end }) => sum + end - begin + 1, 0);
}

function listPorts(ranges: readonly PortRange[]): number[] {
  return ranges.flatMap(({ begin, end }) => Array.from({ length: end - begin + 1 }, (_, index) => begin + index));
}

/** Neither a volume with somebody's data, nor shared, nor revocable. */
function isPlain(resource: Resource): boolean {
  return resource.disk === undefined && resource.shared === undefined && resource.revocable === undefined;
}

/** Stable: entries keep their order within the two groups. */
function reservedFirst(resources: readonly Resource[]): Resource[] {
  return [...resources.filter(isReserved), ...resources.filter((resource) => !isReserved(resource))];
}

function isReserved({ reservations, role }: Resource): boolean {
  return (reservations?.length ?? 0) > 0 || (role !== undefined && role !== '*');
}

/** Mesos keeps three decimals of a scalar; integers add up exactly. */
function toThousandths(value: number): number {
  return Math.round(value * 1000);
}
