import { expect } from 'vitest';
import { type OperatorRule, rule } from './operator-rule.js';

const typesOf = (events: readonly { readonly type?: string }[]): (string | undefined)[] =>
  events.map(({ type }) => type);

/** SUBSCRIBE. */
export const STREAM_RULES: readonly OperatorRule[] = [
  rule('§3 first records', 'a stream begins with the whole state, then a heartbeat at once', async (stage) => {
    const events = await stage.events(() => Promise.resolve(), 'HEARTBEAT');
    expect(typesOf(events).slice(0, 2)).toEqual(['SUBSCRIBED', 'HEARTBEAT']);
    expect(events[0]?.subscribed).toMatchObject({
      heartbeat_interval_seconds: 15,
      get_state: { get_agents: { agents: expect.any(Array) } },
    });
  }),
  rule(
    '§3 framework and task events',
    'a framework and its task are followed from their beginning to their end',
    async (stage) => {
      const role = stage.newRole();
      const events = await stage.events(async () => {
        const runner = stage.runner('sleep 600', role);
        await expect.poll(() => runner.states).toContain('TASK_RUNNING');
        await runner.end();
      }, 'FRAMEWORK_REMOVED');
      const own = events.filter(({ type }) => type !== 'HEARTBEAT' && type !== 'SUBSCRIBED');
      expect(typesOf(own)).toEqual(
        expect.arrayContaining(['FRAMEWORK_ADDED', 'TASK_ADDED', 'TASK_UPDATED', 'FRAMEWORK_REMOVED']),
      );
      const added = own.find(({ task_added }) => task_added !== undefined);
      expect(added?.task_added?.task).toMatchObject({ task_id: { value: `${role}-1` }, state: 'TASK_STAGING' });
      const updated = own.find(({ task_updated }) => task_updated?.state === 'TASK_RUNNING');
      expect(updated?.task_updated).toMatchObject({
        framework_id: { value: expect.any(String) },
        status: { task_id: { value: `${role}-1` }, state: 'TASK_RUNNING', source: 'SOURCE_EXECUTOR' },
      });
      const removed = own.find(({ framework_removed }) => framework_removed !== undefined);
      expect(removed?.framework_removed?.framework_info).toMatchObject({ name: role });
    },
  ),
  rule('§3 AGENT_REMOVED', 'a machine that is taken down takes its agent with it', async (stage) => {
    const agent = stage.agents[1];
    const machine = stage.machineOf(agent);
    const start = { nanoseconds: '1760000000000000000' };
    const schedule = { windows: [{ machine_ids: [machine], unavailability: { start } }] };
    const events = await stage.events(async () => {
      const update_maintenance_schedule = { schedule };
      expect(await stage.told({ type: 'UPDATE_MAINTENANCE_SCHEDULE', update_maintenance_schedule })).toEqual([200, '']);
      expect(await stage.told({ type: 'START_MAINTENANCE', start_maintenance: { machines: [machine] } })).toEqual([
        200,
        '',
      ]);
    }, 'AGENT_REMOVED');
    const removed = events.find(({ agent_removed }) => agent_removed !== undefined);
    expect(removed?.agent_removed?.agent_id.value).toBe(agent?.id);
    expect(await stage.told({ type: 'STOP_MAINTENANCE', stop_maintenance: { machines: [machine] } })).toEqual([
      200,
      '',
    ]);
  }),
];
