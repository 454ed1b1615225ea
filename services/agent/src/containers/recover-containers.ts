import type { Logger } from '@tranche/telemetry';
import type { Ledger } from '../checkpoint/ledger.js';
import type { RecoveredContainer } from '../containerizer/containerizer.js';
import type { AgentContainer } from './agent-container.js';
import type { EndContainer } from './end-container.js';

/**
 * Takes up the containers of the agent API's that the agent before has left: those that run are watched again, those that ended meanwhile keep
 * their exit status. What was still being launched is forgotten: its client's connection went with the agent.
 */
export class RecoverContainers {
  constructor(
    private readonly ledger: Ledger,
    private readonly ends: EndContainer,
    private readonly remove: (containerId: string) => Promise<void>,
    private readonly logger: Logger,
  ) {}

  /** Call once the tasks and executors were found again: what ends with one of them does. @throws CheckpointFailedError */
  async recover(found: ReadonlyMap<string, RecoveredContainer>): Promise<void> {
    for (const container of [...this.ledger.state.containers.all]) {
      if (container.end === undefined) await this.recoverOne(container, found.get(container.containerId));
      else this.ends.keep(container);
    }
  }

  private async recoverOne(container: AgentContainer, found: RecoveredContainer | undefined): Promise<void> {
    const { containerId, isStarted } = container;
    if (found?.state === 'ended') {
      const { waitStatus, limitation } = found.termination;
      this.logger.info('container has ended meanwhile', { containerId, status: waitStatus });
      await this.ends.settle(container, {
        ...(waitStatus === undefined ? {} : { waitStatus }),
        ...(limitation === undefined ? {} : { limitation }),
      });
      this.ends.keep(container);
    } else if (isStarted !== true) {
      if (found?.state === 'running') await this.remove(containerId);
      // With its sandbox: its client may launch another of that name.
      await this.ends.remove(container);
    } else if (found?.state === 'running') {
      this.logger.info('container found again', { containerId });
      this.ends.watch(container);
    } else {
      await this.ends.settle(container, {});
      this.ends.keep(container);
    }
  }
}
