import { dirname } from 'node:path';
import type { Logger } from '@tranche/telemetry';
import type { Ledger } from '../checkpoint/ledger.js';
import type { ContainerTermination } from '../containerizer/container.js';
import type { Containerizer } from '../containerizer/containerizer.js';
import type { Sandboxes } from '../sandbox/sandboxes.port.js';
import type { Limiter } from '../tasks/limiter.js';
import type { LiveContainers } from '../tasks/live-containers.js';
import type { AgentContainer, ContainerEnd, ContainerLaunch } from './agent-container.js';

/** How many containers are remembered that have ended and that nobody has removed. */
export const MAX_ENDED_CONTAINERS = 1_000;

export interface EndContainerParts {
  readonly ledger: Ledger;
  readonly containerizer: Containerizer;
  readonly sandboxes: Sandboxes;
  readonly live: LiveContainers;
  /** Bounds how many containers are removed at a time. */
  readonly cleanups: Limiter;
  readonly logger: Logger;
}

/**
 * Sees containers of the agent API's to their end, and keeps how they ended until they are removed.
 *
 * One ends with the container around it at the latest. If that was a task's or an executor's it is forgotten then; otherwise with that one.
 */
export class EndContainer {
  /** Those that somebody waits for, by container id. */
  private readonly awaited = new Map<string, PromiseWithResolvers<ContainerEnd>>();

  constructor(private readonly parts: EndContainerParts) {}

  /** Returns at once; the rest happens when the container ends. */
  watch(launch: ContainerLaunch): void {
    const { live } = this.parts;
    live.running(launch);
    void this.follow(launch);
    this.keep(launch);
  }

  /** Sees to it that it ends and is forgotten with the container around it. */
  keep({ containerId, parentId }: ContainerLaunch): void {
    if (parentId === undefined) return;
    const ended = this.parts.live.whenEnded(parentId);
    void ended.then(() => this.endWithParent(containerId, parentId));
  }

  /** How the container ended, when it has. @returns undefined for one that is forgotten meanwhile or was never there */
  async whenEnded(containerId: string): Promise<ContainerEnd | undefined> {
    const container = this.parts.ledger.state.containers.get(containerId);
    if (container === undefined || container.end !== undefined) return container?.end;
    const waiting = this.awaited.get(containerId) ?? Promise.withResolvers<ContainerEnd>();
    this.awaited.set(containerId, waiting);
    return waiting.promise;
  }

  /** Takes up one that was found by a new start of the agent: it runs, or has ended in the meantime. @throws CheckpointFailedError */
  async settle(container: AgentContainer, end: ContainerEnd): Promise<void> {
    const { ledger, live } = this.parts;
    const { containerId } = container;
    await ledger.record({ kind: 'api-container-ended', containerId, end });
    this.answer(containerId, end);
    live.ended(container);
    await this.clear(containerId);
    await this.forgetOldest();
  }

  /**
   * Forgets a container that has ended, those within it, and their sandboxes.
   *
   * @returns when that is on disk. @throws CheckpointFailedError, or the system's error when the sandbox cannot be removed
   */
  async remove({ containerId, sandbox, parentId }: AgentContainer): Promise<void> {
    const { ledger, sandboxes } = this.parts;
    const { containers } = ledger.state;
    for (const inner of containers.within(containerId)) this.answer(inner.containerId, inner.end ?? {});
    await sandboxes.removeAt(sandbox, parentId === undefined ? undefined : sandboxAround(sandbox));
    await ledger.record({ kind: 'api-container-removed', containerId });
  }

  /** Ends all that stand alone, and so what is within them. @returns when they have ended */
  async endAll(): Promise<void> {
    const { ledger, live } = this.parts;
    const standing = [...ledger.state.containers.all].filter(
      ({ parentId, end }) => parentId === undefined && end === undefined,
    );
    await Promise.all(
      standing.map(async (container) => {
        live.abandon(container);
        await this.kill(container.containerId);
        await live.whenEnded(container.containerId);
      }),
    );
  }

  private async follow(launch: ContainerLaunch): Promise<void> {
    const { ledger, logger } = this.parts;
    const { containerId } = launch;
    const { waitStatus, limitation } = await this.terminationOf(containerId);
    const container = ledger.state.containers.get(containerId);
    if (container === undefined) return;
    try {
      await this.settle(container, {
        ...(waitStatus === undefined ? {} : { waitStatus }),
        ...(limitation === undefined ? {} : { limitation }),
      });
      logger.info('container ended', { containerId, status: waitStatus });
    } catch (error) {
      // The container keeps its exit status for the agent's next start.
      logger.warn('end of container could not be written down', { containerId, error });
    }
  }

  private async terminationOf(containerId: string): Promise<ContainerTermination> {
    try {
      return await this.parts.containerizer.termination(containerId);
    } catch (error) {
      this.parts.logger.error('container could not be waited for', { containerId, error });
      await this.clear(containerId);
      return {};
    }
  }

  private async endWithParent(containerId: string, parentId: string): Promise<void> {
    const { ledger, live } = this.parts;
    const { containers } = ledger.state;
    if (containers.get(containerId)?.end === undefined) await this.kill(containerId);
    await live.whenEnded(containerId);
    // Below another of the agent API's it is kept for as long as that one is.
    if (containers.get(parentId) === undefined) ledger.note({ kind: 'api-container-removed', containerId });
  }

  private async kill(containerId: string): Promise<void> {
    try {
      await this.parts.containerizer.kill(containerId, 'SIGKILL');
    } catch (error) {
      this.parts.logger.debug('container is gone already', { containerId, error });
    }
  }

  private answer(containerId: string, end: ContainerEnd): void {
    this.awaited.get(containerId)?.resolve(end);
    this.awaited.delete(containerId);
  }

  /** What is left over by a failure is removed when the agent starts the next time. */
  private async clear(containerId: string): Promise<void> {
    const { cleanups, containerizer, logger } = this.parts;
    try {
      await cleanups.run(() => containerizer.remove(containerId));
    } catch (error) {
      logger.error('container could not be removed', { containerId, error });
    }
  }

  private async forgetOldest(): Promise<void> {
    const ended = [...this.parts.ledger.state.containers.all].filter(({ end }) => end !== undefined);
    for (const container of ended.slice(0, Math.max(0, ended.length - MAX_ENDED_CONTAINERS))) {
      await this.remove(container);
    }
  }
}

/** The sandbox that a nested container's is in, by its `containers` folder. */
const sandboxAround = (sandbox: string): string => dirname(dirname(sandbox));
