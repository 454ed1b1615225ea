import { type AllocationEngine, createEngine } from '@tranche/allocation';
import type { MakeInverseOffers, MakeOffers } from '@tranche/contracts';
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
  let asked: MakeInverseOffers[];
  let reports: RunReport[];
  let failures: unknown[];
  let fails: boolean;
  let engine: AllocationEngine;
  let runner: AllocationRunner;
  beforeEach(() => {
    turns = [];
    sent = [];
    asked = [];
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
        async makeInverseOffers(items): Promise<void> {
          if (fails) throw new Error('broker away');
          asked.push(...items);
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
    expect(reports).toEqual([{ run: 1, trigger: 'event', given: 2, durationMs: 0, waitedMs: 0 }]);
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

  it('asks who holds something on an agent under maintenance to leave, once', () => {
    engine.setFrameworkActive('f', true);
    runner.runInterval();
    engine.setMaintenance('a', { startNs: 1 });
    runner.requestDue();
    turn();
    runner.runInterval();
    expect(asked).toEqual([{ frameworkId: 'f', agentId: 'a' }]);
  });

  it('asks again when the request did not reach the broker, or ended without an answer', async () => {
    engine.setFrameworkActive('f', true);
    runner.runInterval();
    engine.setMaintenance('b', { startNs: 1 });
    fails = true;
    runner.runInterval();
    await expect.poll(() => failures.length).toBe(1);
    fails = false;
    runner.runInterval();
    engine.endInverseOffer({ frameworkId: 'f', agentId: 'b' });
    runner.runInterval();
    expect(asked).toEqual([
      { frameworkId: 'f', agentId: 'b' },
      { frameworkId: 'f', agentId: 'b' },
    ]);
  });
});
