import type { AgentView, TaskView } from '@tranche/contracts';
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
    expect(drained.stderr).toMatch(/1 task left[\s\S]*is empty/);
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
