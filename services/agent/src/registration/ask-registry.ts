import { queueOf, type RegisterAgentRequest, type RegisterAgentResponse, RegisterAgentV1 } from '@tranche/contracts';
import type { MessageBus } from '@tranche/messaging';
import type { Logger, TimerClock } from '@tranche/telemetry';
import type { Ids } from '../ids.port.js';
import type { Questions } from './questions.js';

/** Longest pause between two attempts. @source Mesos 1.11: registration retry interval */
const MAX_BACKOFF_MS = 60_000;

export interface Pace {
  readonly clock: TimerClock;
  readonly ids: Ids;
  /** Before the first repetition the agent waits at most twice this long, then twice as long each time. */
  readonly backoffMs: number;
}

/**
 * Asks the registry to admit the agent, until it is answered.
 *
 * The first attempt is made at once; agents that lose their registry together ask again when their heartbeats are answered, which is
 * spread over the heartbeat interval already. Each pause is a random part of its limit.
 */
export class AskRegistry {
  private abandoned = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly bus: Pick<MessageBus, 'ask' | 'factNumbers'>,
    private readonly describe: () => RegisterAgentRequest,
    private readonly pace: Pace,
    private readonly questions: Questions,
    private readonly logger: Logger,
  ) {}

  /** @returns the answer; undefined when it was abandoned first */
  async ask(): Promise<RegisterAgentResponse | undefined> {
    for (let limitMs = 2 * this.pace.backoffMs; ; limitMs = Math.min(2 * limitMs, MAX_BACKOFF_MS)) {
      if (this.abandoned) return undefined;
      try {
        const request = { ...this.describe(), sent: this.bus.factNumbers(), asked: this.questions.tell() };
        return await this.bus.ask(RegisterAgentV1, queueOf('registry'), request);
      } catch (error) {
        const delayMs = Math.round(this.pace.ids.random() * limitMs);
        this.logger.warn('registry did not answer, will be asked again', { delayMs, error });
        await this.sleep(delayMs);
      }
    }
  }

  /** Stops asking, also in the middle of a pause. */
  abandon(): void {
    this.abandoned = true;
    this.wake();
  }

  private sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.pace.clock.after(delayMs, resolve);
      this.wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
