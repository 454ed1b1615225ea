import type { TaskInfo } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import { scalars } from '../../testing/executor.builder.js';
import { durationText } from './duration-text.js';
import { executorLimits } from './executor-limits.js';

const MB = 1024 * 1024;
const executor = { resources: scalars(0.1, 32) };
const task = (cpus: number, mem: number, limits?: TaskInfo['limits']) => ({
  resources: scalars(cpus, mem),
  ...(limits === undefined ? {} : { limits }),
});
const options = { enforceCpuRequest: false };

describe('executorLimits', () => {
  it('adds up what the executor and its tasks ask for', () => {
    expect(executorLimits(executor, [task(0.2, 64), task(0.3, 10)], options)).toEqual({
      cpusMilli: 600,
      memBytes: 106 * MB,
    });
  });

  it('has ceilings where a task has one: the other tasks’ requests and the executor’s count', () => {
    const limited = task(0.2, 64, { cpus: { value: 1 }, mem: { value: 128 } });
    expect(executorLimits(executor, [limited, task(0.3, 10)], { enforceCpuRequest: true })).toEqual({
      ...{ cpusMilli: 600, cpusLimitMilli: 1400 },
      ...{ memBytes: 106 * MB, memLimitBytes: 170 * MB },
    });
  });

  it('has none of cpus where a task has none and the agent does not hold tasks to their requests', () => {
    const limited = task(0.2, 64, { cpus: { value: 1 } });
    expect(executorLimits(executor, [limited], options).cpusLimitMilli).toBe(1100);
    expect(executorLimits(executor, [limited, task(0.3, 10)], options)).not.toHaveProperty('cpusLimitMilli');
  });

  it('has the disk of the executor and its tasks, and the volumes of all', () => {
    const disk = (value: number, id?: string) => ({
      ...{ name: 'disk', type: 'SCALAR' as const, scalar: { value } },
      ...(id === undefined
        ? {}
        : {
            reservations: [{ type: 'DYNAMIC' as const, role: 'dev' }],
            disk: { persistence: { id }, volume: { mode: 'RW' as const, container_path: 'data' } },
          }),
    });
    const limits = executorLimits({ resources: [disk(16)] }, [{ resources: [disk(32), disk(64, 'v1')] }, {}], {
      ...options,
      workDir: '/agent',
    });
    expect(limits.diskBytes).toBe(48 * MB);
    expect(limits.volumes).toMatchObject([
      { path: '/agent/volumes/roles/dev/v1', limitBytes: 64 * MB, persistenceId: 'v1' },
    ]);
  });

  it('has none where one is infinite', () => {
    const endless = task(0.2, 64, { mem: { value: 'Infinity' } });
    expect(executorLimits(executor, [endless, task(0.1, 10)], options).memLimitBytes).toBe(Infinity);
  });

  it('holds to the request of cpus where the agent is told to', () => {
    expect(executorLimits(executor, [task(0.2, 64)], { enforceCpuRequest: true }).cpusLimitMilli).toBe(300);
  });
});

describe('durationText', () => {
  it.each([
    [5_000, '5secs'],
    [60_000, '1mins'],
    [900_000, '15mins'],
    [90_000, '1.5mins'],
    [250, '250ms'],
    [7 * 24 * 3_600_000, '1weeks'],
    [0, '0ms'],
  ])('prints %d ms as %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});
