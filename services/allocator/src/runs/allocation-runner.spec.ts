import { type AllocationEngine, createEngine } from '@tranche/allocation';
import type { MakeOffers } from '@tranche/contracts';
import { Resources } from '@tranche/resources';
import { beforeEach, describe, expect, it } from 'vitest';
import { AllocationRunner, type RunReport } from './allocation-runner.js';
import { MadeAllocations } from './made-allocations.js';

const agent = (id: string) => ({
  id,
  hostname: id,
  resources: Resources.parse('cpus:1;mem:64'),
  attributes: [],
  capabilities: [],
});
const framework = { id: 'f', roles: ['*'], suppressedRoles: [], capabilities: [] };

describe('AllocationRunner', () => {
  let turns: (() => void)[];
  let sent: MakeOffers[][];
  let reports: RunReport[];
  let failures: unknown[];
  let fails: boolean;
  let engine: AllocationEngine;
  let runner: AllocationRunner;
  beforeEach(() => {
    turns = [];
    sent = [];
    reports = [];
    failures = [];
    fails = false;
    engine = createEngine({ random: () => 0.5, agentOrder: 'id' });
    engine.addFramework(framework, false);
    for (const id of ['a', 'b']) engine.addAgent(agent(id), []);
    engine.allocate('triggered', 0);
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

  it('joins the events of one turn into one run and sends its results in one message', () => {
    engine.setFrameworkActive('f', true);
    runner.requestDue();
    runner.requestDue();
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

  it('does not run for events that call for no run', () => {
    engine.suppress('f', []);
    runner.requestDue();
    expect(turns).toEqual([]);
  });

  it('sends nothing when there is nothing to give', () => {
    engine.setFrameworkActive('f', true);
    runner.runInterval();
    runner.runInterval();
    expect(reports.map((report) => report.given)).toEqual([2, 0]);
    expect(sent).toHaveLength(1);
  });

  it('takes allocations back that did not reach the broker', async () => {
    engine.setFrameworkActive('f', true);
    fails = true;
    runner.runInterval();
    await expect.poll(() => failures.length).toBe(1);
    expect([...engine.view.holdings()]).toEqual([]);
    fails = false;
    runner.runInterval();
    expect(sent[0]).toHaveLength(2);
  });
});
