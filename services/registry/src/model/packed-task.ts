import type { TaskRecord } from '@tranche/contracts';
import type { Resource, TaskInfo, TaskState, TaskStatus } from '@tranche/mesos-api';
import { Resources } from '@tranche/resources';

/** Sums of resources that are kept for tasks that ask for the same. */
const MAX_SUMS = 1_000;

/**
 * A task's record with what is large of it as text, read each time that it is asked for.
 *
 * As objects the definition and the statuses of a task are some sixty, and the collector looks at each of them again and again, though next to nobody ever asks:
 * what is polled is rendered. As text they are three.
 */
export class PackedTask implements TaskRecord {
  readonly frameworkId: string;
  readonly taskId: string;
  readonly agentId: string;
  readonly role: string;
  readonly user: string;
  readonly launchedAtMs: number;
  readonly traceId: string;
  /** Of an executor that its framework described itself. */
  readonly executorId: string | undefined;
  private readonly infoText: string;
  private readonly resourcesText: string;
  private readonly statusesText: string;

  private constructor(
    record: Omit<TaskRecord, 'state' | 'info' | 'resources' | 'statuses'>,
    readonly state: TaskState,
    parts: Parts,
  ) {
    this.frameworkId = record.frameworkId;
    this.taskId = record.taskId;
    this.agentId = record.agentId;
    this.role = record.role;
    this.user = record.user;
    this.launchedAtMs = record.launchedAtMs;
    this.traceId = record.traceId;
    this.executorId = parts.executorId;
    this.infoText = parts.infoText;
    this.resourcesText = parts.resourcesText;
    this.statusesText = parts.statusesText;
  }

  static of(record: TaskRecord): PackedTask {
    return new PackedTask(record, record.state, {
      executorId: record.info.executor?.executor_id.value,
      infoText: JSON.stringify(record.info),
      resourcesText: JSON.stringify(record.resources),
      statusesText: JSON.stringify(record.statuses),
    });
  }

  get info(): TaskInfo {
    return JSON.parse(this.infoText) as TaskInfo;
  }

  get resources(): Resource[] {
    return JSON.parse(this.resourcesText) as Resource[];
  }

  get statuses(): TaskStatus[] {
    return JSON.parse(this.statusesText) as TaskStatus[];
  }

  /** What its resources are called by: two tasks that ask for the same in the same role have the same name. */
  get resourcesKey(): string {
    return `${this.role} ${this.resourcesText}`;
  }

  /** The record after a status: one status per consecutive equal state, the last of each. */
  withStatus(state: TaskState, status: TaskStatus | undefined): PackedTask {
    const { executorId, infoText, resourcesText, statusesText } = this;
    const parts = { executorId, infoText, resourcesText };
    if (status === undefined) return new PackedTask(this, state, { ...parts, statusesText });
    const { statuses } = this;
    const repeats = statuses.at(-1)?.state === status.state;
    const later = [...(repeats ? statuses.slice(0, -1) : statuses), status];
    return new PackedTask(this, state, { ...parts, statusesText: JSON.stringify(later) });
  }
}

interface Parts {
  readonly executorId: string | undefined;
  readonly infoText: string;
  readonly resourcesText: string;
  readonly statusesText: string;
}

/** Sums of what tasks ask for: of a thousand tasks alike there is one. */
export class SharedSums {
  private readonly sums = new Map<string, Resources>();

  /** With the role that they are allocated to. */
  of(task: PackedTask): Resources {
    const key = task.resourcesKey;
    let sum = this.sums.get(key);
    if (sum === undefined) {
      sum = Resources.fromJson(task.resources).withAllocationRole(task.role);
      if (this.sums.size >= MAX_SUMS) this.sums.clear();
      this.sums.set(key, sum);
    }
    return sum;
  }
}
