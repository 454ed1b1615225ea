/** What `npm run test:limits` was told; without it, as part of `npm test`: one fixed seed, some seconds. */
export interface LimitsConfig {
  readonly seed: number;
  readonly minutes: number;
}

const SHORT = { seed: 7, minutes: 0.1 };

export function readLimitsConfig(): LimitsConfig {
  const { LIMITS_SEED: seed = SHORT.seed, LIMITS_MINUTES: minutes = SHORT.minutes } = process.env;
  return { seed: Number(seed), minutes: Number(minutes) };
}
