import type { TaskInfo } from '@tranche/mesos-api';
import type { Resources } from '@tranche/resources';
import type { Agent } from '../../agents/agent.js';
import type { TaskTable } from '../task-table.js';

/** A task that a framework wants to launch, its resources read and allocated to the offers' role. */
export interface LaunchCandidate {
  readonly info: TaskInfo;
  readonly resources: Resources;
  /** Empty without an executor of its own. */
  readonly executorResources: Resources;
}

/** What a candidate is judged by. */
export interface LaunchScene {
  readonly frameworkId: string;
  readonly agent: Agent;
  readonly tasks: TaskTable;
  /** What is left of the offers, earlier tasks of the same ACCEPT deducted. */
  readonly available: Resources;
}

/**
 * One thing that must hold for a task to be launched.
 *
 * @returns why it does not, in Mesos' words: the message of the TASK_ERROR status; undefined when it holds
 */
export type LaunchRule = (task: LaunchCandidate, scene: LaunchScene) => string | undefined;
