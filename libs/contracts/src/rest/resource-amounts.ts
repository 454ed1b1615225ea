/** Amounts of the well-known resources, units in the names; zero members are present. Ports as inclusive ranges. */
export interface ResourceAmounts {
  cpus: number;
  gpus: number;
  memBytes: number;
  diskBytes: number;
  ports: { begin: number; end: number }[];
}

const MILLI = 1_000;
/** Mesos counts mem and disk in megabytes of this size. */
const BYTES_PER_MB = 1 << 20;

/**
 * Amounts as `/v1` shows them.
 *
 * @param milliOf thousandths of a scalar resource, 0 when there is none; of mem and disk thousandths of a megabyte
 * @param ports inclusive
 */
export function resourceAmounts(
  milliOf: (name: string) => number,
  ports: readonly { readonly begin: number; readonly end: number }[],
): ResourceAmounts {
  const amount = (name: string): number => milliOf(name) / MILLI;
  return {
    cpus: amount('cpus'),
    gpus: amount('gpus'),
    memBytes: Math.round(amount('mem') * BYTES_PER_MB),
    diskBytes: Math.round(amount('disk') * BYTES_PER_MB),
    ports: ports.map(({ begin, end }) => ({ begin, end })),
  };
}
