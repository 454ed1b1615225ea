import type { MachineID, MaintenanceSchedule } from '@tranche/mesos-api';
import { expect } from 'vitest';
import { type OperatorRule, rule } from './operator-rule.js';
import type { OperatorStage } from './operator-stage.js';

type Told = Promise<[status: number, text: string]>;
const DONE = [200, ''];
const START = { nanoseconds: '1760000000000000000' };

const schedule = (stage: OperatorStage, given: MaintenanceSchedule): Told =>
  stage.told({ type: 'UPDATE_MAINTENANCE_SCHEDULE', update_maintenance_schedule: { schedule: given } });
const windowOf = (...machine_ids: MachineID[]): MaintenanceSchedule => ({
  windows: [{ machine_ids, unavailability: { start: START } }],
});
const down = (stage: OperatorStage, ...machines: MachineID[]): Told =>
  stage.told({ type: 'START_MAINTENANCE', start_maintenance: { machines } });
const up = (stage: OperatorStage, ...machines: MachineID[]): Told =>
  stage.told({ type: 'STOP_MAINTENANCE', stop_maintenance: { machines } });
const drain = (stage: OperatorStage, agentId: string, more: object = {}): Told =>
  stage.told({ type: 'DRAIN_AGENT', drain_agent: { agent_id: { value: agentId }, ...more } });
const deactivate = (stage: OperatorStage, agentId: string): Told =>
  stage.told({ type: 'DEACTIVATE_AGENT', deactivate_agent: { agent_id: { value: agentId } } });
const reactivate = (stage: OperatorStage, agentId: string): Told =>
  stage.told({ type: 'REACTIVATE_AGENT', reactivate_agent: { agent_id: { value: agentId } } });
const gone = (stage: OperatorStage, agentId: string): Told =>
  stage.told({ type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id: { value: agentId } } });
const shown = async (stage: OperatorStage, agentId: string) =>
  (await stage.ask({ type: 'GET_AGENTS' })).get_agents?.agents?.find(
    ({ agent_info }) => agent_info.id?.value === agentId,
  );

const m1: MachineID = { hostname: 'm1', ip: '10.9.9.9' };

