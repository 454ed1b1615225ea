import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from './local-cluster.js';

describe('the read side', () => {
  let cluster: LocalCluster;
  beforeAll(async () => {
    cluster = await LocalCluster.start();
    await cluster.tranche('run', '--name', 'writer', '--detach', '--', 'sh', '-c', 'echo out; echo err >&2; sleep 300');
  });
  afterAll(() => cluster?.stop());

  it.each([
    ['/state', ['version', 'id', 'pid', 'leader_info', 'slaves', 'frameworks', 'completed_frameworks', 'orphan_tasks']],
    ['/master/state/', ['slaves']],
    ['/state-summary', ['hostname', 'slaves', 'frameworks']],
    ['/slaves', ['slaves', 'recovered_slaves']],
    ['/master/frameworks/?_ts=1', ['frameworks', 'completed_frameworks', 'unregistered_frameworks']],
    ['/tasks?order=asc&limit=-1', ['tasks']],
    ['/version', ['version', 'build_date', 'build_time', 'build_user']],
    ['/metrics/snapshot', ['master/elected', 'master/tasks_running', 'master/slaves_active']],
    ['/roles', ['roles']],
  ])('serves %s with the keys that clients expect', async (path, keys) => {
    const document = await cluster.get<Record<string, unknown>>(path);
    expect(Object.keys(document)).toEqual(expect.arrayContaining(keys));
  });

  it('shows a running task in /state under its framework, with resources used on its agent', async () => {
    interface State {
      frameworks: { name: string; tasks: { name: string; state: string; slave_id: string }[] }[];
      slaves: { id: string; used_resources: { cpus: number; mem: number }; resources: { ports: string } }[];
    }
    const running = async () =>
      (await cluster.get<State>('/state')).frameworks
        .flatMap((f) => f.tasks)
        .find((t) => t.name === 'writer' && t.state === 'TASK_RUNNING');
    await expect.poll(running, { timeout: 10_000 }).toBeDefined();
    const state = await cluster.get<State>('/state');
    const task = await running();
    const agent = state.slaves.find((slave) => slave.id === task?.slave_id);
    expect(agent?.used_resources).toMatchObject({ cpus: 0.1, mem: 64 });
    expect(agent?.resources.ports).toMatch(/^\[\d+-\d+\]$/);
  });

  it('answers /health and sends browsers on by /redirect', async () => {
    expect((await fetch(`${cluster.url}/health`)).status).toBe(200);
    const redirect = await fetch(`${cluster.url}/redirect`, { redirect: 'manual' });
    expect([redirect.status, redirect.headers.get('location')]).toEqual([307, `//127.0.0.1:${cluster.port}`]);
  });

  it('wraps JSON for ?jsonp', async () => {
    const answer = await fetch(`${cluster.url}/version?jsonp=cb`);
    expect(await answer.text()).toMatch(/^cb\(\{.*\}\)/);
  });

  it('serves the agent: state, containers, statistics and the sandbox', async () => {
    const agents = [1, 2, 3].map((n) => `http://127.0.0.1:${cluster.port + n}`);
    const containers = (
      await Promise.all(agents.map(async (agent) => (await fetch(`${agent}/containers`)).json() as Promise<object[]>))
    ).flat();
    expect(containers).toMatchObject([{ container_id: expect.any(String), framework_id: expect.any(String) }]);
    const statistics = (
      await Promise.all(
        agents.map(async (agent) => (await fetch(`${agent}/slave(1)/monitor/statistics`)).json() as Promise<object[]>),
      )
    ).flat();
    expect(statistics).toMatchObject([{ statistics: { timestamp: expect.any(Number) } }]);
    const states = await Promise.all(
      agents.map(
        async (agent) =>
          (await fetch(`${agent}/state`)).json() as Promise<{ frameworks: { executors: { directory: string }[] }[] }>,
      ),
    );
    const directory = states.flatMap((s) => s.frameworks).flatMap((f) => f.executors)[0]?.directory ?? '';
    const owner = agents[states.findIndex((s) => s.frameworks.length > 0)] ?? '';
    const browse = await (await fetch(`${owner}/files/browse?path=${encodeURIComponent(directory)}`)).json();
    expect(browse).toMatchObject([
      { path: `${directory}/stderr` },
      { path: `${directory}/stdout`, size: 4, mode: expect.stringMatching(/^-rw/) },
    ]);
    const read = await (
      await fetch(`${owner}/files/read?path=${encodeURIComponent(`${directory}/stdout`)}&offset=0`)
    ).json();
    expect(read).toEqual({ offset: 0, data: 'out\n' });
    const download = await fetch(`${owner}/files/download?path=${encodeURIComponent(`${directory}/stderr`)}`);
    expect([download.headers.get('content-disposition'), await download.text()]).toEqual([
      'attachment; filename=stderr',
      'err\n',
    ]);
  });

  it('tells the command line what it asks', async () => {
    for (const noun of ['agent', 'framework', 'offer']) {
      const listed = await cluster.tranche(noun, 'ls', '--json');
      expect([noun, listed.status, Array.isArray((JSON.parse(listed.stdout) as { items: unknown }).items)]).toEqual([
        noun,
        0,
        true,
      ]);
    }
    expect((await cluster.tranche('agent', 'ls')).stdout.split('\n')).toHaveLength(5);
    expect((await cluster.tranche('ps')).stdout).toMatch(/^NAME +STATE/);
    expect((await cluster.tranche('status')).stdout).toMatch(/agents +3 active/);
    expect((await cluster.tranche('logs', 'writer')).stdout).toContain('out');
    expect((await cluster.tranche('fs', 'cat', 'writer:stderr')).stdout).toBe('err\n');
    expect((await cluster.tranche('version')).stdout).toMatch(/\d+\.\d+\.\d+/);
  });

  it('names candidates when a task is not found, with exit code 3', async () => {
    const missing = await cluster.tranche('logs', 'writerr');
    expect(missing.status).toBe(3);
    expect(missing.stderr).toContain('no task matches "writerr"');
  });
});
