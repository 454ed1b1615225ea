import { formatMilli, formatValue, ResourceError, Resources } from '@tranche/resources';
import type { Resource, TaskInfo } from '@tranche/mesos-api';
import type { AgentExecutor } from '../executors/agent-executor.js';
import { needsCheckpoint } from '../operations/checkpointed-resources.js';
import { type AgentTask, taskKey } from './agent-task.js';
import { isTerminal } from './task-state.js';

/** A task or an executor, by the documents of what it asks for. */
interface Holder {
  readonly resources?: readonly Resource[];
}

/** Counts what the agent's live tasks hold, so that it never runs more than it has, whatever it is told. */
export class Capacity {
  private sum = Resources.EMPTY;
  private readonly held = new Map<string, { readonly isOver: () => boolean; readonly resources: Resources }>();

  /** @param resources what the agent has: operations change it while it runs */
  constructor(private readonly resources: { readonly total: Resources }) {}

  get total(): Resources {
    return this.resources.total;
  }

  /** What live tasks hold, without allocation roles. */
  get allocated(): Resources {
    this.release();
    return this.sum;
  }

  /** Counts a task until it is terminal. */
  hold(task: AgentTask): void {
    this.add(`${taskKey(task)}/${task.containerId}`, task.info, () => isTerminal(task.state));
  }

  /** Counts what an executor holds itself until it is over. */
  holdExecutor(executor: AgentExecutor, isOver: () => boolean): void {
    this.add(executor.containerId, executor.info, isOver);
  }

  private add(key: string, holder: Holder, isOver: () => boolean): void {
    const resources = resourcesOf(holder);
    this.held.set(key, { isOver, resources });
    this.sum = this.sum.plus(resources);
  }

  /**
   * What is missing for a task, or for several things together, `cpus 0.5 left, 1 asked; ports [31000-31000] not free`.
   *
   * @returns undefined when everything it asks for is free
   */
  shortage(...asking: readonly Holder[]): string | undefined {
    let asked: Resources;
    try {
      // A shared volume is there for any number of tasks.
      const each = asking.map((holder) => resourcesOf(holder).nonShared());
      asked = each.reduce((sum, resources) => sum.plus(resources), Resources.EMPTY);
    } catch (error) {
      if (error instanceof ResourceError) return error.message;
      throw error;
    }
    const free = this.total.nonShared().minus(this.allocated);
    if (free.contains(asked)) return undefined;
    const missing = [...asked.minus(free)];
    return missing
      .map(({ name, value }) =>
        value.kind === 'scalar'
          ? `${name} ${formatMilli(free.scalarMilli(name))} left, ${formatMilli(asked.scalarMilli(name))} asked`
          : `${name} ${formatValue(value)} not free`,
      )
      .join('; ');
  }

  /**
   * Reservations and volumes of a task that the agent does not have, in Mesos' printed form.
   *
   * @returns undefined when it has them all, in use or not; also for a task whose resources cannot be read
   */
  unknown(task: TaskInfo): string | undefined {
    let asked: Resources;
    try {
      asked = resourcesOf(task).filter(needsCheckpoint);
    } catch (error) {
      if (error instanceof ResourceError) return undefined;
      throw error;
    }
    const missing = asked.filter((resource) => !this.total.contains(Resources.of([{ ...resource, copies: 1 }])));
    return missing.isEmpty ? undefined : missing.toString();
  }

  private release(): void {
    for (const [key, { isOver, resources }] of this.held) {
      if (!isOver()) continue;
      this.held.delete(key);
      this.sum = this.sum.minus(resources);
    }
  }
}

/** @throws ResourceError */
const resourcesOf = ({ resources }: Holder): Resources => Resources.fromJson(resources ?? []).withoutAllocationRole();
