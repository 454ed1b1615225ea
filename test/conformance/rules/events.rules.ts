import { expect } from 'vitest';
import { RecoverResourcesV1 } from '@tranche/contracts';
import type { FrameworkInfoCapabilityType, Offer, Resource } from '@tranche/mesos-api';
import { type Rule, rule } from '../rule.js';
import { accept, cpusAndMem, scalar, type Stage, taskInfo } from '../stage.js';

const dynamic = (resource: Resource, ...roles: string[]): Resource => ({
  ...resource,
  reservations: roles.map((role) => ({ type: 'DYNAMIC' as const, role, principal: 'p' })),
});

/** The offer of some resources as a framework with these capabilities gets it. */
async function offeredTo(
  stage: Stage,
  capabilities: readonly FrameworkInfoCapabilityType[],
  resources: readonly Resource[],
): Promise<Offer> {
  const roles = capabilities.includes('MULTI_ROLE') ? { roles: ['web'] } : { roles: [], role: 'web' };
  const scheduler = await stage.subscribe({ ...roles, capabilities: capabilities.map((type) => ({ type })) });
  return stage.offer(scheduler, { resources });
}

/** Sections 7 and 7.1: events, their order, and what a framework's capabilities change in them. */
export const eventRules: readonly Rule[] = [
  rule('§7 SUBSCRIBED', 'it is the first record', async (stage) => {
    const scheduler = await stage.open();
    const { subscribed } = await scheduler.next('SUBSCRIBED');
    scheduler.frameworkId = subscribed?.framework_id.value ?? '';
    expect(await scheduler.settled()).toEqual([]);
  }),
  rule('§7 OFFERS', 'an offer is of one role and agent, and says where the agent is', async (stage) => {
    const scheduler = await stage.subscribe();
    const agentId = await stage.agent({
      hostname: 'a1',
      ip: '10.0.0.7',
      attributes: [{ name: 'rack', type: 'TEXT', text: { value: 'r1' } }],
      domain: { fault_domain: { region: { name: 'eu' }, zone: { name: 'eu-a' } } },
    });
    const offer = await stage.offer(scheduler, { agentId, resources: cpusAndMem(4, 1024) });
    const allocation_info = { role: 'web' };
    expect(offer).toEqual({
      id: { value: expect.stringMatching(/^C-O\d+$/) },
      framework_id: { value: scheduler.frameworkId },
      agent_id: { value: agentId },
      hostname: 'a1',
      url: { scheme: 'http', address: { hostname: 'a1', ip: '10.0.0.7', port: 5051 }, path: '/slave(1)' },
      domain: { fault_domain: { region: { name: 'eu' }, zone: { name: 'eu-a' } } },
      attributes: [{ name: 'rack', type: 'TEXT', text: { value: 'r1' } }],
      resources: cpusAndMem(4, 1024).map((resource) => ({ ...resource, allocation_info })),
      allocation_info,
    });
  }),
  rule('§7 OFFERS: executor_ids', "the framework's executors on the agent are listed", async (stage) => {
    const scheduler = await stage.subscribe();
    const agentId = await stage.agent();
    const { id } = await stage.offer(scheduler, { agentId });
    const executor = { executor_id: { value: 'e1' }, command: { value: 'x' } };
    await accept(scheduler, [id.value], [taskInfo('t', agentId, { executor, command: undefined })]);
    expect((await stage.offer(scheduler, { agentId })).executor_ids).toEqual([{ value: 'e1' }]);
  }),
  rule('§7 RESCIND', 'offers of an agent that takes no work are rescinded', async (stage) => {
    for (const state of ['deactivated', 'unreachable', 'removed', 'gone'] as const) {
      const scheduler = await stage.subscribe();
      const offer = await stage.offer(scheduler);
      await stage.agentIs(offer.agent_id.value, state);
      expect((await scheduler.next('RESCIND')).rescind).toEqual({ offer_id: offer.id });
      await stage.told(RecoverResourcesV1, ({ agentId }) => agentId === offer.agent_id.value);
    }
  }),
  rule('§7 UPDATE', 'a status of an agent is passed on as it is', async (stage) => {
    const scheduler = await stage.subscribe();
    const task = await stage.launch(scheduler, 't');
    const container_status = { container_id: { value: 'c' }, network_infos: [] };
    const healthy = { healthy: true, check_status: { type: 'TCP' as const, tcp: { succeeded: true } } };
    const said = { message: 'm', executor_id: { value: 't' }, data: 'aGk=', ...healthy, container_status };
    const uuid = await stage.report(scheduler, task, said);
    const { container_status: got, ...status } = await scheduler.status();
    expect(status).toMatchObject({ ...healthy, message: 'm', data: 'aGk=', uuid, state: 'TASK_RUNNING' });
    expect(got?.container_id).toEqual({ value: 'c' });
  }),
  rule('§7 FAILURE', 'every connected framework hears of a lost agent, by its id alone', async (stage) => {
    const schedulers = [await stage.subscribe(), await stage.subscribe()];
    const agentId = await stage.agent();
    await stage.agentIs(agentId, 'unreachable');
    for (const scheduler of schedulers) {
      expect((await scheduler.next('FAILURE')).failure).toEqual({ agent_id: { value: agentId } });
    }
  }),
  rule('§7 ERROR', 'it is the last record of a stream', async (stage) => {
    const first = await stage.subscribe({ failover_timeout: 60 });
    await stage.subscribe({ id: { value: first.frameworkId } });
    expect((await first.end()).at(-1)).toEqual({ type: 'ERROR', error: { message: 'Framework failed over' } });
  }),
  rule('§7 order on agent loss', 'UPDATEs, then RESCINDs, then FAILURE', async (stage) => {
    const scheduler = await stage.subscribe();
    const task = await stage.launch(scheduler, 't');
    await stage.offer(scheduler, { agentId: task.agent_id.value });
    await stage.agentIs(task.agent_id.value, 'unreachable');
    const types = (await scheduler.settled()).map(({ type }) => type);
    expect(types).toEqual(['UPDATE', 'RESCIND', 'FAILURE']);
  }),
  rule('§7.1 MULTI_ROLE', 'allocation_info is for those who have it', async (stage) => {
    const plain = await offeredTo(stage, ['RESERVATION_REFINEMENT'], cpusAndMem());
    expect([plain.allocation_info, ...plain.resources!.map((r) => r.allocation_info)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    const multi = await offeredTo(stage, ['MULTI_ROLE', 'RESERVATION_REFINEMENT'], cpusAndMem());
    expect(multi.resources?.map((r) => r.allocation_info)).toEqual([{ role: 'web' }, { role: 'web' }]);
  }),
  rule('§7.1 RESERVATION_REFINEMENT', 'without it resources have their role and one reservation', async (stage) => {
    const resources = [scalar('cpus', 1), dynamic(scalar('mem', 1), 'web')];
    const old = await offeredTo(stage, ['MULTI_ROLE'], resources);
    expect(old.resources).toMatchObject([{ role: '*' }, { role: 'web', reservation: { principal: 'p' } }]);
    expect(old.resources?.map((resource) => 'reservations' in resource)).toEqual([false, false]);
    const refined = await offeredTo(stage, ['MULTI_ROLE', 'RESERVATION_REFINEMENT'], resources);
    expect(refined.resources?.map(({ role }) => role)).toEqual([undefined, undefined]);
    expect(refined.resources?.[1]?.reservations).toMatchObject([{ type: 'DYNAMIC', role: 'web', principal: 'p' }]);
  }),
  rule('§7.1 PARTITION_AWARE', 'tasks of a silent agent are unreachable rather than lost', async (stage) => {
    const states: (string | undefined)[] = [];
    for (const capabilities of [[], [{ type: 'PARTITION_AWARE' as const }]]) {
      const scheduler = await stage.subscribe({ roles: [], role: 'web', capabilities });
      const task = await stage.launch(scheduler, 't');
      await stage.agentIs(task.agent_id.value, 'unreachable');
      states.push((await scheduler.status()).state);
    }
    expect(states).toEqual(['TASK_LOST', 'TASK_UNREACHABLE']);
  }),
  rule(
    '§7.1 TASK_KILLING_STATE',
    'the agent is told of it with the framework, and TASK_KILLING is passed on',
    async (stage) => {
      const scheduler = await stage.subscribe();
      const task = await stage.launch(scheduler, 't');
      await stage.report(scheduler, task, { state: 'TASK_KILLING' });
      expect((await scheduler.status()).state).toBe('TASK_KILLING');
    },
  ),
];
