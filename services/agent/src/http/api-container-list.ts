import type { ContainerView } from '@tranche/contracts';
import type { AgentResponseGetContainersContainer, ContainerID } from '@tranche/mesos-api';
import type { Logger, Clock } from '@tranche/telemetry';
import type { Containerizer, ResourceStatistics } from '../containerizer/containerizer.js';
import { type AgentContainer, rootOf } from '../containers/agent-container.js';
import type { ContainerBook } from '../containers/container-book.js';
import type { Session } from '../sessions/session.js';
import type { Sessions } from '../sessions/sessions.js';
import { usageView } from './container-usage-view.js';
import { statisticsDocument } from './statistics-json.js';

/** Which of them are asked for. */
export interface ApiContainerFilter {
  readonly showsNested: boolean;
  readonly showsStandalone: boolean;
}

interface Shown {
  readonly id: ContainerID;
  /** First process; absent when it has ended or is not known. */
  readonly pid: number | undefined;
  /** By which the containerizer measures it; absent when it has ended. */
  readonly measuredAs: string | undefined;
}

/**
 * Containers of the agent API's and sessions, in GET_CONTAINERS: until they are removed, those that have ended too, with nothing but the time.
 *
 * @source recorded agent answers: GET_CONTAINERS with show_nested and show_standalone
 */
export class ApiContainerList {
  constructor(
    private readonly book: ContainerBook,
    private readonly sessions: Sessions,
    private readonly containerizer: Pick<Containerizer, 'usage'>,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  async documents(filter: ApiContainerFilter): Promise<AgentResponseGetContainersContainer[]> {
    const shown = this.shown().filter(({ id }) => this.isWanted(id, filter));
    return Promise.all(
      shown.map(async ({ id, pid, measuredAs }) => ({
        container_id: { value: id.value },
        container_status: { container_id: id, ...(pid === undefined ? {} : { executor_pid: pid }) },
        resource_statistics: statisticsDocument(await this.usageOf(measuredAs)),
      })),
    );
  }

  /** Items of `/v1/containers`: those that run. */
  async views(): Promise<ContainerView[]> {
    const views = this.shown().map(async ({ id, pid, measuredAs }): Promise<ContainerView[]> => {
      if (measuredAs === undefined) return [];
      const view = { id: id.value, ...(id.parent === undefined ? {} : { parentId: id.parent.value }) };
      return [{ ...view, ...(pid === undefined ? {} : { pid }), usage: usageView(await this.usageOf(measuredAs)) }];
    });
    return (await Promise.all(views)).flat();
  }

  private shown(): Shown[] {
    return [
      ...[...this.book.all].map(shownContainer),
      ...[...this.sessions.all].map(([, session]) => shownSession(session)),
    ];
  }

  /** One within a container that stands alone is shown with that one only. */
  private isWanted(id: ContainerID, { showsNested, showsStandalone }: ApiContainerFilter): boolean {
    const root = rootOf(id);
    const standsAlone = this.book.named(root.value) !== undefined;
    return (showsNested || id.parent === undefined) && (showsStandalone || !standsAlone);
  }

  private async usageOf(measuredAs: string | undefined): Promise<ResourceStatistics> {
    const nothing = { timestampSeconds: this.clock.nowMs() / 1000 };
    if (measuredAs === undefined) return nothing;
    try {
      return await this.containerizer.usage(measuredAs);
    } catch (error) {
      this.logger.debug('container could not be measured', { containerId: measuredAs, error });
      return nothing;
    }
  }
}

const shownContainer = ({ id, containerId, checkpoint, isStarted, end }: AgentContainer): Shown => {
  const runs = isStarted === true && end === undefined;
  return { id, pid: runs ? checkpoint?.pid : undefined, measuredAs: runs ? containerId : undefined };
};

const shownSession = ({ command, isOver }: Session): Shown => ({
  id: command.id,
  pid: undefined,
  measuredAs: isOver ? undefined : command.group.id,
});
