/** What `npm run test:faults` was told; without it, what CI runs: three fixed seeds, three minutes in all. */
export interface FaultsConfig {
  readonly seeds: readonly number[];
  /** Of each seed. */
  readonly minutes: number;
  /** Logs and work directories stay. */
  readonly keep: boolean;
}

const CI_SEEDS = [1, 2, 3];

export function readFaultsConfig(): FaultsConfig {
  const { FAULTS_SEED: seed, FAULTS_MINUTES: minutes, FAULTS_KEEP: keep } = process.env;
  return {
    seeds: seed === undefined ? CI_SEEDS : [Number(seed)],
    minutes: Number(minutes ?? 1),
    keep: keep === '1',
  };
}
