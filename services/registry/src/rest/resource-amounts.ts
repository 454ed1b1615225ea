import type { ResourceAmounts } from '@tranche/contracts';
import type { Resources } from '@tranche/resources';

const BYTES_PER_MB = 1 << 20;
const MILLI = 1_000;

/** Resources as `/v1` shows them: amounts of the well-known names, in bytes where Mesos has megabytes. */
export const amountsOf = (resources: Resources): ResourceAmounts => ({
  cpus: resources.scalarMilli('cpus') / MILLI,
  gpus: resources.scalarMilli('gpus') / MILLI,
  memBytes: bytesOf(resources.scalarMilli('mem')),
  diskBytes: bytesOf(resources.scalarMilli('disk')),
  ports: resources.ranges('ports').map(({ begin, end }) => ({ begin, end })),
});

const bytesOf = (megabytesMilli: number): number => Math.round((megabytesMilli / MILLI) * BYTES_PER_MB);
