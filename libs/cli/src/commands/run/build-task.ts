import type { ContainerInfo, HealthCheck, TaskInfo } from '@tranche/mesos-api';
import { type Placement, commandTask, portsOf } from '@tranche/scheduler';
import { type HealthPlan, type RunPlan, instanceName } from './run-plan.js';

/** The task of one instance. */
export function buildTask(plan: RunPlan, index: number, taskId: string, placement: Placement): TaskInfo {
  const { command, env, labels, uris, user, maxRunMs, health } = plan;
  const task = commandTask(
    {
      id: taskId,
      name: instanceName(plan, index),
      command,
      env,
      ...(Object.keys(labels).length > 0 && { labels }),
      ...(uris.length > 0 && { uris }),
      ...(user !== undefined && { user }),
      ...(maxRunMs !== undefined && { maxRunMs }),
    },
    placement,
  );
  const container = containerOf(plan);
  return {
    ...task,
    ...(container && { container }),
    ...(health && { health_check: healthCheck(health, portsOf(placement.resources)[0]) }),
  };
}

/** Only what was asked for: a cluster that can't give it says so. */
function containerOf({ image, tty }: RunPlan): ContainerInfo | undefined {
  if (image === undefined && !tty) return undefined;
  return {
    type: 'MESOS',
    ...(image !== undefined && {
      mesos: { image: { type: 'DOCKER', docker: { name: image.replace(/^docker:\/\//, '') } } },
    }),
    ...(tty && { tty_info: {} }),
  };
}

function healthCheck(health: HealthPlan, port: number | undefined): HealthCheck {
  const { http, command, delaySeconds = 0, intervalSeconds, graceSeconds, timeoutSeconds, failures } = health;
  return {
    ...(http === undefined
      ? { type: 'COMMAND', command: { value: command ?? '' } }
      : { type: 'HTTP', http: { path: http, port: port ?? 0, scheme: 'http' } }),
    delay_seconds: delaySeconds,
    ...(intervalSeconds !== undefined && { interval_seconds: intervalSeconds }),
    ...(graceSeconds !== undefined && { grace_period_seconds: graceSeconds }),
    ...(timeoutSeconds !== undefined && { timeout_seconds: timeoutSeconds }),
    ...(failures !== undefined && { consecutive_failures: failures }),
  };
}
