import { expect } from 'vitest';
import { AcknowledgeStatusV1, RecoverResourcesV1, ReviveOffersV1, UpdateFrameworkV1 } from '@tranche/contracts';
import type { FrameworkInfo } from '@tranche/mesos-api';
import type { Scheduler } from '../scheduler.js';
import { frameworkInfo, type Stage } from '../stage.js';
import { type Rule, rule } from '../rule.js';

const decline = (scheduler: Scheduler, ids: readonly string[], refuse_seconds?: number) =>
  scheduler.call({
    type: 'DECLINE',
    decline: {
      offer_ids: ids.map((value) => ({ value })),
      ...(refuse_seconds === undefined ? {} : { filters: { refuse_seconds } }),
    },
  });

async function update(scheduler: Scheduler, info: Partial<FrameworkInfo>, more: object = {}) {
  const framework_info = frameworkInfo({ id: { value: scheduler.frameworkId }, ...info });
  const answer = await scheduler.call({ type: 'UPDATE_FRAMEWORK', update_framework: { framework_info, ...more } });
  return [answer.status, answer.body];
}

const suppressedBy = async (stage: Stage, { frameworkId }: Scheduler) =>
  (await stage.framework(frameworkId))?.suppressedRoles.toSorted();
const rolesOf = async (stage: Stage, { frameworkId }: Scheduler) =>
  (await stage.framework(frameworkId))?.roles.toSorted();

/**
 * Section 4: what each call does beyond being accepted. ACCEPT, KILL, ACKNOWLEDGE and RECONCILE have sections of their own; executors and
 * inverse offers have files of their own.
 */
