import type { ResourceAmounts } from './resource-amounts.js';

/** One status of a task, as `/v1/tasks` shows it. */
export interface TaskStatusView {
  state: string;
  source?: string;
  reason?: string;
  message?: string;
  healthy?: boolean;
  /** ISO 8601 UTC. */
  at: string;
}

/** `GET /v1/tasks/ID`, items of `GET /v1/tasks`. Served by `offers`. */
export interface TaskView {
  id: string;
  name: string;
  frameworkId: string;
  frameworkName: string;
  agentId: string;
  agentHostname: string;
  /** Of the container that it runs or ran in, once known; below that of its executor as `EXECUTOR.TASK`. */
  containerId?: string;
  /** That container has a terminal, which can be attached to. */
  hasTerminal?: true;
  role: string;
  user: string;
  state: string;
  /** Short and always set when the task is not simply running: `exit 1`, `OOM 32 MiB`, `killed`, `staging`. */
  cause?: string;
  /** What its launch waits for, while it does. */
  progress?: {
    step: 'fetching' | 'pulling';
    /** 0 to 100. */
    percent?: number;
    /** Of an image, as it is sent. */
    doneBytes?: number;
    totalBytes?: number;
  };
  healthy?: boolean;
  /** Until when the sandbox of the ended task can be read, if it is not removed earlier for want of space; ISO 8601 UTC. */
  sandboxUntil?: string;
  /** What it was given, without what its executor has. */
  resources: ResourceAmounts;
  labels: Record<string, string>;
  /** The command as text, for people. */
  command?: string;
  /** While it lives: how many tasks of its name its framework has had before it, as far as they are remembered. */
  restarts?: number;
  launchedAt: string;
  runningAt?: string;
  endedAt?: string;
  /** Raw wait status decoded, once ended: exactly one of the two, when known. */
  exitCode?: number;
  signal?: number;
  statuses: TaskStatusView[];
  traceId: string;
}
