import type { AgentExplanationView, ExplanationView, RoleExplanationView } from '@tranche/contracts';
import { Scheduler } from '@tranche/scheduler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from './local-cluster.js';

/** Subscribes a framework that declines whatever it is offered for a minute; resolves when it has declined every agent. */
async function subscribeDecliner(url: string, name: string, agents: number): Promise<Scheduler> {
  const scheduler = new Scheduler({ url, framework: { user: 'root', name } });
  const declined = new Set<string>();
  await new Promise<void>((resolve, reject) => {
    const follow = async (): Promise<void> => {
      for await (const event of scheduler) {
        if (event.type !== 'offers') continue;
        await scheduler.decline(event.offers, { refuse_seconds: 60 });
        for (const offer of event.offers) declined.add(offer.agent_id.value);
        if (declined.size === agents) resolve();
      }
    };
    follow().catch(reject);
  });
  return scheduler;
}

describe('tranche explain', () => {
  let cluster: LocalCluster;
  beforeAll(async () => {
    cluster = await LocalCluster.start('--resources', 'cpus:2;mem:1024;ports:[31000-31009]');
  });
  afterAll(() => cluster?.stop());

  it('says of a shape that no agent is large enough, and which is the largest', async () => {
    const { status, stdout } = await cluster.tranche('explain', '--cpus', '64');
    expect(status).toBe(6);
    expect(stdout).toMatch(/−3 +shape\.too_big +cpus 64 asked, the largest has 2 +0/);
    expect(stdout).toMatch(/largest free: cpus 2 on agent\d +in all cpus 6/);
    expect(stdout).toContain('would be offered now: none');
    const view = await cluster.get<ExplanationView>('/v1/explain?cpus=64');
    expect(view.largestFree.find(({ name }) => name === 'cpus')).toMatchObject({ amount: 2 });
  });

  it('exits with 0 when something would be offered, and says of which agents', async () => {
    const { status, stdout } = await cluster.tranche('explain', '--cpus', '1', '--mem', '512m', '--json');
    const view = JSON.parse(stdout) as ExplanationView;
    expect(status).toBe(0);
    expect(view.offered).toMatchObject({ agents: 3, amounts: { cpus: 6 } });
    expect(view.asOf.run).toBeGreaterThan(0);
  });

  it('says of a framework what it has declined and for how long, and that reviving would help', async () => {
    const scheduler = await subscribeDecliner(cluster.url, 'choosy', 3);
    const explained = (): Promise<ExplanationView> =>
      cluster.get<ExplanationView>(`/v1/explain/frameworks/${scheduler.frameworkId}`);
    await expect.poll(async () => (await explained()).funnel[0]).toMatchObject({ code: 'filter.declined', agents: 3 });
    const { status, stdout } = await cluster.tranche('explain', 'framework', 'choosy', '--agents');
    expect(status).toBe(6);
    expect(stdout).toMatch(/^choosy, role \*: no offer for \d+ s\.\nThe framework has declined what is free/);
    expect(stdout).toMatch(/helps +tranche framework revive choosy +3 agents now/);
    expect(stdout).toMatch(/agent1 +filter\.declined +by itself, \d+ s left/);

    const role = await cluster.get<RoleExplanationView>('/v1/explain/roles/*');
    expect(role.frameworks).toMatchObject([{ name: 'choosy', state: 'active' }]);
    const [first] = (await cluster.get<{ items: { id: string }[] }>('/v1/agents')).items;
    const agent = await cluster.get<AgentExplanationView>(`/v1/explain/agents/${first?.id}`);
    expect(agent).toMatchObject({
      free: { cpus: 2 },
      takers: [{ frameworkName: 'choosy', blockers: [{ code: 'filter.declined' }] }],
    });
    await scheduler.teardown();
    await expect
      .poll(async () => (await explained()).funnel[0])
      .toMatchObject({ code: 'framework.removed', agents: 3, text: expect.stringMatching(/torn down/i) });
  });

  it.each([
    ['agent.inactive', [['agent', 'deactivate', 'ALL', '--all-matching', '--yes']]],
    ['agent.reserved', [['reservation', 'add', 'ALL', 'ads', 'cpus=2', '--all-matching', '--yes']]],
    ['quota.headroom', [['quota', 'set', 'gold', '--guarantee', 'cpus=6']]],
  ])('gives commands that end %s, to be typed as they are', async (code, orders) => {
    const { items } = await cluster.get<{ items: { id: string }[] }>('/v1/agents');
    const all = items[0]?.id.slice(0, 8) ?? '';
    for (const order of orders)
      expect(await cluster.tranche(...order.map((word) => (word === 'ALL' ? all : word)))).toMatchObject({ status: 0 });
    const helps = async () => (await cluster.get<ExplanationView>('/v1/explain?cpus=1')).helps;
    await expect.poll(helps).toMatchObject([{ code, agents: 3 }]);
    const [help] = await helps();
    const commands = help?.commands ?? [help?.command ?? ''];
    for (const command of commands) {
      const [program, ...words] = command.split(' ');
      expect([program, (await cluster.tranche(...words)).status]).toEqual(['tranche', 0]);
    }
    await expect.poll(async () => (await cluster.tranche('explain', '--cpus', '1')).status).toBe(0);
  });

  it.each([
    ['/v1/explain/frameworks/nobody', 'framework.unknown'],
    ['/v1/explain/agents/nowhere', 'agent.unknown'],
    ['/v1/explain/roles/no/one', 'role.unknown'],
  ])('answers %s with a problem', async (path, code) => {
    const answer = await fetch(cluster.url + path);
    expect([
      answer.status,
      answer.headers.get('content-type')?.split(';')[0],
      ((await answer.json()) as { code: string }).code,
    ]).toEqual([404, 'application/problem+json', code]);
  });
});
