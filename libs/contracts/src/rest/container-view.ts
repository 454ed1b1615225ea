/** What a container uses; what the machine cannot tell is absent. Sizes in bytes, processor time in seconds since it began. */
export interface ContainerUsageView {
  /** ISO 8601 UTC. */
  measuredAt: string;
  cpusLimit?: number;
  cpusUserSeconds?: number;
  cpusSystemSeconds?: number;
  cpusThrottledSeconds?: number;
  memBytes?: number;
  memLimitBytes?: number;
  diskBytes?: number;
  diskLimitBytes?: number;
  processes?: number;
  threads?: number;
}

/** `GET /v1/containers/ID`, items of `GET /v1/containers` of an agent: containers that run, those within others too. */
export interface ContainerView {
  id: string;
  /** Of the container around it. */
  parentId?: string;
  /** Absent for one that was launched by the agent's own API. */
  frameworkId?: string;
  executorId?: string;
  /** Of the task, where it is the task's own. */
  taskId?: string;
  name?: string;
  /** Of its first process, on the agent's machine. */
  pid?: number;
  /** Absent when it has ended meanwhile. */
  usage?: ContainerUsageView;
}
