import { expect } from 'vitest';
import { RecoverResourcesV1 } from '@tranche/contracts';
import type { CheckInfo, HealthCheck, TaskInfo, TaskStatus } from '@tranche/mesos-api';
import { accept, Stage, taskInfo } from '../stage.js';
import { notYet, type Rule, rule } from '../rule.js';

/** The message that a task is refused with; undefined when it is launched. */
async function refusal(stage: Stage, more: Partial<TaskInfo>): Promise<string | undefined> {
  const scheduler = await stage.subscribe();
  const offer = await stage.offer(scheduler);
  await accept(scheduler, [offer.id.value], [taskInfo('t', offer.agent_id.value, more)]);
  return (await scheduler.settled())[0]?.update?.status.message;
}

async function refusesChecks(stage: Stage, faults: readonly (readonly [CheckInfo, string])[]): Promise<void> {
  for (const [check, fault] of faults) {
    expect(await refusal(stage, { check })).toBe(`Task uses invalid check: ${fault}`);
  }
}

async function refusesHealthChecks(stage: Stage, faults: readonly (readonly [HealthCheck, string])[]): Promise<void> {
  for (const [health_check, fault] of faults) {
    expect(await refusal(stage, { health_check })).toBe(`Task uses invalid health check: ${fault}`);
  }
}

const passedOn = (at: string, says: string, check: Partial<TaskInfo>, update: Partial<TaskStatus>): Rule =>
  rule(at, says, async (stage) => {
    const scheduler = await stage.subscribe();
    const task = await stage.launch(scheduler, 't', check);
    await stage.report(scheduler, task, update);
    expect(await scheduler.status()).toMatchObject({ state: 'TASK_RUNNING', ...update });
  });

/** Heartbeats, offer timeouts, and sections 11 and 12. */
export const otherRules: readonly Rule[] = [
  rule('§3.2 heartbeat', 'it comes at the promised interval', async ({ encoding }) => {
    const stage = await Stage.start(encoding, { config: { heartbeatIntervalMs: 20 } });
    const scheduler = await stage.open();
    const { subscribed } = await scheduler.next('SUBSCRIBED');
    expect(subscribed?.heartbeat_interval_seconds).toBe(0.02);
    scheduler.frameworkId = subscribed?.framework_id.value ?? '';
    for (let beat = 0; beat < 3; beat++) await scheduler.next('HEARTBEAT');
    await stage.stop();
  }),
  rule('§7 offer timeout', 'an offer that nobody answers is rescinded after it', async ({ encoding }) => {
    const stage = await Stage.start(encoding, { config: { offerTimeoutMs: 20 } });
    const scheduler = await stage.subscribe();
    const offer = await stage.offer(scheduler);
    expect((await scheduler.next('RESCIND')).rescind).toEqual({ offer_id: offer.id });
    expect(await stage.told(RecoverResourcesV1)).not.toHaveProperty('refuseSeconds');
    await stage.stop();
  }),
  rule('§11 checks: member', 'the member of the type is there', (stage) =>
    refusesChecks(stage, [
      [{ type: 'COMMAND' }, "Expecting 'command' to be set for COMMAND check"],
      [{ type: 'HTTP' }, "Expecting 'http' to be set for HTTP check"],
      [{ type: 'TCP' }, "Expecting 'tcp' to be set for TCP check"],
    ]),
  ),
  rule('§11 checks: command', 'a command has a value', (stage) =>
    refusesChecks(stage, [
      [{ type: 'COMMAND', command: { command: {} } }, "Command check must contain 'shell command'"],
      [{ type: 'COMMAND', command: { command: { shell: false } } }, "Command check must contain 'executable path'"],
    ]),
  ),
  rule('§11 checks: HTTP path', 'it starts with a slash', (stage) =>
    refusesChecks(stage, [
      [{ type: 'HTTP', http: { port: 1, path: 'x' } }, "The path 'x' of HTTP check must start with '/'"],
    ]),
  ),
  rule('§11 checks: durations', 'they are not negative', async (stage) => {
    const check: CheckInfo = { type: 'TCP', tcp: { port: 1 } };
    for (const member of ['delay_seconds', 'interval_seconds', 'timeout_seconds'] as const) {
      await refusesChecks(stage, [[{ ...check, [member]: -1 }, `Expecting '${member}' to be non-negative`]]);
    }
    expect(await refusal(stage, { check })).toBeUndefined();
  }),
  rule('§11 health checks: member', 'the member of the type is there, the scheme http or https', (stage) =>
    refusesHealthChecks(stage, [
      [{ type: 'COMMAND' }, "Expecting 'command' to be set for COMMAND health check"],
      [{ type: 'HTTP' }, "Expecting 'http' to be set for HTTP health check"],
      [{ type: 'HTTP', http: { port: 1, scheme: 'ftp' } }, "Unsupported HTTP health check scheme: 'ftp'"],
      [{ type: 'HTTP', http: { port: 1, path: 'x' } }, "The path 'x' of HTTP health check must start with '/'"],
      [{ type: 'COMMAND', command: {} }, "Command health check must contain 'shell command'"],
    ]),
  ),
  rule('§11 health checks: durations', 'they are not negative', async (stage) => {
    const check: HealthCheck = { type: 'TCP', tcp: { port: 1 } };
    const members = ['delay_seconds', 'interval_seconds', 'timeout_seconds', 'grace_period_seconds'] as const;
    for (const member of members) {
      await refusesHealthChecks(stage, [[{ ...check, [member]: -1 }, `Expecting '${member}' to be non-negative`]]);
    }
  }),
  rule('§11 health checks: inferred type', 'COMMAND or HTTP is inferred from the one that is there', async (stage) => {
    expect(await refusal(stage, { health_check: { command: { value: 'x' } } })).toBeUndefined();
    expect(await refusal(stage, { health_check: { http: { port: 1 } } })).toBeUndefined();
    const both = { command: { value: 'x' }, http: { port: 1 } };
    expect(await refusal(stage, { health_check: both })).toContain("must specify 'type'");
  }),
  // Agents run them; here they are played. That real ones do is tested in services/agent/src/checks.
  passedOn(
    '§11 running of health checks',
    'what a health check comes to is passed on as it is',
    { health_check: { type: 'TCP', tcp: { port: 1 } } },
    { healthy: false, reason: 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED' },
  ),
  passedOn(
    '§11 running of checks',
    'what a check comes to is passed on as it is',
    { check: { type: 'HTTP', http: { port: 1 } } },
    { check_status: { type: 'HTTP', http: { status_code: 503 } }, reason: 'REASON_TASK_CHECK_STATUS_UPDATED' },
  ),
  passedOn(
    '§11 max_completion_time',
    'the agent is sent the time, and what it says of the end is passed on',
    { max_completion_time: { nanoseconds: 1e9 } },
    { state: 'TASK_FAILED', reason: 'REASON_MAX_COMPLETION_TIME_REACHED' },
  ),
  notYet(
    '§12 finding the master',
    'clients are given the public address; there is nobody else to find',
    'No ZooKeeper and no standby: SUBSCRIBED names the public address, as MasterInfo.',
    async (stage) => {
      const scheduler = await stage.open();
      const { subscribed } = await scheduler.next('SUBSCRIBED');
      scheduler.frameworkId = subscribed?.framework_id.value ?? '';
      expect(subscribed?.master_info?.address).toEqual({ hostname: '127.0.0.1', ip: '127.0.0.1', port: 5050 });
    },
  ),
];
