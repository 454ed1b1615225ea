import type { Life } from '../life.js';
import { commandTask, killedTask, recoveredTask } from './command-task.js';
import { executorTask, executorTasks } from './on-executor.js';
import { operations } from './operations.js';
import { pod } from './pod.js';

/** Everything that an agent does for frameworks, in steps. */
export const LIVES: readonly Life[] = [
  commandTask,
  killedTask,
  recoveredTask,
  executorTask,
  executorTasks,
  pod,
  operations,
];
