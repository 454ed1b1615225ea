import { AgentHeartbeatV1, queueOf } from '@tranche/contracts';
import type { MessageBus } from '@tranche/messaging';
import type { CancelTimer, Logger, TimerClock } from '@tranche/telemetry';

/** Tells the registry at even intervals that the agent lives. */
export class Heartbeat {
  private cancel: CancelTimer = () => undefined;

  constructor(
    private readonly bus: Pick<MessageBus, 'send'>,
    private readonly clock: TimerClock,
    private readonly logger: Logger,
  ) {}

  /** Replaces an interval that was begun before. The first heartbeat is due after one interval: a registration is one itself. */
  start(agentId: string, intervalMs: number): void {
    this.stop();
    this.cancel = this.clock.after(intervalMs, () => {
      this.start(agentId, intervalMs);
      this.bus.send(AgentHeartbeatV1, queueOf('registry'), [{ agentId }]).catch((error: unknown) => {
        this.logger.warn('heartbeat was not taken', { agentId, error });
      });
    });
  }

  stop(): void {
    this.cancel();
  }
}
