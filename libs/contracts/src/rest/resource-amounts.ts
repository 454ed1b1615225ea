/** Amounts of the well-known resources, units in the names; zero members are present. Ports as inclusive ranges. */
export interface ResourceAmounts {
  cpus: number;
  gpus: number;
  memBytes: number;
  diskBytes: number;
  ports: { begin: number; end: number }[];
}
