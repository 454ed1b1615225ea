import type { MakeOffers } from '@tranche/contracts';
import { Resources } from '@tranche/resources';
import { beforeEach, describe, expect, it } from 'vitest';
import { DrfEngine } from '../engine/drf.engine.js';
import { AllocationRunner, type RunReport } from './allocation-runner.js';
import { MadeAllocations } from './made-allocations.js';

describe('AllocationRunner', () => {
  let turns: (() => void)[];
  let sent: MakeOffers[][];
  let reports: RunReport[];
  let failures: unknown[];
  let fails: boolean;
  let engine: DrfEngine;
  let runner: AllocationRunner;
  beforeEach(() => {
    turns = [];
    sent = [];
    reports = [];
    failures = [];
    fails = false;
    engine = new DrfEngine({ allocationIntervalMs: 1_000, random: () => 0.999 });
    for (const agentId of ['a', 'b']) {
      engine.putAgent({ agentId, total: Resources.parse('cpus:1;mem:64') });
      engine.setHeld(agentId, []);
    }
    engine.putFramework({ frameworkId: 'f', roles: ['*'], suppressedRoles: [], capabilities: new Set(), active: true });
    runner = new AllocationRunner({
      engine,
      made: new MadeAllocations('e1'),
      clock: { nowMs: () => 0 },
      later: (run) => turns.push(run),
      report: (report) => reports.push(report),
      failed: (error) => failures.push(error),
      offers: {
        async makeOffers(items): Promise<void> {
          if (fails) throw new Error('broker away');
          sent.push([...items]);
        },
      },
    });
  });
  const turn = (): void => turns.splice(0).forEach((run) => run());

  it('joins the requests of one turn into one run and sends its results in one message', () => {
    runner.requestAgent('a');
    runner.requestAgent('b');
    turn();
    expect(reports).toEqual([{ run: 1, trigger: 'event', given: 2, durationMs: 0 }]);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.[0]).toMatchObject({
      frameworkId: 'f',
      role: '*',
      agentId: 'a',
      epoch: 'e1',
      run: 1,
      resources: [
        { name: 'cpus', type: 'SCALAR', scalar: { value: 1 } },
        { name: 'mem', type: 'SCALAR', scalar: { value: 64 } },
      ],
    });
  });

  it('looks at the requested agents only, and at all when all are requested', () => {
    runner.requestAgent('b');
    turn();
    expect(sent[0]?.map((item) => item.agentId)).toEqual(['b']);
    runner.requestAgent('b');
    runner.requestAll();
    turn();
    expect(sent[1]?.map((item) => item.agentId)).toEqual(['a']);
  });

  it('sends nothing when there is nothing to give', () => {
    runner.runInterval();
    runner.runInterval();
    expect(reports.map((report) => report.given)).toEqual([2, 0]);
    expect(sent).toHaveLength(1);
  });

  it('takes allocations back that did not reach the broker', async () => {
    fails = true;
    runner.runInterval();
    await expect.poll(() => failures.length).toBe(1);
    expect([...engine.held()]).toEqual([]);
    fails = false;
    runner.runInterval();
    expect(sent[0]).toHaveLength(2);
  });
});
