/** What `GET /v1/events` tells of: names as in the operator API, and `AGENT_UPDATED` when an agent's state or draining has changed. */
export const EVENT_TYPES = [
  'TASK_ADDED',
  'TASK_UPDATED',
  'FRAMEWORK_ADDED',
  'FRAMEWORK_UPDATED',
  'FRAMEWORK_REMOVED',
  'AGENT_ADDED',
  'AGENT_UPDATED',
  'AGENT_REMOVED',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** One thing that has happened, as `GET /v1/events` lists it. Served by `registry`. Times ISO 8601 UTC. */
export interface EventView {
  /** Rises with every event of one process of the registry. */
  number: number;
  at: string;
  type: EventType;
  taskId?: string;
  taskName?: string;
  frameworkId?: string;
  frameworkName?: string;
  agentId?: string;
  hostname?: string;
  /** Of the task, framework or agent, after it. */
  state?: string;
  /** Why, in words or as Mesos' reason. */
  reason?: string;
  message?: string;
  /** Who said so: SOURCE_MASTER, SOURCE_AGENT, SOURCE_EXECUTOR. */
  source?: string;
  /** `draining` or `drained` while an operator wants the agent empty. */
  drain?: string;
  /** W3C trace id of the task. */
  traceId?: string;
}
