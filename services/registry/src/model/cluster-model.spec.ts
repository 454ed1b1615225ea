import type { OffersSnapshot } from '@tranche/contracts';
import { describe, expect, it } from 'vitest';
import { knownAgent } from '../agents/agents.fakes.js';
import { ClusterModel } from './cluster-model.js';
import { cpus, frameworkRecord, offerRecord, status, taskRecord } from './model.fakes.js';

const model = (limits: Partial<ConstructorParameters<typeof ClusterModel>[0]> = {}): ClusterModel =>
  new ClusterModel({ maxCompletedFrameworks: 10, maxCompletedTasksPerFramework: 10, ...limits });

const withFramework = (limits = {}): ClusterModel => {
  const cluster = model(limits);
  cluster.agents.agentChanged(knownAgent());
  cluster.applyFramework({ framework: frameworkRecord() });
  return cluster;
};

const update = (taskId: string, state: Parameters<typeof status>[0], completed = false) => ({
  frameworkId: 'f',
  taskId,
  agentId: 'c-S0',
  state,
  status: status(state),
  completed,
});

const snapshot = (more: Partial<OffersSnapshot>): OffersSnapshot => ({
  asOf: { source: 'offers/1', numbers: {} },
  frameworks: [],
  tasks: [],
  offers: [],
  held: [],
  ...more,
});

