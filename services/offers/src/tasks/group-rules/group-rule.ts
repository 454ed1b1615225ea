import type { ExecutorInfo } from '@tranche/mesos-api';
import type { Resources } from '@tranche/resources';
import type { LaunchCandidate, LaunchScene } from '../launch-rules/launch-rule.js';

/** A task group that a framework wants to launch, its resources read and allocated to the offers' role. */
export interface GroupCandidate {
  readonly executor: ExecutorInfo;
  readonly executorResources: Resources;
  /** Each with an executor: its own, else the group's. */
  readonly tasks: readonly LaunchCandidate[];
}

/**
 * One thing that must hold for a group to be launched.
 *
 * @returns why it does not, in Mesos' words: the message of each task's TASK_ERROR; undefined when it holds
 */
export type GroupRule = (group: GroupCandidate, scene: LaunchScene) => string | undefined;
