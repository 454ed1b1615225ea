/** Every change is held to a share of a table, `npm run test:agent-kill` to all of it. */
const isWhole = process.env['TRANCHE_AGENT_KILL'] === 'all';

/** How often a row is gone through once more: what happens only now and then is looked for with `TRANCHE_AGENT_KILL_TIMES=10`. */
export const repeats = Number(process.env['TRANCHE_AGENT_KILL_TIMES'] ?? 1) - 1;

/** @returns the rows that are tried now: each `every`-th, from the one with number `from` on */
export const shareOf = <T>(rows: readonly T[], every: number, from: number): readonly T[] =>
  isWhole ? rows : rows.filter((_, index) => index % every === from);

/** For titles: `each of 302 steps`, or how many of them. */
export const howMany = (tried: number, all: number, what: string): string =>
  isWhole ? `each of ${all} ${what}` : `${tried} of ${all} ${what} (all: npm run test:agent-kill)`;
