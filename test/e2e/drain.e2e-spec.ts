import type { ActionView, AgentView, TaskView } from '@tranche/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from './local-cluster.js';

const items = async <T>(cluster: LocalCluster, path: string): Promise<T[]> =>
  (await cluster.get<{ items: T[] }>(path)).items;

describe('draining an agent', () => {
  let cluster: LocalCluster;
  beforeAll(async () => {
    cluster = await LocalCluster.start('--agents', '2', '--resources', 'cpus:2;mem:512;ports:[31000-31009]');
  });
  afterAll(() => cluster?.stop());

  const operator = (type: string, body: object): Promise<Response> =>
    fetch(`${cluster.url}/api/v1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type, [type.toLowerCase()]: body }),
    });

  it('ends its tasks, keeps new ones away, and gives it back when it is activated', async () => {
    const run = cluster.cli('run', '--name', 'stay', '--cpus', '0.1', '--mem', '32m', '--', 'sleep 600');
    await run.until(/running/);
    const task = (await items<TaskView>(cluster, '/v1/tasks')).find(({ name }) => name === 'stay');
    const drained = await cluster.tranche('agent', 'drain', task?.agentId ?? '', '--deadline', '1s', '--yes', '--wait');
    expect(drained.status).toBe(0);
    expect(drained.stderr).toMatch(/(1|0 of 1) task left[\s\S]*is empty/);
    expect((await run.finished).status).not.toBe(0);
    const ended = (await items<TaskView>(cluster, '/v1/tasks')).find(({ id }) => id === task?.id);
    expect(ended).toMatchObject({ state: 'TASK_KILLED', cause: 'killed by agent drain' });

    // All that runs now runs on the other agent.
    const elsewhere = await cluster.tranche('run', '--name', 'go', '--cpus', '0.1', '--mem', '32m', '--', 'true');
    expect(elsewhere.status).toBe(0);
    const placed = (await items<TaskView>(cluster, '/v1/tasks')).filter(({ name }) => name === 'go');
    expect(placed.map(({ agentId }) => agentId)).not.toContain(task?.agentId);

    expect((await cluster.tranche('agent', 'ls')).stdout).toMatch(/drained/);
    expect((await cluster.tranche('agent', 'activate', task?.agentId ?? '')).status).toBe(0);
    const agents = await items<AgentView>(cluster, '/v1/agents');
    expect(agents.map(({ state }) => state)).toEqual(['active', 'active']);
  });

  it('holds over a restart of everything', async () => {
    const [agent] = await items<AgentView>(cluster, '/v1/agents');
    const agentId = agent?.id ?? '';
    expect((await operator('DEACTIVATE_AGENT', { agent_id: { value: agentId } })).status).toBe(200);
    await cluster.crash();
    await cluster.up();
    const after = await cluster.get<AgentView>(`/v1/agents/${agentId}`);
    expect(after.state).toBe('deactivated');
    expect((await operator('REACTIVATE_AGENT', { agent_id: { value: agentId } })).status).toBe(200);
    expect(await (await operator('REACTIVATE_AGENT', { agent_id: { value: agentId } })).text()).toBe(
      'Agent is not deactivated',
    );
  });

  it('is an action: with progress and what it waits for, over a restart, and taken back while it runs', async () => {
    const stubborn = 'trap "" TERM; while true; do sleep 0.2; done';
    const run = cluster.cli('run', '--name', 'stubborn', '--cpus', '0.1', '--mem', '32m', '--', stubborn);
    await run.until(/running/);
    const task = (await items<TaskView>(cluster, '/v1/tasks')).find(({ name }) => name === 'stubborn');
    const agent = `/v1/agents/${task?.agentId}`;
    const drain = (body: object): Promise<Response> =>
      fetch(`${cluster.url}${agent}:drain`, { method: 'POST', body: JSON.stringify(body) });
    const ordered = await drain({ maxGraceMs: 600_000 });
    const location = ordered.headers.get('location') ?? '';
    expect([ordered.status, location]).toEqual([202, expect.stringMatching(/^\/v1\/actions\/drain-/)]);
    const running = {
      state: 'running',
      agentId: task?.agentId,
      progress: { done: 0, total: 1, unit: 'tasks' },
      blockers: [{ code: 'task-alive', text: expect.stringContaining(String(task?.id)) }],
      isCancellable: true,
    };
    expect(await cluster.get(location)).toMatchObject(running);
    expect((await cluster.tranche('agent', 'ls')).stdout).toMatch(/draining 0\/1/);
    await cluster.crash();
    await cluster.up();
    // The agent comes back, and is told again.
    await expect.poll(() => cluster.get<ActionView>(location)).toMatchObject(running);
    expect(await items<ActionView>(cluster, '/v1/actions?state=running&kind=drain')).toMatchObject([running]);

    const cancel = (query = ''): Promise<Response> => fetch(cluster.url + location + query, { method: 'DELETE' });
    expect(await (await cancel('?dryRun')).json()).toMatchObject({ state: 'cancelled' });
    const cancelled = await cancel();
    expect([cancelled.status, await cancelled.json()]).toMatchObject([200, { state: 'cancelled', blockers: [] }]);
    expect((await fetch(cluster.url + location)).status).toBe(404);
    expect((await cluster.get<AgentView>(agent)).state).toBe('active');
    // The other agent is taken away: only the one whose drain was taken back is left to run it.
    const others = (await items<AgentView>(cluster, '/v1/agents')).filter(({ id }) => id !== task?.agentId);
    for (const { id } of others) await cluster.tranche('agent', 'deactivate', id, '--yes');
    const again = cluster.cli('run', '--name', 'again', '--cpus', '0.1', '--mem', '32m', '--', 'sleep 600');
    await again.until(/running/);
    const placed = (await items<TaskView>(cluster, '/v1/tasks')).find(({ name }) => name === 'again');
    expect(placed?.agentId).toBe(task?.agentId);
    for (const { id } of others) await cluster.tranche('agent', 'activate', id);

    const second = await drain({ maxGraceMs: 100 });
    const next = second.headers.get('location') ?? '';
    expect(next).not.toBe(location);
    await expect
      .poll(() => cluster.get<ActionView>(next))
      .toMatchObject({ state: 'done', endedAt: expect.any(String) });
    const { progress } = await cluster.get<ActionView>(next);
    expect([progress.done, progress.total > 0]).toEqual([progress.total, true]);
    expect(await (await fetch(cluster.url + next, { method: 'DELETE' })).json()).toMatchObject({
      status: 409,
      code: 'action.not_cancellable',
    });
    await Promise.all([run.finished, again.finished]);
    await cluster.tranche('agent', 'activate', task?.agentId ?? '');
  });

  it('answers for the tasks of an agent that is declared gone, and never takes it back', async () => {
    const run = cluster.cli('run', '--name', 'lost', '--cpus', '0.1', '--mem', '32m', '--', 'sleep 600');
    await run.until(/running/);
    const task = (await items<TaskView>(cluster, '/v1/tasks')).find(({ name }) => name === 'lost');
    const gone = await cluster.tranche('agent', 'gone', task?.agentId ?? '', '--yes');
    expect(gone.status).toBe(0);
    await run.finished;
    const ended = (await items<TaskView>(cluster, '/v1/tasks')).find(({ id }) => id === task?.id);
    expect(ended?.state).toMatch(/^TASK_(GONE_BY_OPERATOR|LOST)$/);
    expect((await cluster.get<AgentView>(`/v1/agents/${task?.agentId}`)).state).toBe('gone');
  });
});
