/** What somebody has of an agent, or an agent of everything. */
export interface Amounts {
  readonly cpusMilli: number;
  readonly memMb: number;
  readonly diskMb: number;
  /** How many. */
  readonly ports: number;
}

export const NOTHING: Amounts = { cpusMilli: 0, memMb: 0, diskMb: 0, ports: 0 };
export const KINDS = Object.keys(NOTHING) as (keyof Amounts)[];

export const plus = (a: Amounts, b: Amounts): Amounts => ({
  cpusMilli: a.cpusMilli + b.cpusMilli,
  memMb: a.memMb + b.memMb,
  diskMb: a.diskMb + b.diskMb,
  ports: a.ports + b.ports,
});

export const isSame = (a: Amounts, b: Amounts): boolean => KINDS.every((kind) => a[kind] === b[kind]);

export const isNothing = (amounts: Amounts): boolean => isSame(amounts, NOTHING);

export const amountsText = (amounts: Amounts): string =>
  isNothing(amounts)
    ? 'nothing'
    : KINDS.filter((kind) => amounts[kind] !== 0)
        .map((kind) => `${kind} ${amounts[kind]}`)
        .join(' ');

/** Resources as Mesos' endpoints show them: numbers by name, ports as text (`[31000-31001, 31005-31005]`) or, by the allocator, counted. */
export interface ShownResources {
  readonly cpus?: number;
  readonly mem?: number;
  readonly disk?: number;
  readonly ports?: string | number;
}

export const amountsOfShown = ({ cpus = 0, mem = 0, disk = 0, ports = 0 }: ShownResources): Amounts => ({
  cpusMilli: Math.round(cpus * 1_000),
  memMb: Math.round(mem),
  diskMb: Math.round(disk),
  ports: typeof ports === 'number' ? ports : countPorts(ports),
});

function countPorts(text: string): number {
  let count = 0;
  for (const [, begin, end] of text.matchAll(/(\d+)-(\d+)/g)) count += Number(end) - Number(begin) + 1;
  return count;
}

/** Resources as `/v1` shows them. */
export interface ViewedResources {
  readonly cpus: number;
  readonly memBytes: number;
  readonly diskBytes: number;
  readonly ports: readonly { readonly begin: number; readonly end: number }[];
}

export const amountsOfView = ({ cpus, memBytes, diskBytes, ports }: ViewedResources): Amounts => ({
  cpusMilli: Math.round(cpus * 1_000),
  memMb: Math.round(memBytes / 2 ** 20),
  diskMb: Math.round(diskBytes / 2 ** 20),
  ports: ports.reduce((sum, { begin, end }) => sum + end - begin + 1, 0),
});
