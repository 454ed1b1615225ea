/** What `npm run test:faults` was told; without it, as part of `npm test` or by `vitest run --project faults`: fixed seeds, some four minutes in all. */
export interface FaultsConfig {
  readonly seeds: readonly number[];
  /** Of each seed. */
  readonly minutes: number;
  /** How often the working allocator and offers are killed at the end of the last seed, with nothing else broken. */
  readonly killsAlone: number;
  /** Into how many partitions `offers` is cut; with more than one, three frameworks share the load. */
  readonly partitions: number;
  /** Logs and work directories stay. */
  readonly keep: boolean;
}

const CI_SEEDS = [1, 2, 3];
const CI_MINUTES = 0.5;

export function readFaultsConfig(): FaultsConfig {
  const { FAULTS_SEED: seed, FAULTS_KEEP: keep, FAULTS_KILLS: kills } = process.env;
  const minutes = Number(process.env['FAULTS_MINUTES'] ?? CI_MINUTES);
  return {
    seeds: seed === undefined ? CI_SEEDS : [Number(seed)],
    minutes,
    killsAlone: Number(kills ?? Math.max(1, Math.round(minutes))),
    partitions: Number(process.env['FAULTS_PARTITIONS'] ?? 1),
    keep: keep === '1',
  };
}
