import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AgentUsage, AgentUsageV1, isIn, LaunchTasksV1, type OffersSnapshot } from '@tranche/contracts';
import { Resources, withChange } from '@tranche/resources';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentRecord } from './testing/offers.fakes.js';
import { OffersCluster } from './testing/offers-cluster.js';
import { SchedulerClient } from './testing/scheduler-client.js';

const capabilities = ['HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT', 'RESOURCE_PROVIDER', 'AGENT_OPERATION_FEEDBACK'];
const agent = agentRecord({ capabilities });
const framework_info = {
  ...{ user: 'u', name: 'f', roles: ['web'], failover_timeout: 60 },
  capabilities: [{ type: 'MULTI_ROLE' as const }, { type: 'RESERVATION_REFINEMENT' as const }],
};
const cpus = (value: number, ...roles: string[]) => ({
  ...{ name: 'cpus', type: 'SCALAR' as const, scalar: { value } },
  ...(roles.length === 0 ? {} : { reservations: roles.map((role) => ({ type: 'DYNAMIC' as const, role })) }),
});

/** A framework at one of the partitions. */
interface Subscribed {
  readonly scheduler: SchedulerClient;
  readonly id: { readonly value: string };
}

async function subscribe(at: OffersCluster): Promise<Subscribed> {
  const scheduler = await SchedulerClient.subscribe(at.url, { type: 'SUBSCRIBE', subscribe: { framework_info } });
  const id = (await scheduler.next('SUBSCRIBED'))?.subscribed?.framework_id ?? { value: '' };
  return { scheduler, id };
}

