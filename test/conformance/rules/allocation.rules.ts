import { type AllocatorConfig, allocatorOptions, startAllocator } from '@tranche/allocator';
import { configWith } from '@tranche/config';
import type { ServiceHost } from '@tranche/messaging';
import type { Filters, FrameworkInfoCapabilityType, Offer, Resource } from '@tranche/mesos-api';
import { expect } from 'vitest';
import type { Encoding, Scheduler } from '../scheduler.js';
import { cpusAndMem, scalar, Stage } from '../stage.js';
import { type Rule, rule } from '../rule.js';

/** Also the least time that a refusal lasts. */
const RUN_INTERVAL_MS = 40;

/** The real allocator, once it has caught up with the other services. */
const allocatorOf =
  (settings: Partial<AllocatorConfig>) =>
  async (host: ServiceHost): Promise<{ stop(): Promise<void> }> => {
    const config = configWith(allocatorOptions, { runIntervalMs: RUN_INTERVAL_MS, ...settings });
    const running = await startAllocator({ config, host });
    const http = running.app.getHttpAdapter().getInstance();
    await expect.poll(async () => (await http.inject('/readyz')).statusCode, { interval: 5 }).toBe(200);
    return running;
  };

/** A stage of its own, with the real allocator. */
async function onStageOf(encoding: Encoding, settings: Partial<AllocatorConfig>, check: Rule['check']): Promise<void> {
  const stage = await Stage.start(encoding, { allocator: allocatorOf(settings) });
  try {
    await check(stage);
  } finally {
    await stage.stop();
  }
}

/** A rule about what is offered. */
const allocates = (at: string, says: string, check: Rule['check']): Rule =>
  rule(at, says, ({ encoding }) => onStageOf(encoding, {}, check));

const offered = async (scheduler: Scheduler): Promise<Offer> => {
  const { offers } = await scheduler.next('OFFERS');
  const [offer] = offers?.offers ?? [];
  if (offer === undefined) throw new Error('OFFERS without an offer');
  return offer;
};

/** What is offered while the allocator looks at everything several times. */
async function offeredMeanwhile(scheduler: Scheduler): Promise<Offer[]> {
  await new Promise((resolve) => setTimeout(resolve, 5 * RUN_INTERVAL_MS));
  return (await scheduler.settled()).flatMap(({ offers }) => offers?.offers ?? []);
}

const decline = (scheduler: Scheduler, { id }: Offer, filters?: Filters) =>
  scheduler.call({ type: 'DECLINE', decline: { offer_ids: [id], ...(filters === undefined ? {} : { filters }) } });

/** Subscribes, gets the offer of a new agent and declines it. */
async function declined(stage: Stage, filters?: Filters): Promise<{ scheduler: Scheduler; offer: Offer }> {
  const scheduler = await stage.subscribe({ failover_timeout: 60 });
  await stage.agent();
  const offer = await offered(scheduler);
  await decline(scheduler, offer, filters);
  return { scheduler, offer };
}

const namesOf = (offers: readonly Offer[]): string[] =>
  offers.flatMap(({ resources = [] }) => resources.map(({ name }) => name));

/** Names of what an agent's resources are offered as to a framework with and to one without a capability. */
async function withAndWithout(stage: Stage, capability: FrameworkInfoCapabilityType, resources: readonly Resource[]) {
  await stage.agent({ resources: [...resources] });
  const capabilities = [{ type: 'MULTI_ROLE' as const }, { type: 'RESERVATION_REFINEMENT' as const }].filter(
    ({ type }) => type !== capability,
  );
  const without = await stage.subscribe({ capabilities });
  const before = namesOf(await offeredMeanwhile(without));
  await without.call({ type: 'TEARDOWN' });
  const having = await stage.subscribe({ capabilities: [...capabilities, { type: capability }] });
  return { without: before, having: namesOf([await offered(having)]) };
}

const rack = (value: string) => ({ name: 'rack', type: 'TEXT' as const, text: { value } });
const constraint = (predicate: object) => ({ selector: { attribute_name: 'rack' }, predicate });

