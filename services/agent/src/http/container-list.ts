import { arrayOf, encodeJson, jsonString, type Member, messageTypes, objectOf } from '@tranche/mesos-api';
import type { Logger } from '@tranche/telemetry';
import type { AgentState } from '../checkpoint/agent-state.js';
import type { ContainerCheckpoint, Containerizer } from '../containerizer/containerizer.js';
import { type AgentExecutor, isNestedTask, isStandingAlone } from '../executors/agent-executor.js';
import type { AgentTask } from '../tasks/agent-task.js';
import { executorName } from '../tasks/command/command-task.js';
import type { LiveContainers } from '../tasks/live-containers.js';
import { statisticsJson } from './statistics-json.js';

/** Which containers are asked for; every absent member means all. */
export interface ContainerFilter {
  readonly containerId?: string;
  readonly frameworkId?: string;
  readonly executorId?: string;
  /** Those within others too. Never in the statistics: what they use is part of what the container around them uses. */
  readonly showsNested?: boolean;
}

/** A container with what it is shown by. */
interface Shown {
  readonly containerId: string;
  /** Of the container around it. */
  readonly parentId?: string;
  readonly frameworkId: string;
  readonly executorId: string;
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
      ['status', statusOf(shown)],
    ]);
  }

  /** Body of `/monitor/statistics`: containers whose use could be read. */
  async statistics(): Promise<string> {
    return this.render({}, (shown, statistics) =>
      statistics === undefined ? undefined : [...executorMembers(shown), ['statistics', statistics]],
    );
  }

  private async render(
    filter: ContainerFilter,
    membersOf: (shown: Shown, statistics: string | undefined) => Member[] | undefined,
  ): Promise<string> {
    const containers = [...this.state.executors()].map(shownExecutor);
    for (const task of this.state.tasks()) {
      if (isStandingAlone(task)) containers.push(shownTask(task));
      else if (filter.showsNested === true && isNestedTask(task)) containers.push(shownNested(task));
    }
    const wanted = containers.filter(
      (shown) => this.live.phaseOf(shown.containerId) === 'running' && isWanted(shown, filter),
    );
    const rendered = await Promise.all(wanted.map(async (shown) => membersOf(shown, await this.usageOf(shown))));
    return arrayOf(rendered.flatMap((members) => (members === undefined ? [] : [objectOf(members)])));
  }

  /** @returns undefined for a container that has ended meanwhile or cannot be read */
  private async usageOf({ containerId }: Shown): Promise<string | undefined> {
    try {
      return statisticsJson(await this.containerizer.usage(containerId));
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

const isWanted = (shown: Shown, { containerId, frameworkId, executorId }: ContainerFilter): boolean =>
  (containerId === undefined || containerId === shown.containerId) &&
  (frameworkId === undefined || frameworkId === shown.frameworkId) &&
  (executorId === undefined || executorId === shown.executorId);

const executorMembers = (shown: Shown): Member[] => [
  ['executor_id', jsonString(shown.executorId)],
  ['executor_name', jsonString(shown.name)],
  ['framework_id', jsonString(shown.frameworkId)],
  ['source', jsonString(shown.source)],
];

const statusOf = ({ containerId, parentId, container }: Shown): string =>
  encodeJson(messageTypes.ContainerStatus, {
    container_id: { value: containerId, ...(parentId === undefined ? {} : { parent: { value: parentId } }) },
    ...(container === undefined ? {} : { executor_pid: container.pid }),
  });
