import { describe, expect, it } from 'vitest';
import { PosixFilesystemIsolator } from './posix.isolator.js';

const PLAN = { id: 'c1', limits: { cpusMilli: 100, memBytes: 1 }, sandbox: '/srv/sandbox' };

describe('filesystem/posix', () => {
  it('contributes nothing', async () => {
    expect(await new PosixFilesystemIsolator().prepare(PLAN)).toEqual({});
  });
});