describe('the offers service in two partitions', () => {
  let folder: string;
  let zero: OffersCluster;
  let one: OffersCluster;
  let config: { databaseUrl: string; recoveryGraceMs: number };
  const open: Subscribed[] = [];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'offers-partitions-'));
    config = { databaseUrl: `sqlite:${join(folder, 'offers.db')}`, recoveryGraceMs: 60_000 };
    zero = new OffersCluster(config, { index: 0, count: 2 });
    one = new OffersCluster(config, { index: 1, count: 2 }, zero);
    await zero.start();
    await one.start();
  });
  afterEach(async () => {
    for (const { scheduler } of open.splice(0)) scheduler.close();
    await zero.stop();
    await one.stop();
    rmSync(folder, { recursive: true });
  });

  const subscribed = async (at: OffersCluster): Promise<Subscribed> => {
    const framework = await subscribe(at);
    open.push(framework);
    return framework;
  };
  /** The next usage of the agent by each of the two. */
  const usages = async (): Promise<AgentUsage[]> =>
    (await zero.taken(AgentUsageV1, 2)).toSorted((a, b) => (a.change?.partition ?? 0) - (b.change?.partition ?? 0));
  const accept = async (at: OffersCluster, { scheduler, id }: Subscribed, operations: object[]): Promise<void> => {
    await zero.offer(id.value, 'web');
    const [offer] = (await scheduler.next('OFFERS'))?.offers?.offers ?? [];
    const call = { type: 'ACCEPT', framework_id: id, accept: { offer_ids: [offer?.id], operations } };
    expect((await at.call(scheduler.streamId, call)).status).toBe(202);
  };
  const launch = (id: string) => ({
    type: 'LAUNCH',
    launch: {
      task_infos: [
        { name: id, task_id: { value: id }, agent_id: { value: 'S1' }, resources: [cpus(1)], command: { value: 'x' } },
      ],
    },
  });

  it('gives ids that tell their owner, and brings each decision to its framework', async () => {
    zero.registerAgent({ agent });
    for (const [index, at] of [zero, one].entries()) {
      const framework = await subscribed(at);
      const partition = { index, count: 2 };
      expect([framework.id.value, framework.scheduler.streamId].map((id) => isIn(partition, id))).toEqual([true, true]);
      await zero.offer(framework.id.value, 'web');
      const [offer] = (await framework.scheduler.next('OFFERS'))?.offers?.offers ?? [];
      expect(isIn(partition, offer?.id.value ?? '')).toBe(true);
    }
  });

  it('tells the allocator by partitions what is held on an agent, each what its frameworks hold', async () => {
    zero.registerAgent({ agent });
    expect((await usages()).map(({ held }) => held)).toEqual([[], []]);
    for (const [index, at] of [zero, one].entries()) {
      await accept(at, await subscribed(at), [launch(`t${index}`)]);
      await zero.taken(LaunchTasksV1);
    }
    const reports = open.map(({ id }, at) => ({
      ...{ frameworkId: id.value, role: 'web', traceId: '' },
      task: { ...launch(`t${at}`).launch.task_infos[0], resources: [{ ...cpus(1), allocation_info: { role: 'web' } }] },
    }));
    zero.registerAgent({ agent, reregistered: true, tasks: reports as never });
    expect((await usages()).map(({ held }) => held.map(({ frameworkId }) => frameworkId))).toEqual(
      open.map(({ id }) => [id.value]),
    );
  });

  it('adds up what operations of both have made of an agent', async () => {
    zero.registerAgent({ agent });
    await usages();
    for (const at of [zero, one]) {
      const reserve = { type: 'RESERVE', reserve: { resources: [cpus(0.5, 'web')] } };
      await accept(at, await subscribed(at), [reserve]);
    }
    const totals = async (): Promise<NonNullable<OffersSnapshot['totals']>> =>
      (await Promise.all([zero, one].map((at) => at.snapshot()))).flatMap(({ totals: changed = [] }) => changed);
    const shares = (await totals()).map(({ change }) => change);
    expect(shares).toMatchObject([{ plus: [cpus(0.5, 'web')] }, { plus: [cpus(0.5, 'web')] }]);
    const both = shares.reduce((record, share) => (share === undefined ? record : withChange(record, share)), agent);
    const expected = Resources.fromJson(both.resources).toText();
    const texts = async (): Promise<string[]> =>
      (await totals()).map(({ resources }) => Resources.fromJson(resources).toText());
    await expect.poll(texts).toEqual([expected, expected]);
  });

  it('lets one partition begin anew while the other goes on', async () => {
    zero.registerAgent({ agent });
    await usages();
    const [first, second] = [await subscribed(zero), await subscribed(one)];
    await accept(one, second, [launch('stays')]);
    await one.stop();
    one = new OffersCluster(config, { index: 1, count: 2 }, zero);
    await zero.offer(first.id.value, 'web');
    expect((await first.scheduler.next('OFFERS'))?.offers?.offers).toHaveLength(1);
    await one.start();
    const known = async (at: OffersCluster): Promise<unknown> =>
      ((await (await fetch(`${at.url}/v1/tasks`)).json()) as { items: { id: string }[] }).items.map(({ id }) => id);
    expect([await known(zero), await known(one)]).toEqual([[], ['stays']]);
  });

  it('does what operators ask for in one, and takes back offers of the other that are in the way', async () => {
    zero.registerAgent({ agent });
    const both = [await subscribed(zero), await subscribed(one)];
    for (const { id } of both) await zero.offer(id.value, 'web', { cpus: 1, mem: 64 });
    for (const { scheduler } of both) await scheduler.next('OFFERS');
    zero.freeAnswers.push({ outcome: 'lacking', free: [cpus(1)] });
    const info = { type: 'RESERVE' as const, reserve: { resources: [cpus(3, 'ops')] } };
    expect(await zero.operate({ agentId: 'S1', info })).toMatchObject({ outcome: 'accepted' });
    for (const { scheduler } of both) expect(await scheduler.next('RESCIND')).toBeDefined();
    const totals = async (at: OffersCluster): Promise<string> => {
      const { totals: [total] = [] } = await at.snapshot();
      return total?.change === undefined
        ? 'none'
        : Resources.fromJson(withChange(agent, { ...total.change, asOfMs: 0 }).resources).toText();
    };
    const operators = isIn({ index: 0, count: 2 }, '') ? zero : one;
    const reserved = 'cpus:1; cpus(ops):3; mem:4096';
    expect(await totals(operators)).toBe(reserved);
    // The other partition goes by it too: what is reserved cannot be reserved again.
    const again = await zero.operate({ agentId: 'S1', info, isTrial: true });
    expect(again).toEqual({ outcome: 'conflict', message: expect.stringContaining('does not contain cpus:3') });
  });
});
