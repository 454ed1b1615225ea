import { Quantities } from '@tranche/resources';
import { describe, expect, it } from 'vitest';
import { obstacleProblem } from './obstacle-problem.js';

const amounts = (milli: Record<string, number>): Quantities => Quantities.of(Object.entries(milli));
const belowUse = (limitsMilli: Record<string, number>, used: Record<string, number>, role = 'analytics') =>
  obstacleProblem({
    kind: 'below-use',
    quota: { role, guaranteesMilli: {}, limitsMilli },
    consumed: amounts(used),
  });

describe('obstacleProblem', () => {
  it('names the limit that is below what is used, and what to do', () => {
    // 12 of 8 cpus; 1 of 2 GiB: that is within.
    expect(belowUse({ cpus: 8_000, mem: 2_048_000 }, { cpus: 12_000, mem: 1_024_000, disk: 5_000 })).toMatchObject({
      status: 409,
      code: 'quota.limit_below_use',
      detail: 'limit cpus 8 is below the 12 that role analytics uses',
      errors: [{ path: 'limit.cpus', message: 'must be at least 12', value: 8 }],
      hints: [
        'set the limit to 12 or more, or free 4 cpus first: tranche ps --role analytics --sort cpus',
        'set it all the same: --force',
      ],
    });
  });

  it('names the role of everybody as a shell takes it', () => {
    const { hints } = belowUse({ cpus: 8_000 }, { cpus: 12_000 }, '*');
    expect(hints?.[0]).toContain("tranche ps --role '*' --sort cpus");
  });

  it('names several in amounts that can be read, and in bytes for programs', () => {
    // 0.1 of 0.3 cpus; 96 of 1500 MiB.
    const { detail, errors, hints } = belowUse({ mem: 96_000, cpus: 100 }, { cpus: 300, mem: 1_500_000 });
    expect(detail).toBe('limit cpus 0.1 is below the 0.3 and mem 96 MiB below the 1500 MiB that role analytics uses');
    expect(errors).toEqual([
      { path: 'limit.cpus', message: 'must be at least 0.3', value: 0.1 },
      { path: 'limit.memBytes', message: 'must be at least 1572864000', value: 100_663_296 },
    ]);
    expect(hints?.[0]).toBe(
      'set the limit to cpus 0.3, mem 1500 MiB or more, or free 0.2 cpus, 1404 MiB of mem first: tranche ps --role analytics --sort cpus',
    );
  });

  it('sorts by no column that there is not', () => {
    expect(belowUse({ disk: 0 }, { disk: 1_024_000 }).hints?.[0]).toBe(
      'set the limit to 1 GiB or more, or free 1 GiB of disk first: tranche ps --role analytics',
    );
  });

  it('names of all guarantees those that the cluster has not got', () => {
    // 9 of 8 cpus; 1 of 2 GiB; no GPU at all.
    const guaranteed = amounts({ cpus: 9_000, mem: 1_024_000, gpus: 1_000 });
    const capacity = amounts({ cpus: 8_000, mem: 2_048_000 });
    expect(obstacleProblem({ kind: 'overcommit', guaranteed, capacity })).toMatchObject({
      status: 409,
      code: 'quota.overcommit',
      detail: 'all guarantees together would be cpus 9, gpus 1; the cluster has cpus 8, gpus 0',
      hints: [
        'guarantee 1 cpus, 1 gpus less, here or to another role: tranche quota ls',
        'set it all the same: --force',
      ],
    });
  });
});