/** Sections 7.1 and 7.2: what is offered to whom, and how refusals count. */
export const allocationRules: readonly Rule[] = [
  allocates('§7.1 GPU_RESOURCES', 'agents with gpus are offered to those who have it', async (stage) => {
    const { without, having } = await withAndWithout(stage, 'GPU_RESOURCES', [...cpusAndMem(), scalar('gpus', 1)]);
    expect([without, having.toSorted()]).toEqual([[], ['cpus', 'gpus', 'mem']]);
  }),
  allocates('§7.1 REVOCABLE_RESOURCES', 'revocable resources are offered to those who have it', async (stage) => {
    const resources = [...cpusAndMem(), { ...scalar('spare', 1), revocable: {} }];
    const { without, having } = await withAndWithout(stage, 'REVOCABLE_RESOURCES', resources);
    expect([without.includes('spare'), having.includes('spare')]).toEqual([false, true]);
  }),
  allocates('§7.1 SHARED_RESOURCES', 'shared volumes are offered to those who have it', async (stage) => {
    const shared: Resource = {
      ...scalar('disk', 10),
      reservations: [{ type: 'DYNAMIC', role: 'web' }],
      disk: { persistence: { id: 'v' }, volume: { container_path: 'p', mode: 'RW' } },
      shared: {},
    };
    const { without, having } = await withAndWithout(stage, 'SHARED_RESOURCES', [...cpusAndMem(), shared]);
    expect([without.includes('disk'), having.includes('disk')]).toEqual([false, true]);
  }),
  allocates('§7.1 refined reservations', 'they are offered to those who can read them', async (stage) => {
    const refined: Resource = {
      ...scalar('disk', 10),
      reservations: [
        { type: 'STATIC', role: 'web' },
        { type: 'DYNAMIC', role: 'web/db' },
      ],
    };
    await stage.agent({ resources: [...cpusAndMem(), refined] });
    const roles = ['web/db'];
    const old = await stage.subscribe({ roles, capabilities: [{ type: 'MULTI_ROLE' }] });
    expect(namesOf(await offeredMeanwhile(old))).not.toContain('disk');
    await old.call({ type: 'TEARDOWN' });
    expect(namesOf([await offered(await stage.subscribe({ roles }))])).toContain('disk');
  }),
  rule('§7.1 REGION_AWARE', 'agents in another region than the cluster are offered with it only', async (stage) => {
    const domainOf = (region: string) => ({ fault_domain: { region: { name: region }, zone: { name: 'z' } } });
    await onStageOf(stage.encoding, { clusterDomain: JSON.stringify(domainOf('near')) }, async (own) => {
      const [far, near] = [await own.agent({ domain: domainOf('far') }), await own.agent({ domain: domainOf('near') })];
      const plain = await own.subscribe();
      const first = (await plain.next('OFFERS')).offers?.offers ?? [];
      const seen = [...first, ...(await offeredMeanwhile(plain))].map(({ agent_id }) => agent_id.value);
      expect(seen).toEqual([near]);
      await plain.call({ type: 'TEARDOWN' });
      const capabilities = [{ type: 'MULTI_ROLE' as const }, { type: 'REGION_AWARE' as const }];
      const { offers } = await (await own.subscribe({ capabilities })).next('OFFERS');
      expect(offers?.offers?.map(({ agent_id }) => agent_id.value).toSorted()).toEqual([far, near].toSorted());
    });
  }),
  allocates('§7.2 default', 'without filters, or with a negative time, a refusal counts for 5 s', async (stage) => {
    await stage.agent();
    for (const filters of [undefined, {}, { refuse_seconds: -1 }]) {
      const scheduler = await stage.subscribe();
      await decline(scheduler, await offered(scheduler), filters);
      expect(await offeredMeanwhile(scheduler)).toEqual([]);
      await scheduler.call({ type: 'TEARDOWN' });
    }
  }),
  allocates('§7.2 longest', 'more than a year is taken for a year', async (stage) => {
    const { scheduler } = await declined(stage, { refuse_seconds: 1e9 });
    expect(await offeredMeanwhile(scheduler)).toEqual([]);
  }),
  allocates('§7.2 zero', 'exactly 0 is no filter', async (stage) => {
    const { scheduler, offer } = await declined(stage, { refuse_seconds: 0 });
    expect((await offered(scheduler)).resources).toEqual(offer.resources);
  }),
  allocates('§7.2 shortest', 'a shorter time than the allocation interval lasts as long as that', async (stage) => {
    const { scheduler, offer } = await declined(stage, { refuse_seconds: 0.0001 });
    expect((await offered(scheduler)).resources).toEqual(offer.resources);
  }),
  allocates('§7.2 larger offers', 'what holds more than was refused is offered', async (stage) => {
    const { scheduler, offer } = await declined(stage);
    expect(await offeredMeanwhile(scheduler)).toEqual([]);
    await stage.agent({ agentId: offer.agent_id.value, resources: cpusAndMem(16, 16_384) });
    expect((await offered(scheduler)).resources).toMatchObject(cpusAndMem(16, 16_384));
  }),
  allocates('§7.2 scope', 'a refusal is of one framework, role and agent', async (stage) => {
    const scheduler = await stage.subscribe({ roles: ['a', 'b'] });
    await stage.agent();
    const first = await offered(scheduler);
    await decline(scheduler, first, { refuse_seconds: 100 });
    const second = await offered(scheduler);
    expect(new Set([first, second].map((offer) => offer.allocation_info?.role))).toEqual(new Set(['a', 'b']));
    await decline(scheduler, second, { refuse_seconds: 100 });
    const other = await stage.agent();
    expect((await offered(scheduler)).agent_id.value).toBe(other);
    expect((await offered(await stage.subscribe())).agent_id).toEqual(first.agent_id);
  }),
  allocates('§7.2 cleared by REVIVE', 'what was refused is offered again', async (stage) => {
    const { scheduler, offer } = await declined(stage, { refuse_seconds: 100 });
    await scheduler.call({ type: 'REVIVE' });
    expect((await offered(scheduler)).agent_id).toEqual(offer.agent_id);
  }),
  allocates('§7.2 cleared by disconnection', 'a framework that comes back is offered all again', async (stage) => {
    const { scheduler, offer } = await declined(stage, { refuse_seconds: 100 });
    scheduler.leave();
    await expect.poll(async () => (await scheduler.call({ type: 'REVIVE' })).status).toBe(403);
    const back = await stage.subscribe({ id: { value: scheduler.frameworkId }, failover_timeout: 60 });
    expect((await offered(back)).agent_id).toEqual(offer.agent_id);
  }),
  allocates('§7.2 kept by failover', 'a failover from a live stream keeps what was refused', async (stage) => {
    const { scheduler } = await declined(stage, { refuse_seconds: 100 });
    const next = await stage.subscribe({ id: { value: scheduler.frameworkId }, failover_timeout: 60 });
    expect(await offeredMeanwhile(next)).toEqual([]);
  }),
  allocates('§7.2 suppressed roles', 'they are offered nothing until revived or subscribed without', async (stage) => {
    const scheduler = await stage.subscribe({ failover_timeout: 60 }, { suppressed_roles: ['web'] });
    const agentId = await stage.agent();
    expect(await offeredMeanwhile(scheduler)).toEqual([]);
    await scheduler.call({ type: 'REVIVE' });
    const offer = await offered(scheduler);
    await scheduler.call({ type: 'SUPPRESS' });
    await decline(scheduler, offer, { refuse_seconds: 0 });
    expect(await offeredMeanwhile(scheduler)).toEqual([]);
    const next = await stage.subscribe({ id: { value: scheduler.frameworkId } });
    expect((await offered(next)).agent_id.value).toBe(agentId);
  }),
  allocates('§7.2 smallest offers', 'less than 0.01 cpus and 32 MB is not offered', async (stage) => {
    const scheduler = await stage.subscribe();
    await stage.agent({ resources: [scalar('cpus', 0.005), scalar('mem', 16), scalar('disk', 100)] });
    expect(await offeredMeanwhile(scheduler)).toEqual([]);
    await stage.agent({ resources: [scalar('mem', 32)] });
    expect(namesOf([await offered(scheduler)])).toEqual(['mem']);
  }),
  allocates('§7.2 offer_filters', 'a role may ask for larger offers than the least', async (stage) => {
    const quantities = [{ quantities: { cpus: { value: 4 } } }];
    const offer_filters = { web: { min_allocatable_resources: { quantities } } };
    const scheduler = await stage.subscribe({ offer_filters });
    await stage.agent({ resources: cpusAndMem(2, 4096) });
    expect(await offeredMeanwhile(scheduler)).toEqual([]);
    const large = await stage.agent({ resources: cpusAndMem(4, 64) });
    expect((await offered(scheduler)).agent_id.value).toBe(large);
  }),
  allocates('§7.2 offer constraints', 'one group of constraints must hold as a whole', async (stage) => {
    const groups = [
      { attribute_constraints: [constraint({ text_equals: { value: 'r1' } })] },
      { attribute_constraints: [constraint({ exists: {} }), constraint({ text_matches: { regex: 'x.*' } })] },
    ];
    const offer_constraints = { role_constraints: { web: { groups } } };
    const scheduler = await stage.subscribe({}, { offer_constraints });
    await stage.agent({ attributes: [rack('r2')] });
    await stage.agent();
    expect(await offeredMeanwhile(scheduler)).toEqual([]);
    const matching = [await stage.agent({ attributes: [rack('r1')] }), await stage.agent({ attributes: [rack('x9')] })];
    // Predicates of text hold for an attribute that is there and is no text.
    const number = { name: 'rack', type: 'SCALAR' as const, scalar: { value: 1 } };
    matching.push(await stage.agent({ attributes: [number] }));
    const agentIds = new Set<string>();
    while (agentIds.size < 3) {
      const { offers } = await scheduler.next('OFFERS');
      for (const { agent_id } of offers?.offers ?? []) agentIds.add(agent_id.value);
    }
    expect([...agentIds].toSorted()).toEqual(matching.toSorted());
  }),
  allocates('§7.2 role without constraints', 'it is offered everything', async (stage) => {
    const groups = [{ attribute_constraints: [constraint({ exists: {} })] }];
    const offer_constraints = { role_constraints: { web: { groups } } };
    const scheduler = await stage.subscribe({ roles: ['web', 'batch'] }, { offer_constraints });
    await stage.agent();
    expect((await offered(scheduler)).allocation_info).toEqual({ role: 'batch' });
  }),
];
