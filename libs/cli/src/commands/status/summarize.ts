import type { AgentView, FrameworkView, OfferView, RoleView, TaskView } from '@tranche/contracts';

/** What the cluster shows of itself. */
export interface ClusterViews {
  agents: readonly AgentView[];
  frameworks: readonly FrameworkView[];
  offers: readonly OfferView[];
  roles: readonly RoleView[];
  tasks: readonly TaskView[];
}

/** One resource over all active agents. */
export interface ResourceSummary {
  used: number;
  offered: number;
  total: number;
}

/** Counts by state, and sums of resources. */
export interface ClusterSummary {
  agents: Record<'active' | 'draining' | 'drained' | 'deactivated' | 'disconnected' | 'unreachable', number>;
  frameworks: Record<'connected' | 'disconnected' | 'recovered', number>;
  tasks: Record<'running' | 'staging' | 'unreachable' | 'failedInLastHour', number>;
  resources: Record<'cpus' | 'mem' | 'disk' | 'gpus', ResourceSummary>;
}

const HOUR_MS = 3_600_000;
/** Ends that are neither success nor what somebody wanted. */
export const FAILED_STATES: readonly string[] = ['TASK_FAILED', 'TASK_ERROR', 'TASK_LOST', 'TASK_DROPPED', 'TASK_GONE'];

/** Counts what there is. Memory and disk are in bytes. */
export function summarize({ agents, frameworks, tasks }: ClusterViews, nowMs: number): ClusterSummary {
  const agentCount = (state: AgentView['state']): number => agents.filter((agent) => agent.state === state).length;
  const drainCount = (state: 'draining' | 'drained'): number =>
    agents.filter((agent) => agent.state === 'deactivated' && agent.drain?.state === state).length;
  const frameworkCount = (state: FrameworkView['state']): number =>
    frameworks.filter((framework) => framework.state === state).length;
  const taskCount = (...states: string[]): number => tasks.filter(({ state }) => states.includes(state)).length;
  return {
    agents: {
      active: agentCount('active'),
      draining: drainCount('draining'),
      drained: drainCount('drained'),
      deactivated: agents.filter(({ state, drain }) => state === 'deactivated' && drain === undefined).length,
      disconnected: agentCount('disconnected'),
      unreachable: agentCount('unreachable'),
    },
    frameworks: {
      connected: frameworkCount('connected'),
      recovered: frameworkCount('recovered'),
      disconnected: frameworkCount('disconnected'),
    },
    tasks: {
      running: taskCount('TASK_RUNNING', 'TASK_KILLING'),
      staging: taskCount('TASK_STAGING', 'TASK_STARTING'),
      unreachable: taskCount('TASK_UNREACHABLE'),
      failedInLastHour: recentFailures(tasks, nowMs).length,
    },
    resources: {
      cpus: sumOf(agents, 'cpus'),
      mem: sumOf(agents, 'memBytes'),
      disk: sumOf(agents, 'diskBytes'),
      gpus: sumOf(agents, 'gpus'),
    },
  };
}

/** Tasks that ended within the last hour otherwise than by success or by being killed. */
export function recentFailures(tasks: readonly TaskView[], nowMs: number): TaskView[] {
  return tasks.filter(
    ({ state, endedAt }) =>
      FAILED_STATES.includes(state) && endedAt !== undefined && nowMs - Date.parse(endedAt) <= HOUR_MS,
  );
}

function sumOf(agents: readonly AgentView[], name: 'cpus' | 'memBytes' | 'diskBytes' | 'gpus'): ResourceSummary {
  const active = agents.filter(({ state }) => state === 'active');
  const sum = (part: 'used' | 'offered' | 'total'): number =>
    Math.round(active.reduce((total, agent) => total + agent[part][name], 0) * 1000) / 1000;
  return { used: sum('used'), offered: sum('offered'), total: sum('total') };
}