describe('ClusterModel', () => {
  it('sums what tasks hold by framework and agent, with the role', () => {
    const cluster = withFramework();
    cluster.applyLaunch({ task: taskRecord({ taskId: 'a', resources: [cpus(1)] }) });
    cluster.applyLaunch({ task: taskRecord({ taskId: 'b', resources: [cpus(0.5)] }) });
    expect(cluster.framework('f')?.used.resources.toString()).toBe('cpus(allocated: r):1.5');
    expect(cluster.agents.get('c-S0')?.used.resources.toString()).toBe('cpus(allocated: r):1.5');
  });

  it('frees what a task held when it ends, before its end is acknowledged', () => {
    const cluster = withFramework();
    cluster.applyLaunch({ task: taskRecord() });
    cluster.applyUpdate(update('t', 'TASK_FAILED'));
    expect(cluster.framework('f')?.used.resources.isEmpty).toBe(true);
    expect(cluster.framework('f')?.live.get('t')?.shelf).toBe('tasks');
    cluster.applyUpdate({ ...update('t', 'TASK_FAILED', true), status: undefined });
    expect(cluster.tasks('t').map((task) => task.shelf)).toEqual(['completed_tasks']);
  });

  it('frees what an unreachable task held and takes it back when the task is', () => {
    const cluster = withFramework();
    cluster.applyLaunch({ task: taskRecord() });
    cluster.applyUpdate(update('t', 'TASK_UNREACHABLE'));
    expect([cluster.tasks('t')[0]?.shelf, cluster.framework('f')?.used.resources.isEmpty]).toEqual([
      'unreachable_tasks',
      true,
    ]);
    cluster.applyUpdate(update('t', 'TASK_RUNNING'));
    expect(cluster.framework('f')?.used.resources.toString()).toBe('cpus(allocated: r):1');
  });

  it('keeps one status per consecutive equal state, the last', () => {
    const cluster = withFramework();
    cluster.applyLaunch({ task: taskRecord() });
    cluster.applyUpdate(update('t', 'TASK_RUNNING'));
    const healthy = { ...update('t', 'TASK_RUNNING'), status: status('TASK_RUNNING', { healthy: true }) };
    cluster.applyUpdate(healthy);
    cluster.applyUpdate(update('t', 'TASK_KILLING'));
    const statuses = cluster.tasks('t')[0]?.record.statuses;
    expect(statuses?.map((s) => [s.state, s.healthy])).toEqual([
      ['TASK_RUNNING', true],
      ['TASK_KILLING', undefined],
    ]);
  });

  it('keeps two runs under one id apart', () => {
    const cluster = withFramework();
    for (let run = 0; run < 2; run++) {
      cluster.applyLaunch({ task: taskRecord() });
      cluster.applyUpdate(update('t', 'TASK_FINISHED', run === 0));
    }
    expect(cluster.tasks('t').map((task) => task.shelf)).toEqual(['completed_tasks', 'tasks']);
  });

  it('forgets the oldest completed tasks beyond the limit', () => {
    const cluster = withFramework({ maxCompletedTasksPerFramework: 2 });
    for (const taskId of ['a', 'b', 'c']) {
      cluster.applyLaunch({ task: taskRecord({ taskId }) });
      cluster.applyUpdate(update(taskId, 'TASK_FINISHED', true));
    }
    expect(['a', 'b', 'c'].map((taskId) => cluster.tasks(taskId).length)).toEqual([0, 1, 1]);
    expect(cluster.framework('f')?.tally.get('TASK_FINISHED')).toBe(2);
    expect(cluster.agents.get('c-S0')?.tally.get('TASK_FINISHED')).toBe(2);
  });

  it('voids the offers and completes the tasks of a removed framework', () => {
    const cluster = withFramework();
    cluster.applyOffer({ kind: 'made', offer: offerRecord() });
    cluster.applyLaunch({ task: taskRecord() });
    cluster.applyFramework({ framework: frameworkRecord({ state: 'removed' }) });
    expect(cluster.outstandingOffers).toBe(0);
    expect(cluster.tasks('t')[0]?.shelf).toBe('completed_tasks');
    const agent = cluster.agents.get('c-S0');
    expect([agent?.used.isEmpty, agent?.offered.isEmpty, agent?.tally.isEmpty]).toEqual([true, true, true]);
  });

  it('takes the last status of a task whose framework was removed before it came', () => {
    const cluster = withFramework();
    cluster.applyLaunch({ task: taskRecord() });
    cluster.applyFramework({ framework: frameworkRecord({ state: 'removed' }) });
    expect(cluster.applyUpdate(update('t', 'TASK_KILLED', true))).toBe('applied');
    expect(cluster.tasks('t')[0]).toMatchObject({ shelf: 'completed_tasks', record: { state: 'TASK_KILLED' } });
  });

  it('forgets the framework that was removed first beyond the limit', () => {
    const cluster = model({ maxCompletedFrameworks: 1 });
    for (const frameworkId of ['a', 'b']) {
      cluster.applyFramework({ framework: frameworkRecord({ frameworkId }) });
      cluster.applyLaunch({ task: taskRecord({ frameworkId, taskId: frameworkId }) });
      cluster.applyFramework({ framework: frameworkRecord({ frameworkId, state: 'removed' }) });
    }
    expect([...cluster.allFrameworks()].map((framework) => framework.record.frameworkId)).toEqual(['b']);
    expect([cluster.tasks('a').length, cluster.tasks('b').length]).toEqual([0, 1]);
  });

  it('knows when a fact is about something it has never heard of', () => {
    const cluster = withFramework();
    expect(cluster.applyUpdate(update('unknown', 'TASK_RUNNING'))).toBe('unknown');
    expect(cluster.applyLaunch({ task: taskRecord({ frameworkId: 'unknown' }) })).toBe('unknown');
    expect(cluster.applyOffer({ kind: 'made', offer: offerRecord({ frameworkId: 'unknown' }) })).toBe('unknown');
    expect(cluster.applyOffer({ kind: 'ended', offerId: 'unknown', outcome: 'declined' })).toBe('applied');
  });

  it('lists an executor while it has a task that has not ended', () => {
    const cluster = withFramework();
    const executor = { executor_id: { value: 'e' }, framework_id: { value: 'f' } };
    for (const taskId of ['a', 'b']) {
      const task = taskRecord({ taskId });
      cluster.applyLaunch({ task: { ...task, info: { ...task.info, executor } } });
    }
    const executors = (): number => cluster.framework('f')?.executors.size ?? -1;
    cluster.applyUpdate(update('a', 'TASK_FINISHED'));
    expect(executors()).toBe(1);
    cluster.applyUpdate(update('b', 'TASK_FINISHED'));
    expect(executors()).toBe(0);
  });

  it('starts from a snapshot: what it does not contain is gone', () => {
    const cluster = withFramework();
    cluster.applyLaunch({ task: taskRecord({ taskId: 'old' }) });
    const live = { task: taskRecord({ taskId: 'x' }), completed: false };
    const past = { task: taskRecord({ taskId: 'x', state: 'TASK_FINISHED' }), completed: true };
    cluster.replace(snapshot({ frameworks: [frameworkRecord()], tasks: [live, past], offers: [offerRecord()] }));
    expect([cluster.tasks('old').length, cluster.outstandingOffers]).toEqual([0, 1]);
    expect(cluster.framework('f')?.live.get('x')?.record.state).toBe('TASK_STAGING');
    expect(cluster.agents.get('c-S0')?.used.resources.toString()).toBe('cpus(allocated: r):1');
  });

  it('counts ends by state, source and reason, in the spelling of the metrics', () => {
    const cluster = withFramework();
    cluster.applyLaunch({ task: taskRecord() });
    const lost = status('TASK_LOST', { source: 'SOURCE_MASTER', reason: 'REASON_AGENT_REMOVED' });
    cluster.applyUpdate({ ...update('t', 'TASK_LOST', true), status: lost });
    cluster.applyUpdate({ ...update('t', 'TASK_LOST', true), status: lost });
    expect(cluster.counters.ended('TASK_LOST')).toBe(1);
    expect([...cluster.counters.reasons]).toEqual([['task_lost/source_master/reason_slave_removed', 1]]);
  });
});
