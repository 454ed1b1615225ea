import type { FrameworkInfo } from '@tranche/mesos-api';
import type { RunPlan } from './run-plan.js';

/** What the cluster is told about the framework behind a run. */
export function frameworkOf(plan: RunPlan, user: string, failoverTimeoutMs: number): FrameworkInfo {
  return {
    user: plan.user ?? user,
    name: plan.name,
    roles: [plan.role],
    checkpoint: true,
    failover_timeout: failoverTimeoutMs / 1000,
    capabilities: [
      { type: 'MULTI_ROLE' },
      { type: 'RESERVATION_REFINEMENT' },
      { type: 'PARTITION_AWARE' },
      { type: 'TASK_KILLING_STATE' },
      ...(plan.needs.gpus > 0 ? [{ type: 'GPU_RESOURCES' as const }] : []),
    ],
  };
}
