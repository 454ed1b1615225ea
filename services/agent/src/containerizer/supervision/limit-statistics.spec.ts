import { availableParallelism, totalmem } from 'node:os';
import { describe, expect, it } from 'vitest';
import { limitStatistics } from './limit-statistics.js';

const INFINITY = Number.POSITIVE_INFINITY;

describe('limitStatistics', () => {
  it('shows the request as soft limit', () => {
    expect(limitStatistics({ cpusMilli: 1500, memBytes: 64 })).toMatchObject({
      cpusSoftLimit: 1.5,
      memSoftLimitBytes: 64,
    });
  });

  it('shows no cpu limit when none was given', () => {
    expect(limitStatistics({ cpusMilli: 1500, memBytes: 64 })).not.toHaveProperty('cpusLimit');
  });

  it('takes the memory request for the limit when none was given', () => {
    expect(limitStatistics({ cpusMilli: 1500, memBytes: 64 })).toMatchObject({ memLimitBytes: 64 });
  });

  it('shows all of the host for an infinite limit', () => {
    const limits = { cpusMilli: 100, cpusLimitMilli: INFINITY, memBytes: 64, memLimitBytes: INFINITY };
    expect(limitStatistics(limits)).toMatchObject({ cpusLimit: availableParallelism(), memLimitBytes: totalmem() });
  });
});
