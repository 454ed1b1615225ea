import { offers } from './offers.mjs';
import { quotas } from './quota.mjs';
import { reservations } from './reservations.mjs';
import { sorter } from './sorter.mjs';
import { starvation } from './starvation.mjs';

/** Sizes at which the published benchmarks of other allocators were run. */
const SIZES = [
  [1000, 50],
  [1000, 100],
  [1000, 200],
  [5000, 200],
  [10_000, 1000],
  [20_000, 2000],
  [50_000, 200],
  [50_000, 6000],
];

/** Everything that is measured, each in a process of its own. `key` is what `--only` matches. */
export const MEASUREMENTS = [
  ...SIZES.flatMap(([agents, frameworks]) =>
    ['own', 'one'].map((roles) => ({
      key: `a:offers:${agents}x${frameworks}:${roles}`,
      run: () => offers({ agents, frameworks, roles }),
    })),
  ),
  { key: 'b:quota', run: quotas },
  { key: 'c:sorter', run: sorter },
  { key: 'd:reservations', run: reservations },
  ...['own', 'one'].map((roles) => ({ key: `e:starvation:${roles}`, run: () => starvation({ roles }) })),
];

/** A service decides for months: what is measured is compiled code, not the first second of a process. */
export function warmUp() {
  for (const roles of ['own', 'one']) offers({ agents: 1000, frameworks: 100, roles, cycles: 10 });
}