export const callRules: readonly Rule[] = [
  rule('§4 TEARDOWN', 'the framework is removed', async (stage) => {
    const scheduler = await stage.subscribe({ failover_timeout: 60 });
    expect((await scheduler.call({ type: 'TEARDOWN' })).status).toBe(202);
    expect(await scheduler.end()).toEqual([]);
    expect(await stage.refusal({ id: { value: scheduler.frameworkId } })).toBe('Framework has been removed');
  }),
  rule('§4 DECLINE', 'valid offers go back with the filter, others are passed over', async (stage) => {
    const scheduler = await stage.subscribe();
    const offer = await stage.offer(scheduler);
    const { status } = await decline(scheduler, ['nobody-O1', offer.id.value, offer.id.value], 120);
    expect(status).toBe(202);
    expect(await stage.told(RecoverResourcesV1)).toMatchObject({ agentId: offer.agent_id.value, refuseSeconds: 120 });
    expect(await stage.all(RecoverResourcesV1)).toEqual([]);
    expect(await scheduler.settled()).toEqual([]);
  }),
  rule('§4 DECLINE of others', "another framework's offer is left alone", async (stage) => {
    const [owner, stranger] = [await stage.subscribe(), await stage.subscribe()];
    const offer = await stage.offer(owner);
    await decline(stranger, [offer.id.value]);
    expect(await stage.all(RecoverResourcesV1)).toEqual([]);
  }),
  rule('§4 REVIVE', 'filters are cleared and roles offered to again, all without any named', async (stage) => {
    const scheduler = await stage.subscribe({ roles: ['web', 'batch'] }, { suppressed_roles: ['web', 'batch'] });
    const { frameworkId } = scheduler;
    await scheduler.call({ type: 'REVIVE', revive: { roles: ['web'] } });
    expect(await stage.told(ReviveOffersV1)).toEqual({ frameworkId, roles: ['web'] });
    expect(await suppressedBy(stage, scheduler)).toEqual(['batch']);
    await scheduler.call({ type: 'REVIVE' });
    expect(await stage.told(ReviveOffersV1)).toEqual({ frameworkId, roles: ['web', 'batch'] });
    expect(await suppressedBy(stage, scheduler)).toEqual([]);
  }),
  rule('§4 SUPPRESS', 'roles are offered to no more, all without any named', async (stage) => {
    const scheduler = await stage.subscribe({ roles: ['web', 'batch'] });
    await scheduler.call({ type: 'SUPPRESS', suppress: { roles: ['batch'] } });
    expect(await suppressedBy(stage, scheduler)).toEqual(['batch']);
    await scheduler.call({ type: 'SUPPRESS' });
    expect(await suppressedBy(stage, scheduler)).toEqual(['batch', 'web']);
  }),
  rule('§4 REVIVE, SUPPRESS of a wrong role', 'one role too many drops the whole call in silence', async (stage) => {
    const scheduler = await stage.subscribe();
    for (const role of ['other', '-x', '']) {
      const roles = ['web', role];
      expect((await scheduler.call({ type: 'SUPPRESS', suppress: { roles } })).status).toBe(202);
      expect((await scheduler.call({ type: 'REVIVE', revive: { roles } })).status).toBe(202);
    }
    expect(await suppressedBy(stage, scheduler)).toEqual([]);
    expect(await stage.all(ReviveOffersV1)).toEqual([]);
  }),
  rule('§4 ACKNOWLEDGE', 'one for an agent that is unknown or away is ignored', async (stage) => {
    const scheduler = await stage.subscribe();
    const task = await stage.launch(scheduler, 't');
    const uuid = await stage.report(scheduler, task, {});
    await scheduler.next('UPDATE');
    const acknowledge = (agent_id: string) =>
      scheduler.call({
        type: 'ACKNOWLEDGE',
        acknowledge: { agent_id: { value: agent_id }, task_id: task.task_id, uuid },
      });
    expect((await acknowledge('nobody')).status).toBe(202);
    await stage.agentIs(task.agent_id.value, 'unreachable');
    expect((await acknowledge(task.agent_id.value)).status).toBe(202);
    expect(await stage.all(AcknowledgeStatusV1)).toEqual([]);
  }),
  rule('§4 REQUEST', 'it has no effect', async (stage) => {
    const scheduler = await stage.subscribe();
    expect((await scheduler.call({ type: 'REQUEST', request: { requests: [] } })).status).toBe(202);
    expect(await scheduler.settled()).toEqual([]);
  }),
  rule(
    '§4 UPDATE_FRAMEWORK',
    'it is done at once: everything is replaced, what is left out is cleared',
    async (stage) => {
      const scheduler = await stage.subscribe({ roles: ['web', 'batch'] }, { suppressed_roles: ['batch'] });
      expect(await update(scheduler, { roles: ['web', 'new'] })).toEqual([200, '']);
      expect(await rolesOf(stage, scheduler)).toEqual(['new', 'web']);
      expect(await suppressedBy(stage, scheduler)).toEqual([]);
    },
  ),
  rule('§4 UPDATE_FRAMEWORK: roles', 'offers of removed roles are rescinded, agents are told', async (stage) => {
    const scheduler = await stage.subscribe({ roles: ['web', 'batch'] });
    await stage.launch(scheduler, 't');
    const offer = await stage.offer(scheduler, { role: 'batch' });
    await update(scheduler, { name: 'renamed' });
    expect(await scheduler.settled()).toEqual([{ type: 'RESCIND', rescind: { offer_id: offer.id } }]);
    expect(await stage.told(UpdateFrameworkV1)).toMatchObject({ framework: { name: 'renamed' } });
  }),
  rule('§4 UPDATE_FRAMEWORK: 400', 'each kind of fault has its words, and nothing changes', async (stage) => {
    const scheduler = await stage.subscribe({ principal: 'p' });
    const supplied = 'Supplied FrameworkInfo is not valid: ';
    const changed = 'FrameworkInfo update is not valid: ';
    const principal = { principal: 'p' };
    expect(await update(scheduler, { ...principal, roles: ['a', 'a'] })).toEqual([
      400,
      `${supplied}'FrameworkInfo.roles' contains duplicate items: { a }`,
    ]);
    expect(await update(scheduler, { principal: 'q' })).toEqual([
      400,
      `${changed}Changing framework's principal is not allowed.`,
    ]);
    const unsupported = (field: string, from: string, to: string) =>
      `${changed}Updating 'FrameworkInfo.${field}' is unsupported; attempted to update from '${from}' to '${to}'`;
    expect(await update(scheduler, { ...principal, user: 'v' })).toEqual([400, unsupported('user', 'u', 'v')]);
    expect(await update(scheduler, { ...principal, checkpoint: true })).toEqual([
      400,
      unsupported('checkpoint', 'false', 'true'),
    ]);
    expect(await update(scheduler, principal, { suppressed_roles: ['x'] })).toEqual([
      400,
      "'UpdateFramework' call is not valid: Suppressed roles { x } are not contained in the set of roles",
    ]);
    expect(await rolesOf(stage, scheduler)).toEqual(['web']);
  }),
  rule('§4 JSON key of REVIVE and SUPPRESS', 'a stray role is unknown and hence means all roles', async (stage) => {
    const scheduler = await stage.subscribe({ roles: ['web', 'batch'] });
    const { frameworkId, streamId } = scheduler;
    const body = JSON.stringify({ type: 'SUPPRESS', framework_id: { value: frameworkId }, suppress: { role: 'web' } });
    const headers = { 'Content-Type': 'application/json', 'Mesos-Stream-Id': streamId };
    expect((await stage.post({ headers, body })).status).toBe(202);
    expect(await suppressedBy(stage, scheduler)).toEqual(['batch', 'web']);
  }),
];
