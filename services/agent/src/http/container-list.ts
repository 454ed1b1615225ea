import type { ContainerView } from '@tranche/contracts';
import {
  type AgentResponseGetContainersContainer,
  arrayOf,
  type ContainerStatus,
  encodeJson,
  jsonString,
  type Member,
  messageTypes,
  objectOf,
} from '@tranche/mesos-api';
import type { Logger } from '@tranche/telemetry';
import type { AgentState } from '../checkpoint/agent-state.js';
import type { ContainerCheckpoint, Containerizer, ResourceStatistics } from '../containerizer/containerizer.js';
import { type AgentExecutor, isNestedTask, isStandingAlone } from '../executors/agent-executor.js';
import type { AgentTask } from '../tasks/agent-task.js';
import { executorName } from '../tasks/command/command-task.js';
import type { LiveContainers } from '../tasks/live-containers.js';
import { usageView } from './container-usage-view.js';
import { statisticsDocument, statisticsJson } from './statistics-json.js';

/** Which containers are asked for; every absent member means all. */
export interface ContainerFilter {
  readonly containerId?: string;
  readonly frameworkId?: string;
  readonly executorId?: string;
  /** Those within others too. Never in the statistics: what they use is part of what the container around them uses. */
  readonly showsNested?: boolean;
  /** Of who may not see all: whether a container is seen, by its id. */
  readonly sees?: (containerId: string) => boolean;
}

/** A container with what it is shown by. */
interface Shown {
  readonly containerId: string;
  /** Of the container around it. */
  readonly parentId?: string;
  readonly frameworkId: string;
  readonly executorId: string;
  /** Of the task whose own it is. */
  readonly taskId?: string;
  readonly name: string;
  readonly source: string;
  readonly container: ContainerCheckpoint | undefined;
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
    return this.render(filter, (shown, statistics) => [
      ['container_id', jsonString(shown.containerId)],
      ...executorMembers(shown),
      ['statistics', statistics],
      ['status', encodeJson(messageTypes.ContainerStatus, statusOf(shown))],
    ]);
  }

  /** Body of `/monitor/statistics`: containers whose use could be read. */
  async statistics(filter: Pick<ContainerFilter, 'sees'> = {}): Promise<string> {
    return this.render(filter, (shown, statistics) =>
      statistics === undefined ? undefined : [...executorMembers(shown), ['statistics', statistics]],
    );
  }

  /** Answer to GET_CONTAINERS: of those within others only their ids, what they are and what they use. */
  async documents(filter: ContainerFilter): Promise<AgentResponseGetContainersContainer[]> {
    return Promise.all(
      this.wanted(filter).map(async (shown) => {
        const usage = await this.usageOf(shown);
        return {
          ...(shown.parentId === undefined ? executorFields(shown) : {}),
          container_id: { value: shown.containerId },
          container_status: statusOf(shown),
          ...(usage === undefined ? {} : { resource_statistics: statisticsDocument(usage) }),
        };
      }),
    );
  }

  /** Items of `/v1/containers`, those within others too. */
  async views(): Promise<ContainerView[]> {
    return Promise.all(
      this.wanted({ showsNested: true }).map(async (shown) => {
        const usage = await this.usageOf(shown);
        const { containerId, parentId, frameworkId, executorId, taskId, name, container } = shown;
        return {
          id: containerId,
          ...(parentId === undefined ? {} : { parentId }),
          ...{ frameworkId, executorId },
          ...(taskId === undefined ? {} : { taskId }),
          ...(name === '' ? {} : { name }),
          ...(container === undefined ? {} : { pid: container.pid }),
          ...(usage === undefined ? {} : { usage: usageView(usage) }),
        };
      }),
    );
  }

  private async render(
    filter: ContainerFilter,
    membersOf: (shown: Shown, statistics: string | undefined) => Member[] | undefined,
  ): Promise<string> {
    const rendered = await Promise.all(
      this.wanted(filter).map(async (shown) => {
        const usage = await this.usageOf(shown);
        return membersOf(shown, usage === undefined ? undefined : statisticsJson(usage));
      }),
    );
    return arrayOf(rendered.flatMap((members) => (members === undefined ? [] : [objectOf(members)])));
  }

  private wanted(filter: ContainerFilter): Shown[] {
    const containers = [...this.state.executors()].map(shownExecutor);
    for (const task of this.state.tasks()) {
      if (isStandingAlone(task)) containers.push(shownTask(task));
      else if (filter.showsNested === true && isNestedTask(task)) containers.push(shownNested(task));
    }
    return containers.filter((shown) => this.live.phaseOf(shown.containerId) === 'running' && isWanted(shown, filter));
  }

  /** @returns undefined for a container that has ended meanwhile or cannot be read */
  private async usageOf({ containerId }: Shown): Promise<ResourceStatistics | undefined> {
    try {
      return await this.containerizer.usage(containerId);
    } catch (error) {
      this.logger.debug('container could not be measured', { containerId, error });
      return undefined;
    }
  }
}

const shownTask = (task: AgentTask): Shown => ({
  containerId: task.containerId,
  frameworkId: task.frameworkId,
  executorId: task.executorId ?? task.taskId,
  taskId: task.taskId,
  name: executorName(task.info),
  source: task.taskId,
  container: task.container,
});

const shownNested = (task: AgentTask): Shown => ({
  ...shownTask(task),
  name: '',
  ...(task.executorContainerId === undefined ? {} : { parentId: task.executorContainerId }),
});

const shownExecutor = ({ containerId, frameworkId, executorId, info, container }: AgentExecutor): Shown => ({
  ...{ containerId, frameworkId, executorId, container },
  name: info.name ?? '',
  source: info.source ?? '',
});

const isWanted = (shown: Shown, { containerId, frameworkId, executorId, sees }: ContainerFilter): boolean =>
  sees?.(shown.containerId) !== false &&
  (containerId === undefined || containerId === shown.containerId) &&
  (frameworkId === undefined || frameworkId === shown.frameworkId) &&
  (executorId === undefined || executorId === shown.executorId);

const executorMembers = (shown: Shown): Member[] => [
  ['executor_id', jsonString(shown.executorId)],
  ['executor_name', jsonString(shown.name)],
  ['framework_id', jsonString(shown.frameworkId)],
  ['source', jsonString(shown.source)],
];

const executorFields = (
  shown: Shown,
): Pick<AgentResponseGetContainersContainer, 'framework_id' | 'executor_id' | 'executor_name'> => ({
  framework_id: { value: shown.frameworkId },
  executor_id: { value: shown.executorId },
  executor_name: shown.name,
});

const statusOf = ({ containerId, parentId, container }: Shown): ContainerStatus => ({
  container_id: { value: containerId, ...(parentId === undefined ? {} : { parent: { value: parentId } }) },
  ...(container === undefined ? {} : { executor_pid: container.pid }),
});
