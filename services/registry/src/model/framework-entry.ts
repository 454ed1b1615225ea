import type { FrameworkRecord, OfferRecord } from '@tranche/contracts';
import type { ExecutorInfo } from '@tranche/mesos-api';
import { ResourceSum } from './resource-sum.js';
import type { TaskEntry } from './task-entry.js';
import { TaskTally } from './task-tally.js';

/** An executor that a framework described itself; those that agents make for command tasks are not listed. */
export interface ExecutorEntry {
  readonly agentId: string;
  readonly info: ExecutorInfo;
  /** Tasks that have not ended. */
  tasks: number;
}

/** One framework as the read model knows it, with what belongs to it. */
export interface FrameworkEntry {
  record: FrameworkRecord;
  isCompleted: boolean;
  /** Outstanding, by id. */
  readonly offers: Map<string, OfferRecord>;
  /** By agent and executor id. */
  readonly executors: Map<string, ExecutorEntry>;
  /** Held by tasks. */
  readonly used: ResourceSum;
  /** In outstanding offers. */
  readonly offered: ResourceSum;
  /** Tasks that are not completed, by task id. */
  readonly live: Map<string, TaskEntry>;
  /** Completed tasks that are still shown, oldest first. */
  readonly completed: Set<TaskEntry>;
  /** Of all tasks that are shown, completed ones included. */
  readonly tally: TaskTally;
  /** Shown tasks by agent. */
  readonly tasksOnAgent: Map<string, number>;
}

export const newFrameworkEntry = (record: FrameworkRecord): FrameworkEntry => ({
  record,
  isCompleted: false,
  offers: new Map(),
  executors: new Map(),
  used: new ResourceSum(),
  offered: new ResourceSum(),
  live: new Map(),
  completed: new Set(),
  tally: new TaskTally(),
  tasksOnAgent: new Map(),
});
