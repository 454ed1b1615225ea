import { arrayOf, encodeJson, jsonString, type Member, messageTypes, objectOf } from '@tranche/mesos-api';
import type { Logger } from '@tranche/telemetry';
import type { AgentState } from '../checkpoint/agent-state.js';
import type { Containerizer } from '../containerizer/containerizer.js';
import type { AgentTask } from '../tasks/agent-task.js';
import { executorName } from '../tasks/command/command-task.js';
import type { LiveContainers } from '../tasks/live-containers.js';
import { statisticsJson } from './statistics-json.js';

/** Which containers are asked for; every absent member means all. */
export interface ContainerFilter {
  readonly containerId?: string;
  readonly frameworkId?: string;
  readonly executorId?: string;
}

/** What runs on the agent now, with its use: `/containers` and `/monitor/statistics`. */
export class ContainerList {
  constructor(
    private readonly state: AgentState,
    private readonly containerizer: Containerizer,
    private readonly live: LiveContainers,
    private readonly logger: Logger,
  ) {}

  /** Body of `/containers`. */
  async containers(filter: ContainerFilter): Promise<string> {
    return this.render(filter, (task, statistics) => [
      ['container_id', jsonString(task.containerId)],
      ...executorMembers(task),
      ['statistics', statistics],
      ['status', statusOf(task)],
    ]);
  }

  /** Body of `/monitor/statistics`: containers whose use could be read. */
  async statistics(): Promise<string> {
    return this.render({}, (task, statistics) =>
      statistics === undefined ? undefined : [...executorMembers(task), ['statistics', statistics]],
    );
  }

  private async render(
    filter: ContainerFilter,
    membersOf: (task: AgentTask, statistics: string | undefined) => Member[] | undefined,
  ): Promise<string> {
    const tasks = [...this.state.tasks()].filter(
      (task) => this.live.phaseOf(task.containerId) === 'running' && isWanted(task, filter),
    );
    const rendered = await Promise.all(tasks.map(async (task) => membersOf(task, await this.usageOf(task))));
    return arrayOf(rendered.flatMap((members) => (members === undefined ? [] : [objectOf(members)])));
  }

  /** @returns undefined for a container that has ended meanwhile or cannot be read */
  private async usageOf(task: AgentTask): Promise<string | undefined> {
    try {
      return statisticsJson(await this.containerizer.usage(task.containerId));
    } catch (error) {
      this.logger.debug('container could not be measured', { containerId: task.containerId, error });
      return undefined;
    }
  }
}

const isWanted = (task: AgentTask, { containerId, frameworkId, executorId }: ContainerFilter): boolean =>
  (containerId === undefined || containerId === task.containerId) &&
  (frameworkId === undefined || frameworkId === task.frameworkId) &&
  (executorId === undefined || executorId === task.taskId);

const executorMembers = (task: AgentTask): Member[] => [
  ['executor_id', jsonString(task.taskId)],
  ['executor_name', jsonString(executorName(task.info))],
  ['framework_id', jsonString(task.frameworkId)],
  ['source', jsonString(task.taskId)],
];

const statusOf = ({ containerId, container }: AgentTask): string =>
  encodeJson(messageTypes.ContainerStatus, {
    container_id: { value: containerId },
    ...(container === undefined ? {} : { executor_pid: container.pid }),
  });
