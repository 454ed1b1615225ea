import type { AgentView, FrameworkView, TaskView } from '@tranche/contracts';
import type { Usage } from './usage-samples.js';

/** A line of `tranche top`: what is used of what was asked for. */
export interface TopRow {
  readonly id: string;
  readonly name: string;
  /** Absent until it has been measured twice. */
  readonly cpus?: number;
  readonly cpusAsked: number;
  readonly memBytes: number;
  readonly memAskedBytes: number;
  readonly tasks: number;
  readonly agent?: string;
  readonly framework?: string;
}

interface Used {
  cpus: number | undefined;
  memBytes: number;
}

function usedBy(usages: readonly Usage[], isOf: (usage: Usage) => boolean): Used {
  const used: Used = { cpus: undefined, memBytes: 0 };
  for (const usage of usages) {
    if (!isOf(usage)) continue;
    if (usage.cpus !== undefined) used.cpus = (used.cpus ?? 0) + usage.cpus;
    used.memBytes += usage.memBytes;
  }
  return used;
}

const cells = ({ cpus, memBytes }: Used): Pick<TopRow, 'cpus' | 'memBytes'> => ({
  ...(cpus === undefined ? {} : { cpus }),
  memBytes,
});

/** An executor of one task has the task's own id; tasks of others share what their executor uses, and have no figures of their own. */
export function taskRows(tasks: readonly TaskView[], usages: readonly Usage[]): TopRow[] {
  const byExecutor = new Map(usages.map((usage) => [`${usage.frameworkId} ${usage.executorId}`, usage]));
  return tasks.flatMap(({ id, name, frameworkId, frameworkName, agentHostname, resources }) => {
    const usage = byExecutor.get(`${frameworkId} ${id}`);
    if (usage === undefined) return [];
    const asked = { cpusAsked: resources.cpus, memAskedBytes: resources.memBytes };
    return [{ id, name, ...cells(usage), ...asked, tasks: 1, agent: agentHostname, framework: frameworkName }];
  });
}

export const agentRows = (agents: readonly AgentView[], usages: readonly Usage[]): TopRow[] =>
  agents
    .filter(({ state }) => state === 'active' || state === 'deactivated' || state === 'disconnected')
    .map(({ id, hostname, total, tasks }) => ({
      ...{ id, name: hostname, ...cells(usedBy(usages, ({ agentId }) => agentId === id)) },
      ...{ cpusAsked: total.cpus, memAskedBytes: total.memBytes, tasks },
    }));

export const frameworkRows = (frameworks: readonly FrameworkView[], usages: readonly Usage[]): TopRow[] =>
  frameworks.map(({ id, name, used, tasks }) => ({
    ...{ id, name, ...cells(usedBy(usages, ({ frameworkId }) => frameworkId === id)) },
    ...{ cpusAsked: used.cpus, memAskedBytes: used.memBytes, tasks: tasks.running + tasks.staging },
  }));
