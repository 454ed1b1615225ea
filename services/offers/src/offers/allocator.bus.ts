import {
  type AgentUsage,
  AgentUsageV1,
  type AnswerInverseOffers,
  AnswerInverseOffersV1,
  type ConvertFree,
  ConvertFreeV1,
  type FreeConversion,
  queueOf,
  type RecoverResources,
  RecoverResourcesV1,
  type ReviveOffers,
  ReviveOffersV1,
  type UpdateAllocation,
  UpdateAllocationV1,
} from '@tranche/contracts';
import type { MessageBus } from '@tranche/messaging';
import type { Logger, TimerClock } from '@tranche/telemetry';
import type { Allocator } from './allocator.port.js';

const QUEUE = queueOf('allocator');

/** After a message could not be sent, the agents' usage is told this much later, until it can be. */
const RETRY_DELAY_MS = 1_000;

/**
 * Sends to the allocator's queue.
 *
 * A recovery that the broker did not take would leak resources. It is not sent again by itself: another life of the allocator may have
 * learnt the same from a snapshot. The agent's whole usage, which says the same and cannot be wrong twice, is told instead.
 */
export class AllocatorBus implements Allocator {
  private readonly outdated = new Set<string>();
  private isRetrying = false;
  /** Agents on which the allocator is asked to convert something just now: how often. */
  private readonly asking = new Map<string, number>();

  /** @param usageOf what is held on an agent at the time of the call */
  constructor(
    private readonly bus: Pick<MessageBus, 'send' | 'ask'>,
    private readonly clock: TimerClock,
    private readonly logger: Logger,
    private readonly usageOf: (agentId: string) => AgentUsage,
  ) {}

  recover(item: RecoverResources): void {
    this.bus.send(RecoverResourcesV1, QUEUE, [item]).catch((error: unknown) => this.failed(item.agentId, error));
  }

  /** @param items all of one agent */
  convert(items: readonly UpdateAllocation[]): void {
    const [first] = items;
    if (first === undefined) return;
    this.bus.send(UpdateAllocationV1, QUEUE, items).catch((error: unknown) => this.failed(first.agentId, error));
  }

  /** A lost revival costs the framework the time that its filters still have; it may ask again. */
  revive(item: ReviveOffers): void {
    this.bus.send(ReviveOffersV1, QUEUE, [item]).catch((error: unknown) => {
      this.logger.warn('revival not sent', { frameworkId: item.frameworkId, error });
    });
  }

  /** A lost answer costs the framework one more inverse offer, at the next life of the allocator or change of the window. */
  answerInverseOffer(item: AnswerInverseOffers): void {
    this.bus.send(AnswerInverseOffersV1, QUEUE, [item]).catch((error: unknown) => {
      this.logger.warn('answer to an inverse offer not sent', { ...item, error });
    });
  }

  async convertFree(item: ConvertFree): Promise<FreeConversion> {
    this.asking.set(item.agentId, (this.asking.get(item.agentId) ?? 0) + 1);
    try {
      return await this.bus.ask(ConvertFreeV1, QUEUE, item);
    } catch (error) {
      // It may have been done all the same.
      this.failed(item.agentId, error);
      throw error;
    } finally {
      const others = (this.asking.get(item.agentId) ?? 1) - 1;
      if (others === 0) this.asking.delete(item.agentId);
      else this.asking.set(item.agentId, others);
    }
  }

  usage(item: AgentUsage): void {
    // It is of before the conversion, and would undo it.
    if (this.asking.has(item.agentId)) {
      this.failed(item.agentId, undefined);
      return;
    }
    this.bus.send(AgentUsageV1, QUEUE, [item]).catch((error: unknown) => this.failed(item.agentId, error));
  }

  private failed(agentId: string, error: unknown): void {
    if (this.outdated.size === 0 && error !== undefined)
      this.logger.warn('allocator not reached, its agents will be told again', { error });
    this.outdated.add(agentId);
    if (this.isRetrying) return;
    this.isRetrying = true;
    this.clock.after(RETRY_DELAY_MS, () => this.retry());
  }

  private retry(): void {
    this.isRetrying = false;
    const agentIds = [...this.outdated];
    this.outdated.clear();
    for (const agentId of agentIds) this.usage(this.usageOf(agentId));
  }
}
