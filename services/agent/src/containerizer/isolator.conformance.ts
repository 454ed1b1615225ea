import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '@tranche/telemetry';
import { FakeCgroups } from './cgroups/fake-cgroups.js';
import type { ResourceLimits } from './container.js';
import type { ContainerPlan, Isolator } from './isolator.js';
import type { IsolatorEntry, IsolatorEnvironment } from './isolators.js';

const MEBIBYTE = 1024 * 1024;
const LIMITS: ResourceLimits = {
  ...{ cpusMilli: 500, cpusLimitMilli: 1000, memBytes: 64 * MEBIBYTE, diskBytes: 64 * MEBIBYTE },
};
const PLAN: ContainerPlan = { id: 'c1', limits: LIMITS, sandbox: '/srv/sandbox' };

/** Above the largest pid that Linux gives out. */
const PID = 4_194_305;

/** What every isolator must hold, under every kind of cgroups; the suite walks the list, so a new one is in it at once. */
export function describeIsolator(entry: IsolatorEntry, mode: FakeCgroups['mode']): void {
  describe(`${entry.name} with cgroups ${mode}`, () => {
    let cgroups: FakeCgroups;
    let isolator: Isolator;

    beforeEach(() => {
      cgroups = new FakeCgroups(mode);
      const environment: IsolatorEnvironment = {
        cgroups: cgroups.tree,
        init: '/usr/bin/tini',
        listProcesses: () => [],
        disk: { measure: async () => 4096, intervalMs: 1_000, enforces: true, clock: new FakeClock() },
      };
      isolator = entry.create(environment);
    });

    afterEach(() => cgroups.remove());

    /** Everything up to the point where the container runs. */
    const setUp = async (): Promise<AbortController> => {
      await isolator.prepare(PLAN);
      cgroups.addContainer('c1');
      await isolator.isolate('c1', PID);
      return new AbortController();
    };

    it('has the name under which it is listed', () => {
      expect(isolator.name).toBe(entry.name);
    });

    it('contributes something that JSON keeps as it is', async () => {
      const contribution = await isolator.prepare(PLAN);
      expect(JSON.parse(JSON.stringify(contribution))).toEqual(contribution);
    });

    it('contributes the same to containers that are asked for in the same way', async () => {
      expect(await isolator.prepare({ ...PLAN, id: 'c2' })).toEqual(await isolator.prepare(PLAN));
    });

    it('touches nothing before the container is created', async () => {
      await isolator.prepare(PLAN);
      expect(cgroups.tree.list()).toEqual([]);
    });

    it('sees no limitation in a container that kept to its limits', async () => {
      const stop = await setUp();
      const watching = isolator.watch('c1', stop.signal);
      stop.abort();
      expect(await watching).toBeUndefined();
      expect(await isolator.limitationAtEnd('c1')).toBeUndefined();
    });

    it('stops watching at once when the container is over already', async () => {
      const stop = await setUp();
      stop.abort();
      expect(await isolator.watch('c1', stop.signal)).toBeUndefined();
    });

    it('takes new limits and reports usage without a field that is undefined', async () => {
      await setUp();
      await isolator.update('c1', { ...LIMITS, memBytes: 128 * MEBIBYTE });
      const usage = await isolator.usage('c1');
      expect(JSON.parse(JSON.stringify(usage))).toEqual(usage);
    });

    it('serves a container of an earlier run as well as its own', async () => {
      cgroups.addContainer('c1');
      await isolator.recover([{ ...PLAN, pid: PID }], ['orphan']);
      await expect(isolator.update('c1', LIMITS)).resolves.toBeUndefined();
      await expect(isolator.usage('c1')).resolves.toBeDefined();
    });

    it('reports nothing of a container whose cgroups are gone', async () => {
      expect(await isolator.usage('gone')).toEqual({});
      expect(await isolator.limitationAtEnd('gone')).toBeUndefined();
    });

    it('cleans up again and again, also what was only prepared or never there', async () => {
      await isolator.prepare(PLAN);
      await isolator.cleanup('c1');
      await isolator.cleanup('c1');
      await expect(isolator.cleanup('never')).resolves.toBeUndefined();
    });
  });
}
