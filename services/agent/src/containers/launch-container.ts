import { join } from 'node:path';
import type { CommandInfo, ContainerID, ContainerInfo, Resource, ValueScalar } from '@tranche/mesos-api';
import type { Clock, Logger } from '@tranche/telemetry';
import type { AgentCounts } from '../agent-counts.js';
import type { Ledger } from '../checkpoint/ledger.js';
import type { ContainerCheckpoint, Containerizer } from '../containerizer/containerizer.js';
import type { Fetcher } from '../fetcher/fetcher.js';
import { withImages } from '../images/container-images.js';
import type { ProvideImages } from '../images/provide-images.js';
import type { Ids } from '../ids.port.js';
import { type AgentPaths, NESTED_SANDBOXES } from '../paths.js';
import type { Sandboxes } from '../sandbox/sandboxes.port.js';
import type { Limiter } from '../tasks/limiter.js';
import type { LiveContainers } from '../tasks/live-containers.js';
import type { RunContainerOptions } from '../tasks/run-container.js';
import { type ContainerLaunch, containerName } from './agent-container.js';
import { containerConfig } from './container-config.js';
import type { EndContainer } from './end-container.js';
import type { ParentContainer, ParentContainers } from './parent-containers.js';
import { refuseContainer } from './refuse-container.js';

/** What a client asks for. */
export interface ContainerRequest {
  readonly id: ContainerID;
  readonly command: CommandInfo;
  readonly container?: ContainerInfo;
  readonly resources?: readonly Resource[];
  readonly limits?: Readonly<Record<string, ValueScalar>>;
}

/** `known`: one of that name is there, or on its way · `unable`: this agent takes on nothing now. */
export type ContainerLaunched =
  | { readonly ok: true; readonly isNew: boolean }
  | { readonly ok: false; readonly reason: 'refused' | 'unable'; readonly message: string };

export interface LaunchContainerParts {
  readonly ledger: Ledger;
  readonly containerizer: Containerizer;
  readonly sandboxes: Sandboxes;
  readonly paths: AgentPaths;
  readonly live: LiveContainers;
  readonly parents: ParentContainers;
  readonly ends: EndContainer;
  readonly fetcher: Pick<Fetcher, 'fetch'>;
  readonly provideImages: ProvideImages;
  readonly options: Pick<RunContainerOptions, 'switchUser' | 'agentUser' | 'workDir' | 'enforceCpuRequest'>;
  /** Bounds how many containers are brought up at a time. */
  readonly launches: Limiter;
  readonly isStopping: () => boolean;
  readonly counts: AgentCounts;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
}

/**
 * Launches a container that is no task's: in another one, or by itself.
 *
 * As with tasks, its process runs its first instruction only after its pid is on disk. Its client is answered when it runs and that is on disk
 * too: what was being launched when an agent died is removed by the next, and nobody was told that it ran.
 */
export class LaunchContainer {
  constructor(private readonly parts: LaunchContainerParts) {}

  /** @returns when it runs, or why not. @throws CheckpointFailedError */
  async launch(request: ContainerRequest): Promise<ContainerLaunched> {
    const { ledger, parents, isStopping } = this.parts;
    const name = containerName(request.id);
    const known = ledger.state.containers.named(name);
    if (known !== undefined) {
      return known.end === undefined
        ? { ok: true, isNew: false }
        : no('refused', `Container ${name} has ended and was not removed`);
    }
    if (isStopping()) return no('unable', 'Agent is stopping');
    if (ledger.shortage !== undefined) return no('unable', `Container cannot be checkpointed: ${ledger.shortage}`);
    const fault = refuseContainer(request);
    if (fault !== undefined) return no('refused', fault);
    const { parent: parentId } = request.id;
    const parent = parentId && parents.find(parentId);
    if (parentId !== undefined && parent === undefined) {
      return no('refused', `Parent container ${containerName(parentId)} does not exist`);
    }
    return this.takeOver(this.launchOf(request, parent), parent);
  }

  private launchOf(request: ContainerRequest, parent: ParentContainer | undefined): ContainerLaunch {
    const { paths, options, ids, clock } = this.parts;
    const { id, command } = request;
    const user = options.switchUser ? (command.user ?? parent?.user ?? options.agentUser) : options.agentUser;
    const sandbox =
      parent === undefined ? paths.standaloneSandbox(id.value) : join(parent.sandbox, NESTED_SANDBOXES, id.value);
    return {
      ...request,
      ...{ containerId: ids.uuid(), user, sandbox, launchedAtMs: clock.nowMs() },
      ...(parent === undefined ? {} : { parentId: parent.containerId }),
    };
  }

  private async takeOver(launch: ContainerLaunch, parent: ParentContainer | undefined): Promise<ContainerLaunched> {
    const { ledger, live, launches, logger } = this.parts;
    const { containerId } = launch;
    live.prepare(launch);
    const safe = ledger.record({ kind: 'api-container', launch });
    try {
      await launches.run(() => this.bringUp(launch, parent, safe));
      logger.info('container launched', { containerId, name: containerName(launch.id) });
      return { ok: true, isNew: true };
    } catch (error) {
      await this.giveUp(launch, parent);
      return no('refused', `Failed to launch container: ${(error as Error).message}`);
    }
  }

  private async bringUp(
    launch: ContainerLaunch,
    parent: ParentContainer | undefined,
    safe: Promise<void>,
  ): Promise<void> {
    const { ledger, live, containerizer, sandboxes, options, ends } = this.parts;
    const { containerId, sandbox, user } = launch;
    await sandboxes.makeAt(sandbox, user, parent?.sandbox);
    const parentSandbox = parent === undefined ? {} : { parentSandbox: parent.sandbox };
    const plain = containerConfig(launch, { ...options, ...parentSandbox });
    const images = await this.parts.provideImages(launch);
    let container: ContainerCheckpoint;
    try {
      const config = images === undefined ? plain : withImages(plain, launch.command, images);
      container = await containerizer.create(config);
    } finally {
      images?.release();
    }
    await safe;
    await ledger.record({ kind: 'api-container-created', containerId, container });
    await this.fetchUris(launch);
    if (live.signalOf(containerId)?.aborted === true) throw new Error('it was killed while it was being launched');
    live.starting(launch);
    await containerizer.start(containerId);
    ends.watch(launch);
    await ledger.record({ kind: 'api-container-started', containerId });
  }

  private async fetchUris({ containerId, command, sandbox, user }: ContainerLaunch): Promise<void> {
    const { live, launches, fetcher } = this.parts;
    const { uris = [] } = command;
    if (uris.length === 0) return;
    const signal = live.signalOf(containerId);
    const onProgress = (): void => undefined;
    await launches.outside(() =>
      fetcher.fetch({ containerId, uris, sandbox, user, onProgress, ...(signal && { signal }) }),
    );
  }

  /** What is left over by a failure is removed when the agent starts the next time. */
  private async giveUp(launch: ContainerLaunch, parent: ParentContainer | undefined): Promise<void> {
    const { ledger, live, containerizer, sandboxes, counts, logger } = this.parts;
    const { containerId, sandbox } = launch;
    counts.launchErrors += 1;
    try {
      await containerizer.remove(containerId);
      await sandboxes.removeAt(sandbox, parent?.sandbox);
    } catch (error) {
      logger.error('container could not be removed', { containerId, error });
    }
    ledger.note({ kind: 'api-container-removed', containerId });
    live.ended(launch);
  }
}

const no = (reason: 'refused' | 'unable', message: string): ContainerLaunched => ({ ok: false, reason, message });
