import type { MachineLoad } from '@tranche/http';
import type { AgentCounters } from '../agents/agent-counters.js';
import { isRegistered } from '../agents/known-agent.js';
import type { ClusterModel } from '../model/cluster-model.js';
import { UNSEEN_METRICS } from './unseen-metrics.js';

export interface MetricsInput {
  readonly model: ClusterModel;
  readonly agents: AgentCounters;
  readonly uptimeMs: number;
  readonly machine: MachineLoad;
}

type Metrics = Record<string, number>;

/**
 * Everything of `/metrics/snapshot`, under Mesos' names.
 *
 * Gauges are those of the read model; counters count since the registry's start what it has seen: agents and facts. What other services
 * count is added by `OtherMetrics`; what does not happen here is there as zero, because dashboards expect the name.
 */
export function masterMetrics(input: MetricsInput): Metrics {
  return {
    ...UNSEEN_METRICS,
    'master/elected': 1,
    'master/uptime_secs': input.uptimeMs / 1000,
    ...resourceMetrics(input.model),
    ...agentMetrics(input.model, input.agents),
    ...frameworkMetrics(input.model),
    ...taskMetrics(input.model),
    ...tasksByFramework(input.model),
    ...machineMetrics(input.machine),
  };
}

const RESOURCES = ['cpus', 'gpus', 'mem', 'disk'] as const;
const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

function resourceMetrics(model: ClusterModel): Metrics {
  const metrics: Metrics = {};
  for (const name of RESOURCES) {
    const sum = { total: 0, used: 0, offered: 0, revocableTotal: 0, revocableUsed: 0 };
    for (const { known, total, used, offered } of model.agents.known()) {
      if (!isRegistered(known)) continue;
      sum.revocableTotal += total.revocable().scalarMilli(name);
      sum.revocableUsed += used.resources.revocable().scalarMilli(name);
      sum.total += total.scalarMilli(name);
      sum.used += used.resources.scalarMilli(name);
      sum.offered += offered.resources.scalarMilli(name);
    }
    const firm = { total: sum.total - sum.revocableTotal, used: sum.used - sum.revocableUsed };
    metrics[`master/${name}_total`] = firm.total / 1000;
    metrics[`master/${name}_used`] = firm.used / 1000;
    metrics[`master/${name}_percent`] = ratio(firm.used, firm.total);
    metrics[`master/${name}_revocable_total`] = sum.revocableTotal / 1000;
    metrics[`master/${name}_revocable_used`] = sum.revocableUsed / 1000;
    metrics[`master/${name}_revocable_percent`] = ratio(sum.revocableUsed, sum.revocableTotal);
    if (name === 'gpus') continue;
    metrics[`allocator/mesos/resources/${name}/total`] = sum.total / 1000;
    metrics[`allocator/mesos/resources/${name}/offered_or_allocated`] = (sum.used + sum.offered) / 1000;
  }
  return metrics;
}

/** One that is disconnected gets no offers: it is among the inactive ones, too. */
function agentMetrics(model: ClusterModel, counters: AgentCounters): Metrics {
  const count = { active: 0, inactive: 0, disconnected: 0, unreachable: 0 };
  for (const { known } of model.agents.known()) {
    if (known.record.state === 'unreachable') count.unreachable++;
    else if (!isRegistered(known)) continue;
    else if (known.record.state === 'active') count.active++;
    else count.inactive++;
    if (known.record.state === 'disconnected') count.disconnected++;
  }
  return {
    'master/slaves_active': count.active,
    'master/slaves_inactive': count.inactive,
    'master/slaves_connected': count.active + count.inactive - count.disconnected,
    'master/slaves_disconnected': count.disconnected,
    'master/slaves_unreachable': count.unreachable,
    'master/slave_registrations': counters.registrations,
    'master/slave_reregistrations': counters.reregistrations,
    'master/slave_removals': counters.replaced + counters.unregistered + counters.unreachable,
    'master/slave_removals/reason_registered': counters.replaced,
    'master/slave_removals/reason_unhealthy': counters.unreachable,
    'master/slave_removals/reason_unregistered': counters.unregistered,
    'master/slave_unreachable_scheduled': counters.unreachableScheduled,
    'master/slave_unreachable_completed': counters.unreachable,
    'master/slave_unreachable_canceled': counters.unreachableCanceled,
    'master/recovery_slave_removals': counters.unreachableAfterRecovery,
    'master/messages_register_slave': counters.registrationMessages,
    'master/messages_reregister_slave': counters.reregistrationMessages,
    'master/messages_unregister_slave': counters.unregistrationMessages,
    // What Mesos' agents tell in a message of its own once they are admitted is part of a registration here.
    'master/messages_update_slave': counters.registrations + counters.reregistrations,
  };
}

function frameworkMetrics(model: ClusterModel): Metrics {
  const count = { active: 0, inactive: 0, connected: 0, disconnected: 0 };
  for (const { record, isCompleted } of model.allFrameworks()) {
    if (isCompleted) continue;
    count[record.active ? 'active' : 'inactive']++;
    count[record.state === 'connected' ? 'connected' : 'disconnected']++;
  }
  return {
    'master/frameworks_active': count.active,
    'master/frameworks_inactive': count.inactive,
    'master/frameworks_connected': count.connected,
    'master/frameworks_disconnected': count.disconnected,
    'master/outstanding_offers': model.outstandingOffers,
  };
}

/** Tasks of each framework that is shown, by their states. */
function tasksByFramework(model: ClusterModel): Metrics {
  const metrics: Metrics = {};
  for (const { record, tally } of model.allFrameworks()) {
    const prefix = `master/frameworks/${encodeURIComponent(record.info.name)}/${record.frameworkId}/tasks`;
    for (const state of [...GAUGES, 'TASK_UNKNOWN'] as const) {
      metrics[`${prefix}/active/${state.toLowerCase()}`] = tally.get(state);
    }
    for (const state of ENDS) metrics[`${prefix}/terminal/${state.toLowerCase()}`] = tally.get(state);
  }
  return metrics;
}

/** States in which a task is, for a while; and those in which it has ended. */
const GAUGES = ['TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING', 'TASK_UNREACHABLE'] as const;
const ENDS = [
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_LOST',
  'TASK_ERROR',
  'TASK_DROPPED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
] as const;

const metricOf = (state: string): string => `master/tasks_${state.slice('TASK_'.length).toLowerCase()}`;

function taskMetrics(model: ClusterModel): Metrics {
  const metrics: Metrics = {};
  for (const state of GAUGES) {
    let count = 0;
    for (const framework of model.allFrameworks()) if (!framework.isCompleted) count += framework.tally.get(state);
    metrics[metricOf(state)] = count;
  }
  for (const state of ENDS) metrics[metricOf(state)] = model.counters.ended(state);
  for (const [name, count] of model.counters.reasons) metrics[`master/${name}`] = count;
  return metrics;
}

const machineMetrics = ({ cpus, load, memTotalBytes, memFreeBytes }: MachineLoad): Metrics => ({
  'system/cpus_total': cpus,
  'system/load_1min': load[0],
  'system/load_5min': load[1],
  'system/load_15min': load[2],
  'system/mem_total_bytes': memTotalBytes,
  'system/mem_free_bytes': memFreeBytes,
});
