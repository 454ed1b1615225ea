import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCgroupFile } from '../cgroups/cgroup-file.js';
import { until } from '../until.js';
import { MEBIBYTE } from './bench.js';
import type { Subject } from './subject.js';

/** How the end of a container is told, and that nothing of it runs on. */
export function describeEnds(subject: Subject): void {
  describe('a container that ends by itself', () => {
    it('reports exit code 0 as wait status 0', async () => {
      const { termination } = await subject.run('exit 0');
      expect(termination.waitStatus).toBe(0);
    });

    it('reports another exit code times 256', async () => {
      const { termination } = await subject.run('exit 3');
      expect(termination.waitStatus).toBe(3 * 256);
    });

    it('reports the signal that killed it', async () => {
      const { termination } = await subject.run('kill -KILL $$');
      expect(termination.waitStatus).toBe(9);
    });

    it('keeps exit codes that look like no signal', async () => {
      const { termination } = await subject.run('exit 255');
      expect(termination.waitStatus).toBe(255 * 256);
    });

    it('is hit by no limitation', async () => {
      const { termination } = await subject.run('true');
      expect(termination.limitation).toBeUndefined();
    });

    it('leaves its last statistics', async () => {
      const { termination } = await subject.run('true');
      expect(termination.statistics?.timestampSeconds).toBeGreaterThan(0);
      expect(termination.statistics).toMatchObject({ cpusSoftLimit: 0.1, memLimitBytes: 64 * MEBIBYTE });
    });
  });

  it('ends orphans when the first process ends', async () => {
    const mark = randomUUID();
    await subject.run(`sh -c 'sleep 300; exit' ${mark} & while ! grep -q ${mark} /proc/$!/cmdline; do :; done`);
    expect(await until(() => !commandLines().some((line) => line.includes(mark)))).toBe(true);
  });

  it('ends processes that made a session of their own', async (context) => {
    if (!subject.traits.holdsEscapees)
      return context.skip('without cgroups a process that left its session is not found');
    const mark = randomUUID();
    await subject.run(`setsid sh -c 'echo up; sleep 300; exit' ${mark} & while [ ! -s stdout ]; do sleep 0.01; done`);
    expect(await until(() => !commandLines().some((line) => line.includes(mark)))).toBe(true);
  });
}

/** Command lines of all processes of the machine, arguments ended by NUL. */
function commandLines(): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => readCgroupFile(`/proc/${pid}/cmdline`) ?? '');
}