/** Agents, frameworks and maintenance. @source operator API §2, §2.4 */
export const AGENT_RULES: readonly OperatorRule[] = [
  rule('§2 TEARDOWN', 'a framework is ended: its task is killed, its stream closed', async (stage) => {
    const runner = stage.runner();
    await expect.poll(() => runner.states).toContain('TASK_RUNNING');
    const framework_id = { value: runner.id };
    expect(await stage.told({ type: 'TEARDOWN', teardown: { framework_id } })).toEqual(DONE);
    const completed = async () =>
      (await stage.ask({ type: 'GET_FRAMEWORKS' })).get_frameworks?.completed_frameworks?.map(
        ({ framework_info }) => framework_info.name,
      );
    await expect.poll(completed).toContain(runner.role);
    expect(await stage.told({ type: 'TEARDOWN', teardown: { framework_id } })).toEqual([
      400,
      'No framework found with specified ID',
    ]);
  }),
  rule('§2.4 schedule', 'a schedule is taken whole, shown, and replaced whole', async (stage) => {
    expect(await schedule(stage, windowOf(m1))).toEqual(DONE);
    const { get_maintenance_schedule } = await stage.ask({ type: 'GET_MAINTENANCE_SCHEDULE' });
    expect(get_maintenance_schedule?.schedule.windows).toMatchObject([{ machine_ids: [m1] }]);
    const { get_maintenance_status } = await stage.ask({ type: 'GET_MAINTENANCE_STATUS' });
    expect(get_maintenance_status?.status.draining_machines).toMatchObject([{ id: m1 }]);
    expect(await schedule(stage, {})).toEqual(DONE);
    const after = await stage.ask({ type: 'GET_MAINTENANCE_SCHEDULE' });
    expect(after.get_maintenance_schedule?.schedule.windows ?? []).toEqual([]);
  }),
  rule(
    '§2.4 schedule 400',
    'a window has machines, each once, with an address, and no negative duration',
    async (stage) => {
      const wrong: [MaintenanceSchedule, RegExp][] = [
        [windowOf(), /is empty/],
        [windowOf(m1, m1), /^Machine '.*' appears more than once in the schedule$/],
        [windowOf({}), /are empty$/],
        [windowOf({ ip: 'nowhere' }), /IP/],
        [
          { windows: [{ machine_ids: [m1], unavailability: { start: START, duration: { nanoseconds: -1 } } }] },
          /negative/,
        ],
      ];
      for (const [given, text] of wrong)
        expect(await schedule(stage, given)).toEqual([400, expect.stringMatching(text)]);
    },
  ),
  rule(
    '§2.4 START_MAINTENANCE, STOP_MAINTENANCE',
    'machines go down from the schedule, and leave it when they come up',
    async (stage) => {
      expect(await down(stage, m1)).toEqual([400, expect.stringMatching(/is not part of a maintenance schedule$/)]);
      expect(await schedule(stage, windowOf(m1))).toEqual(DONE);
      expect(await up(stage, m1)).toEqual([400, expect.stringMatching(/^Machine '.*' is not in DOWN mode/)]);
      expect(await down(stage, m1)).toEqual(DONE);
      expect(await down(stage, m1)).toEqual([
        400,
        expect.stringMatching(/is not in DRAINING mode and cannot be brought down$/),
      ]);
      expect(await schedule(stage, {})).toEqual([400, expect.stringMatching(/cannot be removed from the schedule$/)]);
      expect(await up(stage, m1)).toEqual(DONE);
      const { get_maintenance_status } = await stage.ask({ type: 'GET_MAINTENANCE_STATUS' });
      expect(get_maintenance_status?.status.down_machines ?? []).toEqual([]);
    },
  ),
  rule('§2.4 empty list', 'no machines at all are refused', async (stage) => {
    expect(await down(stage)).toEqual([400, 'List of machines is empty']);
    expect(await up(stage)).toEqual([400, 'List of machines is empty']);
  }),
  rule(
    '§2.4 DEACTIVATE_AGENT, REACTIVATE_AGENT',
    'an agent is not offered until it is activated again',
    async (stage) => {
      const { agentId } = stage;
      expect(await reactivate(stage, agentId)).toEqual([400, 'Agent is not deactivated']);
      expect(await deactivate(stage, agentId)).toEqual(DONE);
      expect(await shown(stage, agentId)).toMatchObject({ active: false, deactivated: true });
      const holder = stage.holder();
      await expect.poll(() => holder.offers.size).toBe(2);
      expect(await reactivate(stage, agentId)).toEqual(DONE);
      await expect.poll(() => holder.offers.size).toBe(3);
    },
  ),
  rule('§2.4 unknown agents', 'orders about agents that nobody knows are refused', async (stage) => {
    expect(await deactivate(stage, 'nope')).toEqual([400, 'Unknown agent']);
    expect(await reactivate(stage, 'nope')).toEqual([400, 'Agent is not deactivated']);
    expect(await drain(stage, 'nope')).toEqual([400, 'Unknown agent']);
    expect(await gone(stage, 'nope')).toEqual([404, "Agent 'nope' not found"]);
  }),
  rule('§2.4 DRAIN_AGENT in maintenance', 'an agent whose machine is in the schedule is not drained', async (stage) => {
    const [, , agent] = stage.agents;
    expect(await schedule(stage, windowOf(stage.machineOf(agent)))).toEqual(DONE);
    expect((await drain(stage, agent?.id ?? ''))[0]).toBe(400);
    expect(await schedule(stage, {})).toEqual(DONE);
  }),
  rule(
    '§2.4 DRAIN_AGENT',
    'the tasks of a drained agent are killed; it is active again when it is reactivated',
    async (stage) => {
      const runner = stage.runner();
      await expect.poll(() => runner.states).toContain('TASK_RUNNING');
      const { slaves } = await stage.json<{ slaves: { id: string; used_resources: { cpus: number } }[] }>('/slaves');
      const busy = slaves.find(({ used_resources }) => used_resources.cpus > 0)?.id ?? '';
      expect(await drain(stage, busy, { max_grace_period: { seconds: 600 } })).toEqual(DONE);
      await expect.poll(async () => (await shown(stage, busy))?.drain_info?.state).toBe('DRAINED');
      expect(await shown(stage, busy)).toMatchObject({
        deactivated: true,
        drain_info: { config: { mark_gone: false } },
        estimated_drain_start_time: { nanoseconds: expect.anything() },
      });
      expect(runner.states.at(-1)).toBe('TASK_KILLED');
      expect(await reactivate(stage, busy)).toEqual(DONE);
      expect((await shown(stage, busy))?.drain_info).toBeUndefined();
    },
  ),
  rule(
    '§2.4 MARK_AGENT_GONE',
    'an agent that is gone is listed nowhere, for ever; being gone twice is no fault',
    async (stage) => {
      const agentId = stage.agents[2]?.id ?? '';
      expect(await gone(stage, agentId)).toEqual(DONE);
      await expect.poll(() => shown(stage, agentId)).toBeUndefined();
      expect(await gone(stage, agentId)).toEqual(DONE);
      expect((await reactivate(stage, agentId))[0]).toBe(400);
    },
  ),
];
